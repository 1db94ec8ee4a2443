/** What a check of a log folder found. */
export interface VerifyReport {
  /** Whether everything that is held is whole. */
  whole: boolean;
  [detail: string]: unknown;
}
