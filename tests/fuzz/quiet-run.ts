import { run } from '../../src/cli/run.ts';
import { actingIn } from '../support/acting.ts';
import { WrongAnswer } from './target.ts';

/** Runs a command line and catches all that it says, which must be harmless and no fault of the program. */
export async function quietRun(args: readonly string[], writes: boolean): Promise<{ code: number; output: string }> {
  const written: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = ((chunk: unknown) => written.push(String(chunk)) > 0) as typeof process.stderr.write;
  let code: number;
  try {
    code = await run(args, (shown) => void written.push(shown), { writes });
  } finally {
    process.stderr.write = write;
  }
  const output = written.join('');
  const acting = actingIn(output);
  if (acting !== null) throw new WrongAnswer(`lets a ${acting} through: ${JSON.stringify(output)}`);
  if (output.includes('fault of tmech')) throw new WrongAnswer(output);
  if (output === '') throw new WrongAnswer(`nothing was said, code ${code}`);
  return { code, output };
}
