/**
 * Calls `work` in every turn of the event loop.
 *
 * @returns What ends that.
 */
export function inEveryTurn(work: () => void): () => void {
  const next = (): void => {
    work();
    timer = setImmediate(next);
  };
  let timer = setImmediate(next);
  return () => clearImmediate(timer);
}
