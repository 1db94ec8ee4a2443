import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../src/index.js";
import { type NativeStream, native } from "../src/native/binding.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();
let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  sandbox = await plainSandbox();
  await sandbox.exec("seq", ["3"]);
  await sandbox.stop();
  folder = join(home.path, "sandboxes", sandbox.name, "logs");
});

function open(options: object = {}): NativeStream {
  const stream = native().openStream(JSON.stringify({ folder, options }));
  if (typeof stream === "string") throw new Error(stream);
  return stream;
}

test("a stream can be closed twice, and all of it called afterwards", () => {
  const stream = open({ follow: true });
  expect(JSON.parse(stream.close("closed", null, 0) ?? "")).toMatchObject({ reason: "closed" });
  expect(stream.close("closed", null, 0)).toBeNull();
  expect(stream.position()).toBeNull();
  expect(JSON.parse(stream.take(1, 1) as string)).toMatchObject({ end: { reason: "closed" } });
  stream.onWake(() => {});
  stream.hold(true);
  stream.hold(false);
});

test("a stream ends again and again", () => {
  const stream = open();
  expect(stream.take(10, 1_000_000)).toBeInstanceOf(Uint8Array);
  const end = stream.take(10, 1_000_000);
  expect(stream.take(10, 1_000_000)).toBe(end);
  expect(JSON.parse(end as string)).toMatchObject({ end: { logs: { exec: { entries: 3 } } } });
});

test("parameters that are wrong or missing are errors as data", async () => {
  for (const params of [
    "",
    "[]",
    "{}",
    '{"folder":7}',
    '{"home":"/tmp"}',
    '{"name":"x"}',
    '{"mode":"x"}',
  ]) {
    const error = JSON.parse(native().openStream(params) as string);
    expect(error, params).toMatchObject({ code: "InvalidArgument", retryable: false });
  }
  const calls = [
    ["teleport", "{}"],
    ["get", ""],
    ["get", "{}"],
    ["get", '{"home":"/tmp","name":7}'],
    ["spawn", '{"home":"/tmp","name":"x"}'],
    ["wait", '{"home":"/tmp","name":"x"}'],
    ["wait", '{"home":"/tmp","name":"x","sessionId":-1}'],
    ["expose", '{"home":"/tmp","name":"x","port":0}'],
    ["resize", '{"home":"/tmp","name":"x","sessionId":1,"columns":70000,"rows":1}'],
  ] as const;
  for (const [method, params] of calls) {
    const { json, error } = await native().dispatch(method, params, null);
    expect(json).toBe("null");
    expect(JSON.parse(error ?? ""), `${method} ${params}`).toMatchObject({
      code: "InvalidArgument",
    });
  }
});

test("arguments of the wrong type throw and do not end the process", () => {
  const binding = native() as unknown as Record<string, (...args: unknown[]) => unknown>;
  expect(() => binding.openStream?.(7)).toThrow();
  expect(() => binding.dispatch?.()).toThrow();
  expect(() => binding.cursorAt?.("x", 0)).toThrow();
  expect(() => (open().take as (...args: unknown[]) => unknown)("x")).toThrow();
});

test("bytes that are no batch are refused, however they were made", () => {
  const batch = open().take(10, 1_000_000) as Uint8Array;
  expect(native().levels(batch)).toEqual(new Uint8Array([1, 1, 1]));
  expect(() => native().cursorAt(batch, 3)).toThrow(/InvalidArgument/);
  expect(() => native().positionBefore(batch, 4)).toThrow(/InvalidArgument/);
  expect(() => native().cursorAt(new Uint8Array(), 0)).toThrow(/InvalidArgument/);
  for (let length = 0; length < batch.length; length += 7) {
    expect(() => native().levels(batch.slice(0, length))).toThrow(/InvalidArgument/);
  }
  let seed = 1;
  for (let round = 0; round < 2000; round += 1) {
    const forged = batch.slice();
    for (let change = 0; change < 4; change += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      forged[seed % forged.length] = seed % 256;
    }
    for (const use of [
      () => native().levels(forged),
      () => native().cursorAt(forged, 0),
      () => native().positionBefore(forged, 2),
      () => native().frames(forged, 0, "sse"),
    ]) {
      try {
        use();
      } catch (error) {
        expect(String(error)).toContain("InvalidArgument");
      }
    }
  }
});

test("with any limits the same entries come, in as many batches", () => {
  for (const entries of [1, 2, 7, 1024]) {
    const stream = open();
    let text = "";
    for (
      let taken = stream.take(entries, 1);
      typeof taken !== "string";
      taken = stream.take(entries, 1)
    ) {
      text += Buffer.from(native().frames(taken as Uint8Array, 0, "text") as Uint8Array);
    }
    expect(text).toBe("1\n2\n3\n");
  }
});
