import { Presets, SingleBar } from 'cli-progress';
import { terminal } from './terminal.ts';

/** Nothing is shown for work that ends within this time. */
const PATIENCE_MS = 1000;
/** Between two lines when stderr is not a terminal. */
const LINE_EVERY_MS = 5000;
/** Characters of a stage's name, or more. */
const LABEL = 14;

/** Progress on stderr: a bar on a terminal, now and then a line elsewhere, both with the time left. Stays silent for short work. */
export class Progress {
  readonly #started = performance.now();
  #bar: SingleBar | null = null;
  #stage = '';
  /** When the stage began, and what was done of it then. */
  #began = { time: performance.now(), done: 0 };
  #lastLine = performance.now();

  /** Reports that `done` of `total` parts of a stage are done. */
  update(stage: string, done: number, total: number): void {
    const now = performance.now();
    const changed = stage !== this.#stage;
    if (changed) {
      this.stop();
      this.#stage = stage;
      this.#began = { time: now, done };
    }
    if (now - this.#started < PATIENCE_MS) return;
    if (!process.stderr.isTTY) {
      if (now - this.#lastLine < LINE_EVERY_MS) return;
      this.#lastLine = now;
      const rate = (done - this.#began.done) / (now - this.#began.time);
      terminal.note(`${stage}: ${percent(done, total)}${timeLeft((total - done) / rate)}\n`);
      return;
    }
    if (this.#bar === null) {
      this.#bar = new SingleBar(
        {
          format: '{stage} {bar} {percentage}% | {eta_formatted}',
          stream: process.stderr,
          clearOnComplete: true,
          // Ctrl-C ends the program at once: a cursor that is hidden, or lines that do not wrap, would stay so.
          hideCursor: false,
          linewrap: true,
          barsize: barSize(stage),
        },
        Presets.shades_classic,
      );
      this.#bar.start(total, done, { stage: stage.padEnd(LABEL) });
    } else this.#bar.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#stage = '';
  }
}

/** So that stage, bar, share and time left fit a line. */
function barSize(stage: string): number {
  const beside = Math.max(stage.length, LABEL) + ' '.length + ' 100% | 99h59m '.length;
  return Math.max(1, Math.min(40, (process.stderr.columns ?? 80) - beside));
}

/** What a line says of the time that is left; nothing where none or all of a stage is done. */
export function timeLeft(milliseconds: number): string {
  if (!(milliseconds > 0 && milliseconds < Infinity)) return '';
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 100) return `, about ${seconds} s left`;
  return seconds < 6000 ? `, about ${Math.ceil(seconds / 60)} min left` : `, about ${Math.ceil(seconds / 3600)} h left`;
}

function percent(done: number, total: number): string {
  return `${Math.round((100 * done) / Math.max(total, 1))} %`;
}
