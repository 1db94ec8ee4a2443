import { invalidArgument } from "../errors/from-data.js";
import type { CommandOptions } from "../generated/options.js";
import { LogStream } from "../log/stream.js";
import { bytesGiven, optionsGiven } from "../native/given.js";
import type { Place } from "./located.js";
import { Output } from "./output.js";
import { type ExecSession, spawnSession } from "./session.js";
import { type SessionEnd, sessionEnd } from "./session-end.js";

/** Options of `exec()` and `shell()`. */
export interface ExecOptions extends CommandOptions {
  /** Standard input, which ends after it. Default none: `/dev/null`, in a terminal an end of input, once. */
  input?: string | Uint8Array | undefined;
  /** Kills the session; `exec` then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Gets stdout, or what a terminal shows, as it comes. */
  onStdout?: ((data: Uint8Array) => void) | undefined;
  /** Gets stderr as it comes. */
  onStderr?: ((data: Uint8Array) => void) | undefined;
}

/** How a command ended, and what it wrote. */
export interface ExecResult extends SessionEnd {
  /** As text; what is not UTF-8 shows as U+FFFD. With `pty`, all that the terminal showed. */
  stdout: string;
  stderr: string;
  /** The newest 64 MiB. */
  stdoutBytes: Uint8Array;
  /** The newest 64 MiB. */
  stderrBytes: Uint8Array;
  /** Whether the command wrote more than is here: more than fits, or what the log could not keep. */
  truncated: boolean;
}

/** Runs a program, hands on what it writes, and waits for its end. */
export async function execute(
  place: Place,
  program: string,
  args: string[],
  given: ExecOptions,
): Promise<ExecResult> {
  const { input, signal, onStdout, onStderr, ...options } = optionsGiven(given);
  for (const [name, callback] of Object.entries({ onStdout, onStderr })) {
    if (callback !== undefined && typeof callback !== "function") {
      throw invalidArgument(name, "a function is expected");
    }
  }
  // A copy: it may be read from after the caller has it back.
  const stdin = input === undefined ? undefined : new Uint8Array(bytesGiven(input, "input"));
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgument("signal", "an AbortSignal is expected");
  }
  signal?.throwIfAborted();

  const session = await spawnSession(place, program, args, stdin !== undefined, options);
  const kill = (): Promise<void> => session.kill("SIGKILL").catch(() => {});
  signal?.addEventListener("abort", kill, { once: true });
  if (signal?.aborted) void kill();
  let stream: LogStream | undefined;
  try {
    stream = new LogStream(place, {
      fromCursor: session.cursor,
      sessions: [session.sessionId],
      follow: true,
      onGap: "report",
    });
    const stdout = new Output(["stdout", "output"], onStdout);
    const stderr = new Output(["stderr"], onStderr);
    const ended = untilEnd(session, stream);
    const [end] = await Promise.all([
      ended,
      collect(stream, stdout, stderr),
      // A child that holds the input, and does not read it, can outlive the program.
      stdin && Promise.race([ended, feed(session, stdin)]),
    ]);
    signal?.throwIfAborted();
    return result(end, stdout, stderr);
  } catch (error) {
    await kill();
    throw error;
  } finally {
    signal?.removeEventListener("abort", kill);
    await stream?.close();
  }
}

/** A program may end before it has read all of its input. */
async function feed(session: ExecSession, input: Uint8Array): Promise<void> {
  if (await session.write(input)) await session.end();
}

/** What the session wrote is in the log by its end: nothing after that is waited for. */
async function untilEnd(session: ExecSession, stream: LogStream): Promise<SessionEnd> {
  const end = await session.ended();
  stream.finish(end.lastSequence);
  return sessionEnd(end);
}

async function collect(stream: LogStream, ...outputs: Output[]): Promise<void> {
  for await (const portion of stream.portions()) {
    for (const output of outputs) output.take(portion);
  }
}

function result(end: SessionEnd, stdout: Output, stderr: Output): ExecResult {
  const stdoutBytes = stdout.bytes();
  const stderrBytes = stderr.bytes();
  return {
    ...end,
    stdout: stdoutBytes.toString(),
    stderr: stderrBytes.toString(),
    stdoutBytes,
    stderrBytes,
    truncated: stdout.isTruncated(end) || stderr.isTruncated(end),
  };
}
