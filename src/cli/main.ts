#!/usr/bin/env node
import { run } from './run.ts';

// A reader that goes away (`| head`) ends the program quietly; a full disk is said.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: standard output must be writable, but it is not (${code ?? message}).\n`);
  process.exit(1);
});

process.exitCode = await run(process.argv.slice(2), (text) => process.stdout.write(text));
