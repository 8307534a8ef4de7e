/**
 * One point of tests/scale/growth.ts: TASK MODEL T. Runs the task on T tokens of a checkpoint and prints the least processor time of a run and the
 * peak memory of this process, the checkpoint's weights included, as JSON.
 */
import { analyses, dyson, openBackend, transformer } from '../../src/index.ts';

/** Runs of short tasks: until so many seconds have passed. */
const ENOUGH = 1;

type Run = () => unknown;

const TASKS: Readonly<Record<string, (model: transformer.Model, ids: number[]) => Run>> = {
  forward: (model, ids) => () => transformer.traceForward(model, ids, { precision: 'f32' }),
  orders(model, ids) {
    const keep = dyson.frozenActivations(model.config);
    const trace = transformer.traceForward(model, ids, { precision: 'f32', keep });
    const operators = new dyson.FrozenOperators(model, trace);
    return () => dyson.expandOrders(operators);
  },
  qlens: (model, ids) => () => analyses.qlensPicture(model, transformer.promptOf(model, { ids }), { precision: 'f32' }),
  analyze: (model, ids) => () => analyses.analysePrompt(model, transformer.promptOf(model, { ids })),
};

const [task = '', directory = '', tokens = ''] = process.argv.slice(2);
const backend = await openBackend({ threads: 1 });
const model = await transformer.openModel(await transformer.openNodeFolder(directory), { backend });
const ids = Array.from({ length: Number(tokens) }, (_, t) => (t * 1543 + 17) % model.config.V);
const run = TASKS[task]!(model, ids);
let least = Number.POSITIVE_INFINITY;
for (let spent = 0; spent < ENOUGH; ) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  least = Math.min(least, (user + system) / 1e6);
  spent += (user + system) / 1e6;
}
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ seconds: least, peakBytes }));
