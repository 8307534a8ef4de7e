/**
 * ONNX Runtime on GPT-2's forward pass: node|web MODEL IDS PASSES THREADS, PASSES times after two to warm up. Prints the nanoseconds of each pass
 * (processor time with one thread, elapsed with more) and the logits as JSON. Without a model it only loads the library.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WARM_UP = 2;
const [kind, model, list, passes, threads] = process.argv.slice(2);
const ort = await import(kind === 'node' ? 'onnxruntime-node' : 'onnxruntime-web');
const { InferenceSession, Tensor, env } = ort.default ?? ort;
const report = model === undefined ? {} : await forward(list.split(',').map(Number));
// Its threads would keep the process; a pipe takes a long text only in pieces.
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));

async function forward(ids) {
  const session = await open();
  const whole = (numbers) => new Tensor('int64', BigInt64Array.from(numbers, BigInt), [numbers.length]);
  const inputs = { ids: whole(ids), positions: whole(ids.map((_, t) => t)) };
  const ns = [];
  let logits;
  for (let pass = 0; pass < WARM_UP + Number(passes); pass++) {
    const [start, before] = [process.hrtime.bigint(), process.cpuUsage()];
    ({ logits } = await session.run(inputs));
    const { user, system } = process.cpuUsage(before);
    if (pass >= WARM_UP) ns.push(threads === '1' ? 1000 * (user + system) : Number(process.hrtime.bigint() - start));
  }
  return { ns, logits: Array.from(logits.data) };
}

function open() {
  const options = { graphOptimizationLevel: 'all' };
  if (kind === 'node') {
    return InferenceSession.create(model, { ...options, intraOpNumThreads: +threads, interOpNumThreads: 1 });
  }
  env.wasm.numThreads = +threads;
  const weights = 'model.safetensors';
  const externalData = [{ path: weights, data: readFileSync(join(dirname(model), weights)) }];
  return InferenceSession.create(readFileSync(model), { ...options, executionProviders: ['wasm'], externalData });
}
