/**
 * Options as JSON for the core, which checks them. Nothing is lost on the way that the core would have
 * refused: what JSON would drop or change arrives as text.
 */
export function toWire(params: object): string {
  return JSON.stringify(params, function (this: Record<string, unknown>, key: string, shown) {
    // `JSON.stringify` has called `Date.toJSON` by now; the holder still has the date.
    const value = this[key];
    if (value instanceof Date) return { ns: nanoseconds(value) };
    if (value instanceof RegExp) return { regexp: String(value) };
    if (value === shown && looksEmpty(value)) return Object.prototype.toString.call(value);
    switch (typeof value) {
      case "bigint":
      case "symbol":
      case "function":
        return `${typeof value} ${String(value)}`;
      case "number":
        return Number.isFinite(value) ? value : String(value);
      default:
        return shown;
    }
  });
}

/** A `Map`, a `Set`, a `Promise` and their like would be `{}`. */
function looksEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const plain = Object.prototype.toString.call(value) === "[object Object]";
  return !plain && Object.keys(value).length === 0;
}

function nanoseconds(date: Date): string {
  const ms = date.getTime();
  return Number.isNaN(ms) ? "Invalid Date" : `${BigInt(ms) * 1_000_000n}`;
}
