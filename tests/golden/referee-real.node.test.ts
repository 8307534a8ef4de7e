/**
 * Published checkpoints against transformers in double precision (validator/real.json). They run where TMECH_CHECKPOINTS names a folder
 * that holds them and are skipped, with a notice, elsewhere; nothing is fetched.
 */
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '../support/backends.ts';
import { beyond, told } from '../support/referee/finding.ts';
import { compareReal } from '../support/referee/real.ts';
import { CHECKPOINTS, isPresent, realCheckpoints, realReference } from '../support/referee/real-files.ts';

const checkpoints = realCheckpoints();
const absent = checkpoints.filter((checkpoint) => !isPresent(checkpoint)).map(({ name }) => name);
if (absent.length > 0)
  process.stderr.write(
    `\n  NOTICE: ${absent.join('; ')} SKIPPED: not in the folder TMECH_CHECKPOINTS (docs/validation.md).\n\n`,
  );

describe('published checkpoints', () => {
  for (const checkpoint of checkpoints) {
    it.skipIf(!isPresent(checkpoint))(checkpoint.name, { timeout: 600_000 }, async () => {
      const { findings } = await compareReal(wasmBackend, CHECKPOINTS!, checkpoint, realReference(checkpoint));
      expect(findings.length).toBeGreaterThan(10);
      expect(beyond(findings).map(told)).toEqual([]);
    });
  }
});
