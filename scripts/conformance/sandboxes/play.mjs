import { AgentError } from "../agent.mjs";
import { Difference, same } from "../check.mjs";
import { matches } from "./match.mjs";
import { normalized, ofCommands } from "./normalize.mjs";

/** Bytes in a request or an answer, which a case has as text. */
const bytesIn = ["data", "input", "stdout", "stderr"];

let plays = 0;

/** A case about sandboxes, played to one agent with one kind of its classes. */
export class SandboxPlay {
  /** @type {Map<string, Promise<any>>} */
  #asked = new Map();
  /** What was answered, without what differs from run to run. @type {any[]} */
  answers = [];
  #made = new Set();

  /** @param {import("../agent.mjs").Agent} agent @param {string} way @param {import("../cases.mjs").Case} given */
  constructor(agent, way, given) {
    this.agent = agent;
    this.way = way;
    this.given = given;
    plays += 1;
    // Those of one agent are beside each other.
    this.prefix = `case-${plays}-`;
  }

  async run() {
    try {
      for (const step of this.given.steps) await this.#step(step);
    } finally {
      for (const name of this.#made) await this.#sweep(name);
    }
  }

  /** @param {any} step */
  async #step({ op, ok, error, as, got, ...request }) {
    if (got !== undefined) return this.#answered(`the answer ${got}`, this.#take(got), ok, error);
    const asked = this.#ask(op, encoded(this.#named(request)));
    if (op === "create") this.#made.add(request.options?.name);
    if (as === undefined) return this.#answered(op, asked, ok, error);
    asked.catch(() => {});
    this.#asked.set(as, asked);
  }

  /** @param {string} name */
  #take(name) {
    const asked = this.#asked.get(name);
    if (!asked) throw new Error(`nothing was asked as ${name}`);
    return asked;
  }

  /** @param {string} op @param {object} request */
  #ask(op, request) {
    return this.agent.ask(op, { way: this.way, ...request });
  }

  /** @param {string} what @param {Promise<any>} asked @param {any} ok @param {any} error */
  async #answered(what, asked, ok, error) {
    const answer = await asked.then(
      (found) => ({ ok: decoded(found) }),
      (thrown) => ({ error: dataOf(thrown) }),
    );
    const found = this.#anonymous(answer);
    this.answers.push({ [what]: normalized(documented(found)) });
    const wanted = error ? { error } : { ok: ok ?? {} };
    const why = matches(found, wanted);
    if (why) throw new Difference(`${what}: ${why}`);
    if (error && typeof answer === "object" && "error" in answer)
      same("whether the error says something", answer.error.message.length > 0, true);
  }

  /** `$A` in a case is a name that no other play uses, as those are that are the agent's own. @param {any} value @returns {any} */
  #named(value) {
    const own = ["sandbox", "session", "stream"].filter((key) => value[key] !== undefined);
    const held = own.map((key) => [key, this.prefix + value[key]]);
    return replaced({ ...value, ...Object.fromEntries(held) }, (text) =>
      text.replace(/\$([A-Z])\b/g, (_, name) => this.prefix + name.toLowerCase()),
    );
  }

  /** The sandboxes of this play alone, by the names of the case. @param {any} answer */
  #anonymous(answer) {
    const { ok } = answer;
    const named = Array.isArray(ok?.infos)
      ? {
          ok: {
            infos: ok.infos.filter((/** @type {any} */ { name }) => name.startsWith(this.prefix)),
          },
        }
      : answer;
    return replaced(named, (text) =>
      text.replaceAll(
        new RegExp(`${this.prefix}([a-z])`, "g"),
        (_, name) => `$${name.toUpperCase()}`,
      ),
    );
  }

  /** @param {string | undefined} name */
  async #sweep(name) {
    if (name === undefined) return;
    const sandbox = `${this.prefix}sweep`;
    try {
      await this.#ask("get", { sandbox, ...this.#named({ name }) });
      await this.#ask("remove", { sandbox, force: true });
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
    }
  }
}

/** @param {any} answer */
function documented(answer) {
  if (answer.ok?.exitCode === undefined) return answer;
  const known = Object.entries(answer.ok).filter(([key]) => ofCommands.includes(key));
  return { ok: Object.fromEntries(known) };
}

/** @param {unknown} error */
function dataOf(error) {
  if (error instanceof AgentError) return error.data;
  throw error;
}

/** @param {any} value @param {(text: string) => string} change @returns {any} */
function replaced(value, change) {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => replaced(one, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replaced(member, change)]),
  );
}

/** @param {any} value @param {(text: string) => string} change @returns {any} */
function withBytes(value, change) {
  if (Array.isArray(value)) return value.map((one) => withBytes(one, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      bytesIn.includes(key) && typeof member === "string"
        ? change(member)
        : key === "json"
          ? member
          : withBytes(member, change),
    ]),
  );
}

/** @param {any} request */
function encoded(request) {
  return withBytes(request, (text) => Buffer.from(text).toString("base64"));
}

/** @param {any} answer */
function decoded(answer) {
  return withBytes(answer, (text) => Buffer.from(text, "base64").toString());
}
