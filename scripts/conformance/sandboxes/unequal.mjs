/**
 * Where clients answer differently what a case leaves open.
 *
 * @param {{ client: string, answers: import("../run.mjs").Answers }[]} results
 * @returns {import("../run.mjs").Failure[]}
 */
export function unequalAnswers(results) {
  /** @type {Map<string, { client: string, way: string, answers: any[] }>} */
  const firsts = new Map();
  const failures = [];
  for (const { client, answers } of results) {
    for (const [key, found] of answers) {
      const [name = "", way = ""] = key.split("\t");
      const first = firsts.get(name);
      if (!first) {
        firsts.set(name, { client, way, answers: found });
        continue;
      }
      const at = found.findIndex(
        (answer, i) => JSON.stringify(answer) !== JSON.stringify(first.answers[i]),
      );
      if (at < 0) continue;
      const [a, b] = [found, first.answers].map((all) => JSON.stringify(all[at])?.slice(0, 900));
      const why = `step ${at + 1} is ${a}, but for ${first.client} (${first.way}) ${b}`;
      failures.push({ client, way, batch: 0, name, why });
    }
  }
  return failures;
}
