/** The whole Dyson picture of one prompt: 4 layers of width 128, 32 tokens. */
import { dyson } from '../../src/index.ts';
import type { Case, Output } from '../case.ts';
import { PROMPT, promptIds } from './forward.ts';
import { smallModel } from './models.ts';

export const dysonCases: readonly Case[] = (['f32', 'f64'] as const).map((precision) => ({
  group: 'dyson',
  name: `runDyson ${smallModel.label} ${precision} T=${PROMPT}`,
  precision,
  work: { amount: 1, unit: 'prompts/s' },
  async prepare(backend) {
    const model = await smallModel.open(backend);
    const ids = promptIds(PROMPT, model.config.V);
    let result: dyson.DysonResult | undefined;
    return {
      run: () => {
        result = dyson.runDyson(model, ids, { precision });
      },
      outputs: () => outputsOf(result!),
    };
  },
}));

function outputsOf({
  orders,
  secondOrder,
  sublayers,
  top,
  residual,
  attributionResidual,
}: dyson.DysonResult): Output[] {
  const data = (numbers: readonly number[]) => Float64Array.from(numbers);
  return [
    { name: 'order norms', data: data(orders.flatMap(({ normAll, normLast }) => [normAll, normLast])) },
    { name: 'second-order norms', data: data(secondOrder.flat()) },
    { name: 'sublayer norms', data: data(sublayers.map(({ outputNorm }) => outputNorm)) },
    { name: 'top logit', data: data([top.id, top.logit]) },
    {
      name: 'residuals',
      data: data([
        residual.relativeToState,
        residual.relativeToTerms,
        attributionResidual,
        ...orders.map(({ partialSum }) => partialSum.relativeError),
        ...sublayers.map((sublayer) => sublayer.residual),
      ]),
      residual: true,
    },
  ];
}
