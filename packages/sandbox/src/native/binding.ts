import { loadLibrary } from "./platform.js";

/** What `dispatch` resolves to; it is never rejected. */
export interface NativeReply {
  json: string;
  payload: Uint8Array | null;
  error: string | null;
}

/** An open stream of a log. */
export interface NativeStream {
  /** A batch; null when it has to be waited for; JSON `{"end"}` or `{"error"}`. */
  take(entries: number, bytes: number): Uint8Array | null | string;
  finish(last: number): void;
  onWake(wake: () => void): void;
  hold(alive: boolean): void;
  position(): string | null;
  close(reason: string, batch: Uint8Array | null, index: number): string | null;
}

/** The binding, with the names of `bindings/node`. */
export interface Binding {
  version(): string;
  dispatch(method: string, params: string, payload: Uint8Array | null): Promise<NativeReply>;
  /** As `dispatch`, and keeps no process alive. */
  dispatchWeak(
    method: string,
    params: string,
    answer: (json: string | null, error: string | null) => void,
  ): void;
  /** The stream, or the error as JSON. */
  openStream(params: string): NativeStream | string;
  cursorAt(batch: Uint8Array, index: number): string;
  positionBefore(batch: Uint8Array, index: number): string;
  levels(batch: Uint8Array): Uint8Array;
  /** The bytes, or the error as JSON. */
  frames(batch: Uint8Array, from: number, format: string): Uint8Array | string;
  endFrame(end: string, format: string): string;
}

let loaded: Binding | undefined;

/** The binding, loaded when it is first needed, so that importing the package never fails. */
export function native(): Binding {
  loaded ??= loadLibrary() as Binding;
  return loaded;
}
