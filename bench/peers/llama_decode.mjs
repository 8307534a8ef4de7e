/**
 * Decodes with llama.cpp: FILE IDS GIVEN PASSES. Reads the first GIVEN of the ids at once, then the others one by one, PASSES times after one to warm up.
 * Prints the nanoseconds of CPU time of each pass and the last logits as JSON. Without arguments it only loads the library.
 */
import { getLlama } from 'node-llama-cpp';

const [file, list, given, passes] = process.argv.slice(2);
const llama = await getLlama({ build: 'never', skipDownload: true, gpu: false, maxThreads: 1, logLevel: 'error' });
const report = file === undefined ? {} : await decode(list.split(',').map(Number), +given);
// Its threads would keep the process; a pipe takes a long text only in pieces.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));

async function decode(ids, first) {
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: 64, sequences: 1, threads: 1, flashAttention: false });
  const sequence = context.getSequence();
  await sequence.evaluateWithoutGeneratingNewTokens(ids.slice(0, first));
  const ns = [];
  for (let pass = 0; pass <= +passes; pass++) {
    await sequence.eraseContextTokenRanges([{ start: first, end: sequence.nextTokenIndex }]);
    const before = process.cpuUsage();
    for (const id of ids.slice(first)) await sequence.controlledEvaluate([[id, { generateNext: { token: true } }]]);
    const { user, system } = process.cpuUsage(before);
    if (pass > 0) ns.push(1000 * (user + system));
  }
  await sequence.eraseContextTokenRanges([{ start: ids.length - 1, end: sequence.nextTokenIndex }]);
  const [last] = (await sequence.controlledEvaluate([[ids.at(-1), { generateNext: { logits: true } }]])).slice(-1);
  const logits = new Array(last.next.logits.size);
  for (const [token, logit] of last.next.logits) logits[token] = logit;
  return { ns, logits };
}
