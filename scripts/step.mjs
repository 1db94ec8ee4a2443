/**
 * Waits for a command that has to succeed. Where it does not, its own messages are on the screen, and one line
 * says which it was; a stack of this script would only hide them.
 *
 * @param {import("zx").ProcessPromise} command
 */
export async function step(command) {
  const { exitCode, signal } = await command.nothrow();
  if (exitCode === 0) return;
  process.stderr.write(`\nFailed: ${command.cmd} (${signal ?? `status ${exitCode}`})\n`);
  process.exit(1);
}
