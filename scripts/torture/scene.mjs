import { Turn } from "./turn.mjs";

/** What the readers of a log know of the life of its sandbox. */
export class Scene {
  turn = new Turn();
  /** Goes up when the sandbox runs again, and when it has stopped for good. */
  epoch = 0;
  over = false;
  /** Number of the newest command. */
  sessions = 0;
  /** Whether a command is being started, whose number has not come back yet. */
  starting = false;
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

  /** The highest number that a command may have; after a kill the next one may be 16 higher. */
  given() {
    return this.starting ? this.sessions + 16 : this.sessions;
  }

  progress() {
    return `${this.epoch} ${this.over} ${this.sessions} ${this.doing}`;
  }

  end() {
    this.over = true;
    this.next();
  }
}
