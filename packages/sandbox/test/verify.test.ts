import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Corruption, LogDirectory, MissedRotation } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

test("a log folder is read and checked without its sandbox", async () => {
  const sandbox = await plainSandbox();
  await sandbox.exec("seq", ["1000"]);
  expect(await sandbox.verify()).toMatchObject({ whole: true, writer: "running" });
  await sandbox.stop();
  const folder = join(home.path, "sandboxes", sandbox.name, "logs");
  const logs = await LogDirectory.open(folder);
  expect((await logs.logs({ tail: 1 }))[0]?.line).toBe("1000");
  expect(await logs.verify()).toMatchObject({
    whole: true,
    writer: "stopped",
    damage: [],
    sessions: { checked: 1, notHeld: 0 },
  });

  const [segment = ""] = (await readdir(folder)).filter((name) => name.startsWith("exec.log.0"));
  const text = await readFile(join(folder, segment), "utf8");
  await writeFile(join(folder, segment), text.replace('"d":"500\\n"', '"d":"501\\n"'));
  const error = await logs.verify().catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Corruption);
  expect(error).toMatchObject({
    code: "Corruption",
    path: folder,
    report: { whole: false, damage: expect.arrayContaining([expect.anything()]) },
  });
});

test("one flipped bit in the middle: verify names its entry, a reader reports it and goes on, or ends", async () => {
  const sandbox = await plainSandbox();
  await sandbox.exec("seq", ["1000"]);
  await sandbox.stop();
  const folder = join(home.path, "sandboxes", sandbox.name, "logs");
  const [name = ""] = (await readdir(folder)).filter((name) => name.startsWith("exec.log.0"));
  const bytes = await readFile(join(folder, name));
  const start = bytes.lastIndexOf(0x0a, bytes.indexOf('"n":500,')) + 1;
  bytes[start] = (bytes[start] as number) ^ 2;
  await writeFile(join(folder, name), bytes);

  const logs = await LogDirectory.open(folder);
  const { report } = (await logs.verify().catch((error: unknown) => error)) as Corruption;
  const holds = ({ from, to }: { from: number | null; to: number | null }) =>
    from !== null && to !== null && from <= 500 && 500 <= to;
  expect(report?.damage.some(holds)).toBe(true);

  const told = [];
  const reporting = await logs.logStream({ onGap: "report", digest: true });
  for await (const item of reporting) told.push(item.type === "gap" ? item.reason : item.line);
  const all = Array.from({ length: 1000 }, (_, index) => String(index + 1));
  expect(told).toEqual(all.with(499, "damage"));
  expect(reporting.end?.sessions).toMatchObject([{ complete: false }]);

  const ending = await logs.logStream();
  const read: string[] = [];
  const error = await (async () => {
    for await (const entry of ending) read.push(entry.line);
  })().catch((error: unknown) => error);
  expect(read).toEqual(all.slice(0, 499));
  expect(error).toBeInstanceOf(MissedRotation);
  expect(error).toMatchObject({ gaps: [{ from: 500, to: 500, lost: 1, reason: "damage" }] });
});
