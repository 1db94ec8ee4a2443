/** @param {string} text @param {string} indent */
export function comment(text, indent) {
  return `${indent}/** ${text} */`;
}
