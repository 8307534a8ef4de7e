/**
 * Published checkpoints against transformers in double precision (validator/real.json). They run where TMECH_CHECKPOINTS names a folder
 * that holds them and are skipped, with a notice, elsewhere; nothing is fetched.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '../support/backends.ts';
import { beyond, told } from '../support/referee/finding.ts';
import { compareReal } from '../support/referee/real.ts';
import { CHECKPOINTS, isPresent, realCheckpoints, realReference } from '../support/referee/real-files.ts';
import type { FamilyReference } from '../support/referee/reference.ts';

const checkpoints = realCheckpoints();
const absent = checkpoints.filter((checkpoint) => !isPresent(checkpoint)).map(({ name }) => name);
if (absent.length > 0)
  process.stderr.write(
    `\n  NOTICE: ${absent.join('; ')} SKIPPED: not in the folder TMECH_CHECKPOINTS (docs/validation.md).\n\n`,
  );

it('docs/validation.md is of the references that there are', () => {
  const page = readFileSync(new URL('../../docs/validation.md', import.meta.url), 'utf8');
  const folder = new URL('../../validator/references/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const { family, cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as FamilyReference;
    for (const { name } of cases) expect(page, 'npm run validate').toContain(`| ${family}: ${name} |`);
  }
  for (const { sha256, fetch } of checkpoints) {
    expect(page).toContain(sha256);
    expect(page).toContain(fetch);
  }
});

describe('published checkpoints', () => {
  for (const checkpoint of checkpoints) {
    it.skipIf(!isPresent(checkpoint))(checkpoint.name, { timeout: 600_000 }, async () => {
      const { findings } = await compareReal(wasmBackend, CHECKPOINTS!, checkpoint, realReference(checkpoint));
      expect(findings.length).toBeGreaterThan(10);
      expect(beyond(findings).map(told)).toEqual([]);
    });
  }
});
