/** All three pictures of one prompt of 32 tokens, as `tmech analyze` takes them: at 4 layers of width 128 and at GPT-2-small's shape. */
import { analyses, transformer } from '../../src/index.ts';
import type { Case, Output } from '../case.ts';
import { PROMPT, promptIds } from './forward.ts';
import { type BenchModel, gpt2Small, smallModel } from './models.ts';

function whole(bench: BenchModel, more: Partial<Case>): Case {
  return {
    group: 'dyson',
    name: `analysePrompt ${bench.label} f32 T=${PROMPT}`,
    precision: 'f32',
    long: true,
    work: { amount: 1, unit: 'prompts/s' },
    async prepare(backend) {
      const model = await bench.open(backend);
      const prompt = transformer.promptOf(model, { ids: promptIds(PROMPT, model.config.V) });
      let result: analyses.Analysis | undefined;
      return {
        run: () => {
          result = analyses.analysePrompt(model, prompt);
        },
        outputs: () => outputsOf(result!),
      };
    },
    ...more,
  };
}

export const analysisCases: readonly Case[] = [
  whole(smallModel, {}),
  whole(gpt2Small, { withoutTwin: true, timed: ['wasm', 'wasm-relaxed'] }),
];

/** A number or a few of each picture; which paths are listed may depend on rounding, what they add up to does not. */
function outputsOf({ next, chen, qlens, dyson }: analyses.Analysis): Output[] {
  const data = (numbers: readonly number[]) => Float64Array.from(numbers);
  return [
    { name: 'next token', data: data(next.top.slice(0, 1).map(({ logProb }) => logProb)) },
    { name: 'open system', data: data([chen!.certificate.kept]) },
    { name: 'state vector', data: data(qlens.stages.map(({ entropy }) => entropy)) },
    { name: 'order norms', data: data(dyson.orders.map(({ normAll }) => normAll)) },
    { name: 'paths', data: data([dyson.paths!.total]) },
  ];
}
