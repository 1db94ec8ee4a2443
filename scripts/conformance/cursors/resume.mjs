// Has a client go on from a cursor: what comes has to be what its first reader had not been handed.
import { Check, Difference, ensure } from "../check.mjs";
import { itemsOf } from "../delivered.mjs";
import { expectation } from "../model/expect.mjs";
import { folderOf, manifestOf, startOf } from "../play.mjs";

let streams = 0;

/**
 * @param {import("../agent.mjs").Agent} agent
 * @param {string} way
 * @param {Pick<import("./save.mjs").Saved, "fixture" | "cursor" | "options" | "after">} saved
 */
export async function resumeFrom(agent, way, { fixture, cursor, options, after }) {
  const manifest = await manifestOf(fixture);
  // A log that is not read is carried through as it stands.
  const start = { ...startOf({ fromCursor: cursor }), ...after };
  const check = new Check(manifest, expectation(manifest, options, start));
  streams += 1;
  const stream = `resume ${streams}`;
  const folder = folderOf(fixture);
  const resumed = { ...options, fromCursor: cursor };
  await agent.ask("open", { way, stream, folder, options: resumed });
  try {
    const answer = await agent.ask("read", { way, stream, count: null });
    if (answer.error) throw new Difference(`${answer.error.code}: ${answer.error.message}`);
    check.take(itemsOf(way, answer) ?? []);
    ensure(answer.ended, "the stream has not ended");
    check.complete();
    check.end(answer.end);
    check.cursor(answer.position);
  } finally {
    await agent.ask("close", { way, stream });
  }
}
