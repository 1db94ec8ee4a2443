/** Nanoseconds since 1970 as RFC 3339 in UTC, always with nine fractional digits. */
export function rfc3339(ns: bigint): string {
  const whole = ns / 1_000_000_000n - (ns % 1_000_000_000n < 0n ? 1n : 0n);
  const fraction = String(ns - whole * 1_000_000_000n).padStart(9, "0");
  return new Date(Number(whole) * 1000).toISOString().replace(/\.\d+Z$/, `.${fraction}Z`);
}
