#!/usr/bin/env node
import { run } from './run.ts';
import { endWithReaders, terminal } from './terminal.ts';

endWithReaders();
process.exitCode = await run(process.argv.slice(2), terminal.print);
