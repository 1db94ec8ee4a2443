import { startReader } from "../readers/start.mjs";

/** @param {import("./language.mjs").Peer} peer @returns {import("./language.mjs").Readers} */
function readers(peer) {
  return {
    read: (sandbox, count) => startReader("read", peer, sandbox, "stream", String(count)),
    follow: (sandbox, count) => startReader("follow", peer, sandbox, "stamps", String(count)),
  };
}

/** `for await`. @param {boolean} beside @returns {import("./language.mjs").Language[]} */
export function node(beside) {
  const silt = readers("silt");
  const peers = beside ? { silt, microsandbox: readers("microsandbox") } : { silt };
  return [{ id: "node", title: "Node, `for await`", peers }];
}
