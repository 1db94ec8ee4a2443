// Follows a sandbox's log to its end and says what it saw, as JSON, on standard output.
//
//   node follow.mjs NAME [OPTIONS]
//
// With `resume` among the options it goes on after a missed rotation, from the error's cursor.
import { MissedRotation, Sandbox } from "@silt/sandbox";

const [name = "", text = "{}"] = process.argv.slice(2);
const { resume, ...options } = JSON.parse(text);
const handle = await Sandbox.get(name);
const seen = { entries: 0, lost: 0, repeated: 0, wrong: 0, gaps: [], missed: 0, reason: undefined };
let next = 1;

async function follow(from) {
  const stream = await handle.logStream({ follow: true, ...options, ...from });
  process.stderr.write("following\n");
  for await (const entry of stream) {
    if (entry.type === "gap") {
      seen.gaps.push(entry.toJSON());
      seen.lost += entry.lost ?? Number.NaN;
      next = entry.to + 1;
      continue;
    }
    if (entry.sequence < next) seen.repeated += 1;
    else seen.wrong += entry.sequence - next;
    if (entry.line !== `line ${entry.sequence - 1}`) seen.wrong += 1;
    next = entry.sequence + 1;
    seen.entries += 1;
  }
  seen.reason = stream.end?.reason;
}

let from = {};
for (;;) {
  try {
    await follow(from);
    break;
  } catch (error) {
    if (!(error instanceof MissedRotation) || !resume) throw error;
    seen.missed += 1;
    for (const gap of error.gaps) {
      seen.gaps.push(gap);
      seen.lost += gap.lost;
      if (gap.from !== next) seen.wrong += 1;
      next = gap.to + 1;
    }
    from = { fromCursor: error.resumeCursor };
  }
}
process.stdout.write(JSON.stringify(seen));
