/** Makes one case again and shows it: npx tsx tests/fuzz/replay.ts <target> <case> [seed]. */
import { inspect } from 'node:util';
import { meterAllocations } from './allocations.ts';

const meter = meterAllocations();
const { TARGETS } = await import('./targets/index.ts');
const { runCase } = await import('./run-case.ts');
const { CaseRandom } = await import('./random.ts');

const [name, number = '0', seed = '20261129'] = process.argv.slice(2);
const target = TARGETS.find((candidate) => candidate.name === name);
if (target === undefined)
  throw new Error(`The target must be one of ${TARGETS.map((known) => known.name).join(', ')}.`);
const input = target.make(new CaseRandom(Number(seed), target.name, Number(number)));
const text = input instanceof Uint8Array ? Buffer.from(input).toString('latin1') : input;
process.stdout.write(`${inspect(text, { depth: 8, maxStringLength: 4000 })}\n`);
process.stdout.write(`${inspect(await runCase(target, Number(seed), Number(number), meter))}\n`);
