// The Dyson series of one forward pass: how much each order of the frozen expansion contributes, and which sublayer pushes the
// logit of the token that wins (direct logit attribution). Both are exact decompositions of this pass, not predictions.
import { fileURLToPath } from 'node:url';
import { dyson, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const { ids } = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });
const result = dyson.runDyson(model, ids, { precision: 'f64' });

const { token, logit } = result.top;
console.log(`likeliest next token:${token}, logit ${logit.toFixed(6)}`);
console.log('order  ‖T_k‖     adds to logit  KL after it');
for (const { order, normAll, topLogit, partialSum } of result.orders) {
  const numbers = [
    normAll.toFixed(4).padStart(8),
    topLogit.toFixed(4).padStart(14),
    partialSum.klFinal.toExponential(1),
  ];
  console.log(`${String(order).padStart(5)}  ${numbers.join('  ')}`);
}
console.log(`‖ΣT_k − x‖/‖x‖ = ${result.residual.relativeToState.toExponential(1)}`);

const total = result.sublayers.reduce((sum, { topLogit }) => sum + topLogit, result.embeddingTopLogit);
for (const { name, topLogit } of result.sublayers) console.log(`${name.padEnd(13)} ${topLogit.toFixed(4).padStart(8)}`);
console.log(`embedding     ${result.embeddingTopLogit.toFixed(4).padStart(8)}`);
console.log(`sum           ${total.toFixed(4).padStart(8)}, off by ${result.attributionResidual.toExponential(1)}`);
model.release();
