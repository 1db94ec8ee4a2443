import type { SandboxStatus } from "../generated/kinds.js";
import type { StartOptions } from "../generated/options.js";
import type { SandboxInfo } from "../generated/records.js";
import { call } from "../native/call.js";
import { executable } from "../native/executable.js";
import { LocatedSandbox } from "./located.js";
import { Sandbox } from "./sandbox.js";

/** A sandbox that was looked up: its log, its files, its life. It may run or not. */
export class SandboxHandle extends LocatedSandbox {
  /** What was known of it when it was looked up; `inspect()` asks again. */
  readonly info: SandboxInfo;

  /** @internal */
  constructor(home: string, info: SandboxInfo) {
    super({ home, name: info.name });
    this.info = info;
  }

  /** Its status when it was looked up. */
  get status(): SandboxStatus {
    return this.info.status;
  }

  /**
   * Starts it again, in the same log.
   *
   * @param options.env The environment of every command, given again: values are never kept.
   */
  async start(options: StartOptions = {}): Promise<Sandbox> {
    const params = { ...this.place, executable: executable(), options };
    return new Sandbox(this.place.home, await call<SandboxInfo>("start", params));
  }

  /**
   * The running sandbox, to run commands in.
   *
   * @throws {@link SandboxNotRunning}
   */
  async connect(): Promise<Sandbox> {
    return new Sandbox(this.place.home, await call<SandboxInfo>("connect", this.place));
  }
}
