import { report } from '../index.ts';

/**
 * The one way to the terminal: nothing else in this package writes to standard output or standard error, so what came from outside is
 * spelled out even where a command forgot to.
 */
export const terminal = {
  /** Standard output; lines, in the colours of this package where it takes colours. */
  print(text: string): void {
    process.stdout.write(text);
  },
  /** Standard error, a message by itself on one line. */
  complain(kind: 'error' | 'warning' | 'note', message: string): void {
    process.stderr.write(`${kind}: ${report.printable(message)}\n`);
  },
  /** Standard error, lines. */
  note(text: string): void {
    process.stderr.write(report.printableLines(text, false));
  },
};

/** Lines as standard output may show them. */
export function shown(text: string): string {
  return report.printableLines(text, terminalLooks().colour);
}

/** How wide standard output is, and whether it takes colours (NO_COLOR and FORCE_COLOR are Node's to judge). */
export function terminalLooks(): { readonly width: number; readonly colour: boolean } {
  const { isTTY, columns } = process.stdout;
  return { width: columns ?? 100, colour: isTTY === true && process.stdout.hasColors() };
}

/** A reader that goes away (`| head`) ends the program quietly; a full disk is said. Without standard error there is nobody to tell. */
export function endWithReaders(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0);
    terminal.complain('error', `standard output must be writable, but it is not (${code ?? message}).`);
    process.exit(1);
  });
  process.stderr.on('error', () => {});
}
