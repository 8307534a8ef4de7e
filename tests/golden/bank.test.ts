/**
 * The three pictures of one prompt on the embedded model are the same numbers, to the last bit, from both backends, in Node and
 * in Chromium, as when tests/golden/bank.json was made (by make-bank.ts, from the TypeScript twin).
 */
import { expect, it } from 'vitest';
import { goldenAnalysis } from '../support/golden-analysis.ts';
import golden from './bank.json' with { type: 'json' };

it.each(['ts', 'wasm'] as const)('the three pictures are bit for bit those on record [%s]', async (backend) => {
  expect(await goldenAnalysis(backend)).toEqual(golden);
});
