/** Waits for conditions over state of this process. Whoever changes the state says so. */
export class Turn {
  /** @type {{ holds: () => boolean, resolve: () => void }[]} */
  #waiting = [];

  /** @param {() => boolean} holds @returns {Promise<void>} */
  until(holds) {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  changed() {
    const due = this.#waiting.filter(({ holds }) => holds());
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { resolve } of due) resolve();
  }
}
