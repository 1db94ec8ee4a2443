import { join } from "node:path";
import { expect, test } from "vitest";
import { Sandbox } from "../../src/index.js";
import { temporaryHome } from "../home.js";
import { accounts, programPath, programs, Received } from "../programs/native.js";

temporaryHome();

for (const seed of [1, 2, 3]) {
  test(`joined data has the SHA-256 of what the program wrote: any bytes in any portions, seed ${seed}`, async () => {
    const sandbox = await Sandbox.create({
      runtime: "namespace",
      mounts: [programs],
      logs: { maxBytes: 1 << 30 },
    });
    const stream = await sandbox.logStream({ follow: true });
    const received = new Received();
    const reading = (async () => {
      for await (const entry of stream) received.add(entry);
    })();
    const session = await sandbox.spawn(programPath("print-random", "namespace"), [
      String(seed),
      String(20 << 20),
      String(50 << 20),
      "/workspace/account",
    ]);
    const { exitCode, totals } = await session.wait();
    expect(exitCode).toBe(0);
    await sandbox.stop();
    await reading;
    const { workdir } = (await Sandbox.get(sandbox.name)).info;
    const written = await accounts(join(workdir, "account"));
    expect(written.stdout?.bytes).toBeGreaterThan(50 << 20);
    expect(received.accounts()).toEqual(written);
    // The exit record counts where the bytes came in.
    for (const { source, bytes, sha256 } of totals ?? []) {
      expect({ bytes, sha256 }).toEqual(written[source]);
    }
    expect(stream.end?.reason).toBe("stopped");
  });
}

test("a million lines at full speed arrive once, in order, with the bytes that were written", async () => {
  const LINES = 1_000_000;
  const sandbox = await Sandbox.create({
    runtime: "namespace",
    mounts: [programs],
    logs: { maxBytes: 1 << 30, segmentBytes: 1 << 20 },
  });
  const stream = await sandbox.logStream({ follow: true });
  const received = new Received();
  let next = 0;
  let wrong = 0;
  let sequence = 0;
  let begun = "";
  const reading = (async () => {
    for await (const entry of stream) {
      received.add(entry);
      sequence += 1;
      if (entry.sequence !== sequence) wrong += 1;
      // A line whose rest came late is in parts.
      begun += entry.text();
      if (!begun.endsWith("\n")) continue;
      if (begun !== `line ${next}\n`) wrong += 1;
      begun = "";
      next += 1;
    }
  })();
  const program = programPath("print-lines", "namespace");
  const session = await sandbox.spawn(program, [String(LINES), "/workspace/account"]);
  await session.wait();
  await sandbox.stop();
  await reading;
  expect({ next, wrong }).toEqual({ next: LINES, wrong: 0 });
  const { workdir } = (await Sandbox.get(sandbox.name)).info;
  expect(received.accounts()).toEqual(await accounts(join(workdir, "account")));
});
