import type { EndJson } from "../generated/records.js";

/** How a stream ended. */
export type LogEnd = Pick<EndJson, "reason" | "logs" | "sessions">;
