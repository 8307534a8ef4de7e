// A weight matrix with one planted direction, and an attention pattern, against random matrices.
import { linalg, openBackend, transformer } from '../src/index.ts';

const { randomMatrices } = linalg;
const backend = await openBackend();

const weights = randomMatrices.gaussianMatrix('real', 96, 96, { seed: 1n });
for (let j = 0; j < 96; j++) weights.data[j]! *= 3;
const { marchenkoPastur, elliptic, flags } = randomMatrices.compareWithRandom(backend, weights);
const { variance, spikes, threshold } = marchenkoPastur!;
console.log(`bulk variance ${variance.toFixed(3)}, directions beyond ${threshold.toFixed(3)} leave it`);
for (const { eigenvalue, strength } of spikes)
  console.log(`spike at ${eigenvalue.toFixed(2)}: variance ${strength.toFixed(2)}`);
console.log(`elliptic law: τ ${elliptic!.tau.toFixed(3)}, p ${elliptic!.pValue}; flags ${flags.join(', ')}`);

const model = await transformer.openModel(await transformer.openNodeFolder('models/bank'));
const { ids } = transformer.promptOf(model, { text: 'the fisherman sat on the bank and watched the' });
const { activations } = transformer.traceForward(model, ids, { keep: ['blocks.1.attn.pattern'] });
const { data } = activations.get('blocks.1.attn.pattern')!;
const T = ids.length;
const head = new linalg.Matrix(T, T, Float64Array.from(data.subarray(0, T * T)));
const { scale, statistics } = randomMatrices.compareWithRandom(backend, head, { kind: 'attention' }).causal!;
console.log(
  `head 1.0: scores as spread as ${scale.toFixed(2)}; attention to the first token p ${statistics.firstColumn.pValue.toFixed(2)}`,
);
