// A tuned lens: translators trained for every sublayer make early stages readable where the logit lens shows noise. Texts come
// from the model itself; others judge the result.
import { fileURLToPath } from 'node:url';
import { qlens, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);

const texts = transformer.sampleTexts(model, { count: 40, length: 24, seed: 1n });
const { lens, steps, checks } = transformer.trainLens(model, texts, { steps: 30, rate: 0.01, every: 10 });
const fresh = transformer.sampleTexts(model, { count: 10, length: 24, seed: 2n });
const before = transformer.evaluateLens(model, null, fresh);
const after = transformer.evaluateLens(model, lens, fresh);

console.log(`${steps} steps, ${checks.length} looks at the texts held back`);
console.log('stage                logit lens  tuned lens   KL to the final law in nats');
before.stages.forEach(({ stage, kl }, s) => {
  console.log(`${stage.padEnd(20)} ${kl.toFixed(3).padStart(10)} ${after.stages[s]!.kl.toFixed(3).padStart(11)}`);
});

const bytes = transformer.lensBytes(lens);
const again = transformer.readLens(bytes);
const { ids } = transformer.promptOf(model, { text: 'the fisherman sat on the bank' });
const stages = transformer.lensStages(model.config);
const trace = transformer.traceForward(model, ids, { keep: stages });
const logits = stages.map((stage) => transformer.tunedLens(model, again, trace, stage));
const result = qlens.analyseStages(model.backend, { names: stages, logitsOf: (stage) => logits[stage]! });
console.log(`path through the tuned lens ${result.summary.pathLength.toFixed(3)} rad, ${bytes.length} bytes on disk`);
model.release();
