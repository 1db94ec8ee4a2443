// What an agent hands over, in whatever form its way has, as items.
import { textOf } from "./model/text.mjs";

/** The items of `read`'s answer; undefined where the way does not tell them apart. @param {string} way @param {any} answer */
export function itemsOf(way, answer) {
  if (!way.startsWith("bytes")) return answer.items;
  const text = textOf(Buffer.from(answer.bytes, "base64"));
  if (way === "bytes ndjson") return lines(text).map((line) => itemOfJson(JSON.parse(line)));
  if (way === "bytes sse") return events(text).flatMap(itemOfEvent);
  return undefined;
}

/** @param {string} text */
function lines(text) {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  return text.split("\n").slice(0, -1);
}

/** @param {any} json */
function itemOfJson(json) {
  if (json.type === "gap") return json;
  const { cursor, ...rest } = json;
  return { type: "entry", json: rest, ...(cursor === undefined ? {} : { cursor }) };
}

/** @param {string} text @returns {{ event: string, id: string, data: any }[]} */
export function events(text) {
  if (text !== "" && !text.endsWith("\n\n")) throw new Error("the last event has no end");
  return text
    .split("\n\n")
    .slice(0, -1)
    .map((event) => {
      const fields = Object.fromEntries(
        event.split("\n").map((line) => {
          const colon = line.indexOf(": ");
          return [line.slice(0, colon), line.slice(colon + 2)];
        }),
      );
      return {
        event: fields.event ?? "message",
        id: String(fields.id),
        data: JSON.parse(String(fields.data)),
      };
    });
}

/** @param {{ event: string, id: string, data: any }} event */
function itemOfEvent({ event, id, data }) {
  if (event === "end") return [];
  const item = itemOfJson(data);
  const cursor = item.type === "gap" ? item.resumeCursor : item.cursor;
  if (cursor !== id) throw new Error(`an event's id is not its cursor: ${id}, ${cursor}`);
  if (event !== (item.type === "gap" ? "gap" : "message")) throw new Error(`an event ${event}`);
  return [item];
}
