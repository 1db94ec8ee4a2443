import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

test("what is written is read, inside and outside", async () => {
  await using sandbox = await plainSandbox();
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 256);
  await sandbox.files.write("deep/down/data.bin", bytes);
  expect(new Uint8Array(await sandbox.files.read("deep/down/data.bin"))).toEqual(bytes);
  await sandbox.files.write("note.txt", "h\u00e9llo");
  expect(await sandbox.files.readText("note.txt")).toBe("h\u00e9llo");
  expect((await sandbox.exec("cat", ["note.txt"])).stdout).toBe("h\u00e9llo");
  expect(
    (await sandbox.files.list()).map(({ name, kind, size }) => ({ name, kind, size })),
  ).toEqual([
    { name: "deep", kind: "folder", size: expect.any(Number) },
    { name: "note.txt", kind: "file", size: 6 },
  ]);
  await sandbox.files.remove("deep");
  await sandbox.stop();
  const { files } = await Sandbox.get(sandbox.name);
  expect((await files.list()).map((file) => file.name)).toEqual(["note.txt"]);
  await expect(files.read("deep/down/data.bin")).rejects.toMatchObject({ code: "NotFound" });
});

test("no path and no link leads out", async () => {
  await using sandbox = await plainSandbox();
  const secret = join(home.path, "secret");
  await writeFile(secret, "secret");
  await symlink(secret, join(sandbox.info.workdir, "link"));
  await symlink("/", join(sandbox.info.workdir, "root"));
  for (const path of [
    "link",
    `root${secret}`,
    `../../../../${secret}`,
    secret,
    "../sandbox.json",
  ]) {
    const read = await sandbox.files.readText(path).catch((error) => error.name);
    expect(read, path).not.toBe("secret");
    await sandbox.files.write(path, "changed").catch(() => {});
  }
  expect(await (await import("node:fs/promises")).readFile(secret, "utf8")).toBe("secret");
});

test("what is no text and no bytes is not written", async () => {
  await using sandbox = await plainSandbox();
  for (const data of [undefined, null, 5, new ArrayBuffer(3), new Uint16Array(3), ["a"]]) {
    await expect(sandbox.files.write("x", data as never)).rejects.toMatchObject({
      code: "InvalidArgument",
      option: "data",
    });
  }
  expect(await sandbox.files.list()).toEqual([]);
});

test("a link is replaced by a write, and what it led to stays", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.files.write("target", "old");
  await symlink("target", join(sandbox.info.workdir, "link"));
  await sandbox.files.write("link", "new");
  expect(await sandbox.files.readText("link")).toBe("new");
  expect(await sandbox.files.readText("target")).toBe("old");
});
