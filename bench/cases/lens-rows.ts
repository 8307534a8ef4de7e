/** All stages of one position through a lens, in SmolLM2-135M's width and vocabulary: in one product, and one by one. */
import { transformer } from '../../src/index.ts';
import type { Case } from '../case.ts';
import { randomNumbers } from './blocks.ts';
import type { PeersOf } from './forward.ts';
import { smolHead } from './models.ts';

const ROWS = 60;
/** The row that a peer has as well: the product alone. */
export const LENS_ROW = {
  name: `lens ${ROWS}×${smolHead.sizes.D}×${smolHead.sizes.V} together`,
  rows: ROWS,
  ...smolHead.sizes,
};

type Look = (model: transformer.Model, streams: Float32Array) => Float32Array | Float64Array;

function oneByOne(model: transformer.Model, streams: Float32Array): Float32Array {
  const { D, V } = smolHead.sizes;
  const logits = new Float32Array(ROWS * V);
  for (let row = 0; row < ROWS; row++)
    logits.set(transformer.lensOf(model, streams.subarray(row * D, (row + 1) * D)), row * V);
  return logits;
}

function rowsCase(way: string, look: Look, peersOf: PeersOf): Case {
  const name = `lens ${ROWS}×${smolHead.sizes.D}×${smolHead.sizes.V} ${way}`;
  const { D, V } = smolHead.sizes;
  return {
    group: 'lens rows',
    name,
    precision: 'f32',
    work: { amount: 2 * ROWS * D * V, unit: 'GFLOP/s' },
    long: true,
    timed: ['wasm', 'wasm-relaxed'],
    peers: peersOf(name),
    async prepare(backend) {
      const model = await smolHead.open(backend);
      const streams = Float32Array.from(randomNumbers(ROWS * D, 1));
      let logits: Float32Array | Float64Array = new Float32Array(0);
      return {
        run: () => {
          logits = look(model, streams);
        },
        outputs: () => [{ name: 'logits', data: logits }],
      };
    },
  };
}

export function lensRowsCases(peersOf: PeersOf): readonly Case[] {
  return [
    rowsCase('together', (model, streams) => transformer.lensRows(model, streams, ROWS), peersOf),
    rowsCase('one by one', oneByOne, peersOf),
  ];
}
