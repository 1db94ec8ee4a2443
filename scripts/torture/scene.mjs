import { Turn } from "./turn.mjs";

/** What the readers of a log know of the life of its sandbox. */
export class Scene {
  turn = new Turn();
  /** Goes up when the sandbox runs again, and when it has stopped for good. */
  epoch = 0;
  over = false;
  /** Commands started. */
  sessions = 0;
  /** What is done with the sandbox just now. */
  doing = "its creation";
  folder;

  /** @param {string} folder of the log */
  constructor(folder) {
    this.folder = folder;
  }

  next() {
    this.epoch += 1;
    this.turn.changed();
  }

  progress() {
    return `${this.epoch} ${this.over} ${this.sessions} ${this.doing}`;
  }

  end() {
    this.over = true;
    this.next();
  }
}
