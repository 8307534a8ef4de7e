/** The Dyson picture of one prompt of 32 tokens: whole at 4 layers of width 128, all orders at GPT-2-small's shape. */
import { dyson, transformer } from '../../src/index.ts';
import type { Case, Output } from '../case.ts';
import { FORWARD_ROWS, PROMPT, promptIds } from './forward.ts';
import { gpt2Small, smallModel } from './models.ts';

const prompts: readonly Case[] = (['f32', 'f64'] as const).map((precision) => ({
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

/** The row that the summary holds against the forward pass, in the same rounds. */
export const ORDERS_ROW = {
  group: FORWARD_ROWS.group,
  name: `expandOrders ${gpt2Small.label} f32 T=${PROMPT}`,
} as const;

/** All orders and the second-order map. */
const ordersOfGpt2Small: Case = {
  ...ORDERS_ROW,
  precision: 'f32',
  long: true,
  withoutTwin: true,
  timed: ['wasm', 'wasm-relaxed'],
  work: { amount: 1, unit: 'prompts/s' },
  async prepare(backend) {
    const model = await gpt2Small.open(backend);
    const ids = promptIds(PROMPT, model.config.V);
    const trace = transformer.traceForward(model, ids, { keep: dyson.frozenActivations(model.config) });
    const operators = new dyson.FrozenOperators(model, trace);
    let result: dyson.OrderExpansion | undefined;
    return {
      run: () => {
        result = dyson.expandOrders(operators);
      },
      outputs: () => result!.terms.map((data, k) => ({ name: `T_${k}`, data })),
    };
  },
};

export const dysonCases: readonly Case[] = [...prompts, ordersOfGpt2Small];

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
