import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { nodeInside } from "./mounts.mjs";
import { Reader } from "./reader.mjs";
import { say, show } from "./show.mjs";
import { secondsSinceStart } from "./started.mjs";

/** The first reader leaves after this many entries; the build prints about twice as many. */
const FIRST_READER = 2000;
const PREVIEW_PORT = 4173;

/**
 * @typedef {import("@silt/sandbox").Sandbox} Sandbox
 * @typedef {{ bytes: number, lines: number, sha256: string }} Written
 */

/**
 * @param {{ runtime: string, keep: boolean }} options
 * @returns {Promise<number>} the exit status
 */
export async function demo({ runtime, keep }) {
  const home = await mkdtemp(join(tmpdir(), "silt-demo-"));
  process.env.SILT_HOME = home;
  const silt = await import("@silt/sandbox");
  /** @type {Sandbox | undefined} */
  let sandbox;
  const clean = async () => {
    if (sandbox) await (await silt.Sandbox.get(sandbox.name)).remove({ force: true });
    await rm(home, { recursive: true, force: true });
  };
  process.once("SIGINT", () => clean().finally(() => process.exit(130)));
  try {
    const began = performance.now();
    const workdir = await copyApp(home);
    const inside = nodeInside();
    sandbox = await silt.Sandbox.create({
      runtime: /** @type {"namespace" | "process"} */ (runtime),
      workdir,
      mounts: runtime === "namespace" ? inside.mounts : [],
      env: { PATH: inside.path, npm_config_update_notifier: "false" },
    });
    say(`Sandbox ${sandbox.name} (${runtime}) runs npm run build`);
    const { summary, seconds } = await buildAndRead(sandbox, inside, home, workdir);
    await serve(sandbox, inside, keep);
    const total = ((performance.now() - began) / 1000).toFixed(1);
    await clean();
    say(`${summary}; build ${seconds} s, all ${total} s`);
    return 0;
  } catch (error) {
    await clean();
    if (!(error instanceof silt.RuntimeUnavailable)) throw error;
    process.stderr.write(
      `${error.message}\nWithout isolation: npm run demo -- --runtime process\n`,
    );
    return 1;
  }
}

/** @param {string} home */
async function copyApp(home) {
  const workdir = join(home, "app");
  await cp(join(root, "examples/web-app"), workdir, { recursive: true, verbatimSymlinks: true });
  await mkdir(join(workdir, ".demo"));
  await cp(join(root, "scripts/demo/tee.mjs"), join(workdir, ".demo/tee.mjs"));
  return workdir;
}

/**
 * @param {Sandbox} sandbox
 * @param {ReturnType<typeof nodeInside>} inside
 * @param {string} home
 * @param {string} workdir
 */
async function buildAndRead(sandbox, inside, home, workdir) {
  const began = performance.now();
  const joined = join(home, "joined");
  await mkdir(joined);
  const session = await sandbox.spawn(inside.node, [
    ...[".demo/tee.mjs", ".demo/written.json"],
    ...[inside.node, inside.npm, "run", "build"],
  ]);
  say(`The build began ${secondsSinceStart().toFixed(1)} s after the start of npm run demo`);

  const first = new Reader(joined);
  const cursor = await readSome(sandbox, first);
  const before = first.save();
  say(`The reader leaves after ${before.entries} entries; another process goes on from its cursor`);
  const second = fork(
    join(root, "scripts/demo/resume.mjs"),
    [sandbox.name, cursor, joined, String(before.last)],
    { stdio: "inherit" },
  );
  const answered = Promise.race([
    once(second, "message"),
    once(second, "exit").then(([code]) => {
      throw new Error(`the second reader ended early, with status ${code}`);
    }),
  ]);
  const { exitCode } = await session.wait();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  second.send("the build has ended");
  const [after] = await answered;
  if (exitCode !== 0) throw new Error(`the build ended with status ${exitCode}`);

  const written = JSON.parse(await readFile(join(workdir, ".demo/written.json"), "utf8"));
  await compare(written, joined);
  const { stdout, stderr } = /** @type {Record<string, Written>} */ (written);
  const lost = before.lost + after.lost;
  const repeated = before.repeated + after.repeated;
  if (lost + repeated > 0) throw new Error(`${lost} entries were lost and ${repeated} repeated`);
  const summary = [
    `${stdout?.lines} lines on stdout and ${stderr?.lines} on stderr`,
    `${(stdout?.bytes ?? 0) + (stderr?.bytes ?? 0)} bytes`,
    `${before.entries} + ${after.entries} entries in two processes`,
    `${lost} lost, ${repeated} repeated, SHA-256 as written`,
  ].join(", ");
  return { summary, seconds };
}

/** @param {Sandbox} sandbox @param {Reader} reader @returns {Promise<string>} the cursor after the last entry read */
async function readSome(sandbox, reader) {
  const stream = await sandbox.logStream({ sources: "all", follow: true });
  for await (const entry of stream) {
    if (entry.type !== "entry") continue;
    show(entry);
    reader.add(entry);
    if (reader.entries === FIRST_READER) return entry.cursor;
  }
  throw new Error(`the log ended (${stream.end?.reason}) before ${FIRST_READER} entries`);
}

/**
 * What the two readers got, against what the program side counted and hashed.
 *
 * @param {Record<string, Written>} written
 * @param {string} joined
 */
async function compare(written, joined) {
  for (const [source, { bytes, sha256 }] of Object.entries(written)) {
    const got = await readFile(join(joined, source));
    const digest = createHash("sha256").update(got).digest("hex");
    say(`${source}: ${bytes} bytes written, ${got.length} read, SHA-256 ${sha256} and ${digest}`);
    if (digest !== sha256) throw new Error(`${source}: what was read is not what was written`);
  }
}

/** @param {Sandbox} sandbox @param {ReturnType<typeof nodeInside>} inside @param {boolean} keep */
async function serve(sandbox, inside, keep) {
  await sandbox.spawn(inside.node, [
    ...[inside.npm, "run", "preview", "--", "--port", String(PREVIEW_PORT)],
  ]);
  const url = await sandbox.expose(PREVIEW_PORT);
  const page = await fetch(url);
  const html = await page.text();
  const script = html.match(/src="(\/assets\/[^"]+\.js)"/)?.[1];
  if (!page.ok || !script)
    throw new Error(`${url} answered ${page.status}, without the built page`);
  const asset = await fetch(new URL(script, url));
  const size = (await asset.arrayBuffer()).byteLength;
  if (!asset.ok) throw new Error(`${asset.url} answered ${asset.status}`);
  say(`The built app answers at ${url} (${html.length} bytes of HTML, ${size} of JavaScript)`);
  if (keep) {
    say("Ctrl-C ends it");
    await new Promise(() => process.stdin.resume());
  }
}
