import { Sandbox } from "@silt/sandbox";
import { fromBase64, optionsFromJson, toBase64 } from "./convert.mjs";

/** @type {Map<string, any>} */
const sandboxesByName = new Map();
/** @type {Map<string, import("@silt/sandbox").ExecSession>} */
const sessions = new Map();

/** @param {string} name @returns {any} */
export function sandboxNamed(name) {
  const found = sandboxesByName.get(name);
  if (!found) throw new Error(`there is no sandbox ${name}`);
  return found;
}

/** @param {string} name */
export function sessionNamed(name) {
  const found = sessions.get(name);
  if (!found) throw new Error(`there is no session ${name}`);
  return found;
}

/** @param {any} options */
function commandOptions(options = {}) {
  const { input, ...rest } = optionsFromJson(options);
  return input === undefined ? rest : { ...rest, input: fromBase64(input) };
}

/** @param {import("@silt/sandbox").SessionEnd} end */
function endToJson({ sessionId, exitCode, signal, timedOut, detached, totals }) {
  return { sessionId, exitCode, signal, timedOut, detached, totals };
}

/** @type {Record<string, (request: any) => Promise<object>>} */
export const sandboxes = {
  async create({ sandbox: name, options }) {
    const sandbox = await Sandbox.create(options);
    sandboxesByName.set(name, sandbox);
    return { name: sandbox.name };
  },
  async get({ sandbox, name }) {
    const handle = await Sandbox.get(name);
    sandboxesByName.set(sandbox, handle);
    return { info: handle.info };
  },
  async list() {
    return { infos: (await Sandbox.list()).map(({ info }) => info) };
  },
  async start({ sandbox }) {
    sandboxesByName.set(sandbox, await sandboxNamed(sandbox).start());
    return {};
  },
  async connect({ sandbox }) {
    sandboxesByName.set(sandbox, await sandboxNamed(sandbox).connect());
    return {};
  },
  async stop({ sandbox }) {
    await sandboxNamed(sandbox).stop();
    return {};
  },
  async kill({ sandbox }) {
    await sandboxNamed(sandbox).kill();
    return {};
  },
  async remove({ sandbox, force }) {
    await sandboxNamed(sandbox).remove({ force });
    sandboxesByName.delete(sandbox);
    return {};
  },
  async release({ sandbox }) {
    await sandboxesByName.get(sandbox)?.disconnect?.();
    sandboxesByName.delete(sandbox);
    return {};
  },
  async exec({ sandbox, program, args, options }) {
    const result = await sandboxNamed(sandbox).exec(program, args, commandOptions(options));
    return {
      ...endToJson(result),
      truncated: result.truncated,
      stdout: toBase64(result.stdoutBytes),
      stderr: toBase64(result.stderrBytes),
    };
  },
  async spawn({ sandbox, session: name, program, args, options }) {
    const session = await sandboxNamed(sandbox).spawn(program, args, options);
    sessions.set(name, session);
    return { sessionId: session.sessionId };
  },
  async write({ session, data }) {
    await sessionNamed(session).write(fromBase64(data));
    return {};
  },
  async endInput({ session }) {
    await sessionNamed(session).end();
    return {};
  },
  async signal({ session, signal }) {
    await sessionNamed(session).kill(signal);
    return {};
  },
  async resize({ session, columns, rows }) {
    await sessionNamed(session).resize(columns, rows);
    return {};
  },
  async wait({ session }) {
    return endToJson(await sessionNamed(session).wait());
  },
  async expose({ sandbox, port }) {
    return { url: await sandboxNamed(sandbox).expose(port) };
  },
  async readFile({ sandbox, path }) {
    return { data: toBase64(await sandboxNamed(sandbox).files.read(path)) };
  },
  async writeFile({ sandbox, path, data }) {
    await sandboxNamed(sandbox).files.write(path, fromBase64(data));
    return {};
  },
  async listFiles({ sandbox, path }) {
    return { files: await sandboxNamed(sandbox).files.list(path) };
  },
  async removeFile({ sandbox, path }) {
    await sandboxNamed(sandbox).files.remove(path);
    return {};
  },
};
