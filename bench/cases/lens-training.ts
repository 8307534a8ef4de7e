/** Training of lenses in SmolLM2-135M's width and vocabulary, at the two stages of one small layer: a step of Adam, and least squares. */
import { transformer } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { smolHead } from './models.ts';

const { D, V } = smolHead.sizes;
/** Rows of a step at each of two stages, and tokens that a ridge lens is fitted to. */
const [ROWS, TOKENS] = [14, 256];
const STAGES = 2;

/** Texts of 64 tokens, of which one is held back. */
const texts = Array.from({ length: TOKENS / 64 + 1 }, (_, k) =>
  Array.from({ length: 64 }, (_, t) => (k * 64 + t * 37) % V),
);

function translatorsOf({ translators }: transformer.TunedLens) {
  return [...translators].map(([name, { bias }]) => ({ name, data: bias }));
}

/** With two looks at one row, which are part of the call. */
const stepCase: Case = {
  group: 'lens training',
  name: `trainLens ${STAGES}×${ROWS}×${D}×${V}, a step`,
  precision: 'f32',
  work: { amount: STAGES * ROWS * (4 * D * V + 6 * D * D), unit: 'GFLOP/s' },
  long: true,
  timed: ['wasm', 'wasm-relaxed'],
  async prepare(backend) {
    const model = await smolHead.open(backend);
    let kl = new Float64Array(0);
    return {
      run: () => {
        const { checks } = transformer.trainLens(model, texts, { steps: 1, rows: ROWS, heldRows: 1 });
        kl = Float64Array.from(checks.flatMap((check) => check.kl));
      },
      outputs: () => [{ name: 'kl', data: kl }],
    };
  },
};

/** The passes are those of one layer of 12 hidden units, so what is timed is sums and fits. */
const ridgeCase: Case = {
  group: 'lens training',
  name: `trainRidgeLens ${STAGES}×${TOKENS}×${D}`,
  precision: 'f64',
  work: {
    amount: STAGES * (3 * D * D * (TOKENS + 64) + (transformer.RIDGE_PENALTIES.length * 13 * D ** 3) / 3),
    unit: 'GFLOP/s',
  },
  long: true,
  timed: ['wasm', 'wasm-relaxed'],
  async prepare(backend) {
    const model = await smolHead.open(backend);
    let lens = transformer.zeroLens(model, 'ridge');
    return {
      run: () => {
        ({ lens } = transformer.trainRidgeLens(model, texts, { heldRows: 1 }));
      },
      outputs: () => translatorsOf(lens),
    };
  },
};

export const lensTrainingCases: readonly Case[] = [stepCase, ridgeCase];
