/** Writes tests/golden/bank.json; run it (npx tsx tests/golden/make-bank.ts) after a change that is meant to change numbers. */
import { writeFileSync } from 'node:fs';
import { goldenAnalysis } from '../support/golden-analysis.ts';

writeFileSync(new URL('bank.json', import.meta.url), `${JSON.stringify(await goldenAnalysis('ts'), null, 1)}\n`);
