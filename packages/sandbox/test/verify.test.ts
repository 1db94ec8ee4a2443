import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Corruption, LogDirectory } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

test("a log folder is read and checked without its sandbox", async () => {
  const sandbox = await plainSandbox();
  await sandbox.exec("seq", ["1000"]);
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
