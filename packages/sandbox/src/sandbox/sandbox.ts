import type { SandboxOptions } from "../generated/options.js";
import type { SandboxInfo } from "../generated/records.js";
import { call } from "../native/call.js";
import { optionsGiven } from "../native/given.js";
import { home } from "../native/home.js";
import { type ExecOptions, type ExecResult, execute } from "./exec.js";
import { SandboxHandle } from "./handle.js";
import { LocatedSandbox, placeOf, starting } from "./located.js";
import { type ExecSession, type SpawnOptions, spawnSession } from "./session.js";

/**
 * A running sandbox. Its supervisor is a process of its own: what commands write is kept whether or not
 * the program that started them lives.
 *
 * ```ts
 * await using sandbox = await Sandbox.create();
 * const { stdout } = await sandbox.exec("echo", ["hello"]);
 * ```
 */
export class Sandbox extends LocatedSandbox implements AsyncDisposable {
  /** What was known of it when it was created, started or connected to; `inspect()` asks again. */
  readonly info: SandboxInfo;

  /** @internal */
  constructor(home: string, info: SandboxInfo) {
    super({ home, name: info.name });
    this.info = info;
  }

  /**
   * Creates a sandbox and starts it.
   *
   * @throws {@link InvalidArgument}, {@link SandboxExists}
   * @throws {@link RuntimeUnavailable}, {@link LimitUnavailable} where this machine can not do it; the
   * message names the mend. Nothing weaker is chosen instead.
   */
  static async create(options: SandboxOptions = {}): Promise<Sandbox> {
    const params = starting();
    return new Sandbox(params.home, await call<SandboxInfo>("create", { ...params, options }));
  }

  /**
   * Looks up a sandbox, running or not.
   *
   * @throws {@link SandboxNotFound}
   */
  static async get(name: string): Promise<SandboxHandle> {
    const place = placeOf(name);
    return new SandboxHandle(place.home, await call<SandboxInfo>("get", place));
  }

  /** All sandboxes of this user, by name, without their sessions. */
  static async list(): Promise<SandboxHandle[]> {
    const where = home();
    const infos = await call<SandboxInfo[]>("list", { home: where });
    return infos.map((info) => new SandboxHandle(where, info));
  }

  /**
   * Runs a program and waits for it. Does not throw on a status, a signal or a time-out.
   *
   * @param program Found on the `PATH` inside; never a shell line, see {@link Sandbox.shell}.
   * @throws {@link InvalidArgument} when an option is wrong or `cwd` is not there.
   */
  exec(program: string, args: string[] = [], options: ExecOptions = {}): Promise<ExecResult> {
    return execute(this.place, program, args, options);
  }

  /** Runs a line of shell and waits for it: `exec("sh", ["-c", line])`. */
  shell(line: string, options: ExecOptions = {}): Promise<ExecResult> {
    return this.exec("/bin/sh", ["-c", line], options);
  }

  /** Starts a program and does not wait: for servers, for input, for a terminal. */
  async spawn(
    program: string,
    args: string[] = [],
    options: SpawnOptions = {},
  ): Promise<ExecSession> {
    const { stdin = true, ...command } = optionsGiven(options);
    return spawnSession(this.place, program, args, stdin, command);
  }

  /**
   * Makes a port inside reachable on this machine's loopback, also before anything listens there: a
   * connection waits up to 10 s for it.
   *
   * @returns The address, `"http://127.0.0.1:…"`.
   */
  async expose(port: number): Promise<string> {
    const exposed = await call<{ port: number }>("expose", { ...this.place, port });
    return `http://127.0.0.1:${exposed.port}`;
  }

  /** Lets the sandbox go without stopping it, so that its `idleTimeout` can begin. */
  async disconnect(): Promise<void> {
    await call("disconnect", this.place);
  }

  /** Stops the sandbox. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
