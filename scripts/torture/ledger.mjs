import { createHash } from "node:crypto";

/**
 * @typedef {object} Gap
 * @property {number} from
 * @property {number} to
 * @property {number | null} lost
 * @property {string} reason
 *
 * @typedef {object} Account
 * @property {import("node:crypto").Hash} hash
 * @property {number} bytes
 */

/** What one reader of the log `exec` was given: every number once and in order, as an entry or inside a gap. */
export class Ledger {
  /** The first number that came; 0 before it. */
  first = 0;
  /** The number that is due. */
  next = 0;
  entries = 0;
  bytes = 0;
  /** Numbers that were passed over without a word. */
  lost = 0;
  /** Numbers that came again. */
  repeated = 0;
  /** @type {Gap[]} */
  gaps = [];
  /** Sessions up to this one may lack what a gap took. */
  incompleteUpTo = 0;
  /** @type {Map<string, Account>} by session and source, as `3 stdout` */
  accounts = new Map();

  /**
   * Entries `from` to `to`.
   *
   * @param {number} from @param {number} to @param {number} sessions how many may have been given until now
   */
  addEntries(from, to, sessions) {
    // A log whose beginning was evicted is read from what is left.
    if (this.next === 0 && from > 1) this.incompleteUpTo = sessions;
    this.#expect(from);
    this.next = to + 1;
    this.entries += to - from + 1;
  }

  /** @param {Gap} gap @param {number} sessions how many may have been given until now */
  addGap(gap, sessions) {
    this.#expect(gap.from);
    this.next = gap.to + 1;
    this.gaps.push(gap);
    this.incompleteUpTo = sessions;
  }

  /** @param {string} key @param {Uint8Array} data */
  addData(key, data) {
    const account = this.accounts.get(key) ?? { hash: createHash("sha256"), bytes: 0 };
    this.accounts.set(key, account);
    account.hash.update(data);
    account.bytes += data.length;
    this.bytes += data.length;
  }

  /** @param {number} number */
  #expect(number) {
    if (this.next === 0) this.first = this.next = number;
    if (number > this.next) this.lost += number - this.next;
    if (number < this.next) this.repeated += this.next - number;
  }

  /** @param {string} key */
  digest(key) {
    const account = this.accounts.get(key);
    const hash = account?.hash.copy() ?? createHash("sha256");
    return { bytes: account?.bytes ?? 0, sha256: hash.digest("hex") };
  }
}

/** @param {Gap[]} gaps */
export function text(gaps) {
  return gaps.map(({ from, to, lost, reason }) => `${from} to ${to} ${reason} ${lost}`).join(", ");
}
