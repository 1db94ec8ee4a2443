// Writes what its seed says on both streams, and leaves in a file what that was: node program.mjs SEED BYTES FILE
import { createHash } from "node:crypto";
import { writeFileSync, writeSync } from "node:fs";
import { Random } from "./random.mjs";

const [seed = "0", bytes = "0", file = ""] = process.argv.slice(2);
const random = new Random(Number(seed));
const streams = [1, 2].map((descriptor) => ({ descriptor, hash: createHash("sha256"), bytes: 0 }));

/** Lines, text without a line's end, or bytes that are no text at all. */
function portion() {
  const length = random.between(0, random.chance(0.05) ? 200_000 : 4_000);
  const noise = random.chance(0.2);
  const lineEvery = random.between(20, 400);
  return Buffer.from(
    Array.from({ length }, (_, i) => {
      if (noise) return random.between(0, 255);
      return i % lineEvery === lineEvery - 1 ? 0x0a : random.between(0x20, 0x7e);
    }),
  );
}

for (let left = Number(bytes); left > 0; ) {
  const stream = streams[random.between(0, 1)];
  if (!stream) continue;
  const data = portion();
  for (let rest = data; rest.length > 0; ) {
    rest = rest.subarray(writeSync(stream.descriptor, rest));
  }
  stream.hash.update(data);
  stream.bytes += data.length;
  left -= data.length;
}
const written = streams.map(({ hash, bytes }) => ({ bytes, sha256: hash.digest("hex") }));
writeFileSync(file, JSON.stringify({ stdout: written[0], stderr: written[1] }));
