/**
 * Whether what was found is as a case has it: of objects the keys that it names, all of lists. `{"matches": "…"}` is
 * text of this form, `{"given": true}` anything but null, `{"includes": […]}` a list with these in it.
 *
 * @param {any} found
 * @param {any} wanted
 * @param {string} [path]
 * @returns {string | null} where it is not
 */
export function matches(found, wanted, path = "") {
  const otherwise = () =>
    `${path || "the answer"} is ${JSON.stringify(found)?.slice(0, 600)}, expected is ${JSON.stringify(wanted)?.slice(0, 300)}`;
  if (wanted === null || typeof wanted !== "object") return found === wanted ? null : otherwise();
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return otherwise();
    return first(wanted.map((one, i) => matches(found[i], one, `${path}[${i}]`)));
  }
  if (typeof wanted.matches === "string")
    return typeof found === "string" && new RegExp(wanted.matches).test(found) ? null : otherwise();
  if (wanted.given === true) return found === null || found === undefined ? otherwise() : null;
  if (Array.isArray(wanted.includes)) {
    const holds = wanted.includes.every((/** @type {any} */ one) =>
      found?.some?.((/** @type {any} */ candidate) => matches(candidate, one) === null),
    );
    return holds ? null : otherwise();
  }
  if (found === null || typeof found !== "object") return otherwise();
  return first(
    Object.entries(wanted).map(([key, value]) => matches(found[key], value, `${path}.${key}`)),
  );
}

/** @param {(string | null)[]} all */
function first(all) {
  return all.find((why) => why !== null) ?? null;
}
