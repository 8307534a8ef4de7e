import blocks from '../../../examples/chen-two-blocks.json' with { type: 'json' };
import heads from '../../../examples/chen-two-heads.json' with { type: 'json' };
import { modelOfDescription, parseDescription, runChen } from '../../../src/fock/index.ts';
import { mutatedJsonBytes } from '../mutate-json.ts';
import { target, WrongAnswer } from '../target.ts';

const [a, b] = ['a', 'b'];
const MAPS = {
  name: 'maps',
  tokens: [{ name: a }, { name: b }],
  blocks: [
    {
      scores: [
        [0, 1],
        [1, 0],
      ],
      map: [b, a],
    },
    {
      heads: [
        {
          scores: [
            [0, 1],
            [2, 0],
          ],
        },
        {
          scores: [
            [1, 0],
            [0, 1],
          ],
        },
      ],
      map: [a, b],
    },
  ],
  mixture: [
    { text: [a], weight: 0.25 },
    { text: [b, a], weight: 0.75 },
  ],
  steps: 3,
  vacuum: a,
};

export const DESCRIPTION_TARGETS = [
  target<Uint8Array>({
    name: 'chen-description',
    weight: 3,
    make: (random) => mutatedJsonBytes(random, random.pick([heads, blocks, MAPS] as unknown[])),
    read(bytes) {
      const description = parseDescription(new TextDecoder().decode(bytes), 'a.json');
      const model = modelOfDescription(description, 'a.json');
      if (model.steps > 12 || model.space.N > 64) return;
      const { table, certificate } = runChen(model, { maxStrings: 16, trajectories: 3 });
      const dropped = table.reduce((sum, { discarded }) => sum + discarded, 0);
      if (!(Math.abs(certificate.kept + dropped - 1) < 1e-9)) {
        throw new WrongAnswer(`kept ${certificate.kept} and dropped ${dropped}`);
      }
    },
  }),
];
