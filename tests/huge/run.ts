/**
 * What takes more than a few minutes: a million cases of the fuzzers (`fuzz`), and checkpoints of published shapes by their names. All of them, or those named as
 * arguments. Exits 1 if anything is wrong or a limit is missed, 2 for an unknown name.
 */
import { CHECKPOINTS, measureCheckpoints } from './checkpoints.ts';

const parts = ['fuzz', ...CHECKPOINTS];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : parts;
const unknown = wanted.find((name) => !parts.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`test:huge: arguments must be some of ${parts.join(', ')}, but one is ${unknown}.\n`);
  process.exitCode = 2;
} else {
  if (wanted.includes('fuzz')) await (await import('./fuzz.ts')).fuzzHugely();
  await measureCheckpoints(wanted.filter((name) => name !== 'fuzz'));
}
