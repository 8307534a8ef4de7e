/** How wide standard output is, and whether it takes colours (NO_COLOR and FORCE_COLOR are Node's to judge). */
export function terminalLooks(): { readonly width: number; readonly colour: boolean } {
  const { isTTY, columns } = process.stdout;
  return { width: columns ?? 100, colour: isTTY === true && process.stdout.hasColors() };
}
