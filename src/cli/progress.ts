import { Presets, SingleBar } from 'cli-progress';
import { terminal } from './terminal.ts';

/** Nothing is shown for work that ends within this time. */
const PATIENCE_MS = 1000;
/** Between two lines when stderr is not a terminal. */
const LINE_EVERY_MS = 5000;

/** Progress on stderr: a bar on a terminal, now and then a line elsewhere. Stays silent for short work. */
export class Progress {
  readonly #started = performance.now();
  #bar: SingleBar | null = null;
  #stage = '';
  #lastLine = performance.now();

  /** Reports that `done` of `total` parts of a stage are done. */
  update(stage: string, done: number, total: number): void {
    const now = performance.now();
    if (now - this.#started < PATIENCE_MS) return;
    if (!process.stderr.isTTY) {
      if (now - this.#lastLine < LINE_EVERY_MS) return;
      this.#lastLine = now;
      terminal.note(`${stage}: ${percent(done, total)}\n`);
      return;
    }
    if (stage !== this.#stage) {
      this.stop();
      this.#stage = stage;
      this.#bar = new SingleBar(
        {
          format: '{stage} {bar} {percentage}% | {eta_formatted}',
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: true,
        },
        Presets.shades_classic,
      );
      this.#bar.start(total, done, { stage: stage.padEnd(14) });
    } else this.#bar?.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#stage = '';
  }
}

function percent(done: number, total: number): string {
  return `${Math.round((100 * done) / Math.max(total, 1))} %`;
}
