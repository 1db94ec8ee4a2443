import type { SandboxInfo } from "../generated/records.js";
import { LogReadable } from "../log/directory.js";
import type { LogSource } from "../log/source.js";
import { call } from "../native/call.js";
import { executable } from "../native/executable.js";
import { optionsGiven } from "../native/given.js";
import { home } from "../native/home.js";
import { SandboxFiles } from "./files.js";

/** Where a sandbox is. The home is fixed when it is found: a later change of `SILT_HOME` does not move it. */
export interface Place {
  home: string;
  name: string;
}

/** What can be done with a sandbox, running or not. */
export abstract class LocatedSandbox extends LogReadable {
  readonly name: string;
  /** Files as seen inside, relative to `/workspace`. */
  readonly files: SandboxFiles;
  /** @internal */
  protected readonly place: Place;

  protected constructor(place: Place) {
    super();
    this.name = place.name;
    this.place = place;
    this.files = new SandboxFiles(place);
  }

  /** @internal */
  protected get logSource(): LogSource {
    return this.place;
  }

  /** What is known of it now. */
  inspect(): Promise<SandboxInfo> {
    return call("get", this.place);
  }

  /** Ends it: SIGTERM to all commands, SIGKILL 5 s later. Its log stays. Harmless when it has ended. */
  async stop(): Promise<void> {
    await call("stop", this.place);
  }

  /** Ends it at once, with SIGKILL. Its log stays. Harmless when it has ended. */
  async kill(): Promise<void> {
    await call("kill", this.place);
  }

  /** Removes it with its log, its private folder and its record. */
  async remove(
    options: {
      /** Ends it first when it runs. Default false. */
      force?: boolean;
    } = {},
  ): Promise<void> {
    const { force = false } = optionsGiven(options);
    await call("remove", { ...this.place, force });
  }
}

/** The place of a sandbox in this user's home. */
export function placeOf(name: string): Place {
  return { home: home(), name };
}

/** What starts a supervisor, as parameters of a call. */
export function starting(): { home: string; executable: string } {
  return { home: home(), executable: executable() };
}
