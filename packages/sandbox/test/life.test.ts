import { createServer } from "node:net";
import { expect, test } from "vitest";
import { Sandbox, SandboxNotRunning } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

test("a sandbox is listed, looked up, stopped, started again and removed", async () => {
  const sandbox = await plainSandbox({ name: "one" });
  expect((await Sandbox.list()).map((handle) => `${handle.name} ${handle.status}`)).toEqual([
    "one running",
  ]);
  await sandbox.stop();
  const handle = await Sandbox.get("one");
  expect(handle.status).toBe("stopped");
  await expect(handle.connect()).rejects.toBeInstanceOf(SandboxNotRunning);
  await expect(sandbox.exec("true")).rejects.toBeInstanceOf(SandboxNotRunning);
  const again = await handle.start({ env: { GREETING: "hello" } });
  expect((await again.shell("echo $GREETING")).stdout).toBe("hello\n");
  // The first object reaches the sandbox again too.
  expect((await sandbox.shell("echo back")).stdout).toBe("back\n");
  expect((await (await handle.connect()).shell("echo $GREETING")).stdout).toBe("hello\n");
  await again.kill();
  expect((await handle.inspect()).status).not.toBe("running");
  await handle.remove();
  expect(await Sandbox.list()).toEqual([]);
});

test("a running sandbox is removed only by force", async () => {
  const sandbox = await plainSandbox();
  await expect(sandbox.remove()).rejects.toThrow();
  await sandbox.remove({ force: true });
});

test("a server inside is reached through expose", async () => {
  await using sandbox = await plainSandbox();
  // The runtime `process` shares the host's ports: a free one is found first.
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const url = await sandbox.expose(port);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const page = fetch(url).then((response) => response.text());
  const server = `require("http").createServer((q, r) => r.end("served")).listen(${port}, "127.0.0.1")`;
  await sandbox.spawn(process.execPath, ["-e", server]);
  expect(await page).toBe("served");
});

/** A sandbox to which this process is connected, with the shortest limit that left the time for that. */
async function connectedWithin(limits: number[]): Promise<Sandbox> {
  const [idleTimeout, ...longer] = limits;
  const sandbox = await plainSandbox({ idleTimeout });
  try {
    await sandbox.shell("echo one");
    return sandbox;
  } catch (error) {
    // A busy machine had other things to do.
    if (!(error instanceof SandboxNotRunning) || longer.length === 0) throw error;
    return connectedWithin(longer);
  }
}

test("the sandbox outlives its client, and its idle limit ends it once nobody is connected", async () => {
  const sandbox = await connectedWithin([200, 2_000, 15_000]);
  const stream = await sandbox.logStream({ follow: true });
  expect((await stream.recv())?.line).toBe("one");
  await sandbox.disconnect();
  expect(await stream.recv()).toBeNull();
  expect(stream.end?.reason).toBe("stopped");
});
