// The law of the next token after a prompt, from the model that comes with the package, and a greedy continuation.
import { fileURLToPath } from 'node:url';
import { transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);
const prompt = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });

const { top, greedyIds } = transformer.nextToken(model, prompt.ids, { top: 5, greedy: 8 });
console.log(`${prompt.ids.length} tokens read by ${model.label}, computed by ${model.backend.kind}`);
for (const { token, logProb } of top) console.log(`${Math.exp(logProb).toFixed(4)} ${token}`);
console.log(`greedy:${model.tokenizer?.decode(greedyIds)}`);
model.release();
