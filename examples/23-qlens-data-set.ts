// QLens over a data set: are the operators of a sublayer more alike, from text to text, than chance makes them?
import { fileURLToPath } from 'node:url';
import { analyses, qlens, transformer } from '../src/index.ts';

const folder = await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url)));
const model = await transformer.openModel(folder);

const who = ['the fisherman', 'the banker', 'the girl', 'the clerk', 'the farmer', 'the old man'];
const where = ['sat on the bank', 'stood by the bank', 'waited near the river', 'went to the office'];
const prompts = who.flatMap((subject) => where.map((rest) => ({ text: `${subject} ${rest}`, place: subject })));

const operators = await qlens.collectOperators(model.backend, analyses.textStages(model, prompts));
const result = qlens.analyseDataSet(model.backend, operators, { permutations: 999, umap: false });

console.log('step to              sim_H   chance   p');
for (const { to, statistics } of result.steps) {
  const { similarityH, baselines } = statistics!;
  const [chance] = baselines;
  const p = chance!.similarityTest.p.toFixed(3);
  console.log(`${to.padEnd(20)} ${similarityH.toFixed(3)}  ${chance!.similarityH.toFixed(3)}    ${p}`);
}

const law = Float64Array.of(0.5, 0.5, 0, 0.25, 0.25, 0.5);
const [source] = qlens.sourcesFromArrays([{ name: 'p', shape: [2, 3], data: law }], { rows: 'probabilities' });
console.log(`overlap of two laws ${qlens.analyseStages(model.backend, source!).transitions[0]!.overlap.toFixed(4)}`);
model.release();
