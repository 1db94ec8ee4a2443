import { errorFromData } from "../errors/from-data.js";
import type { Method } from "../generated/methods.js";
import { native } from "./binding.js";
import { toWire } from "./wire.js";

/** Calls a method of the core whose answer is JSON. */
export async function call<Answer = unknown>(
  method: Method,
  params: object,
  payload: Uint8Array | null = null,
): Promise<Answer> {
  const reply = await native().dispatch(method, toWire(params), payload);
  if (reply.error !== null) throw errorFromData(reply.error);
  return JSON.parse(reply.json) as Answer;
}

/** As `call`, for an answer that does not keep the process alive. `take` gets null instead of an error. */
export function callWeakly<Answer>(
  method: Method,
  params: object,
  take: (answer: Answer | null) => void,
): void {
  native().dispatchWeak(method, toWire(params), (json) =>
    take(json === null ? null : (JSON.parse(json) as Answer)),
  );
}

/** Calls a method of the core whose answer is bytes. */
export async function callForBytes(method: Method, params: object): Promise<Uint8Array> {
  const reply = await native().dispatch(method, toWire(params), null);
  if (reply.error !== null) throw errorFromData(reply.error);
  return reply.payload ?? new Uint8Array();
}
