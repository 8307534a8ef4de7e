import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RealCheckpoint, RealReference } from './real.ts';

const VALIDATOR = fileURLToPath(new URL('../../../validator', import.meta.url));

/** The folder of published checkpoints that the environment names; null for none. */
export const CHECKPOINTS = process.env.TMECH_CHECKPOINTS ?? null;

/** The list of published checkpoints. */
export function realCheckpoints(): readonly RealCheckpoint[] {
  return JSON.parse(readFileSync(`${VALIDATOR}/real.json`, 'utf8'));
}

/** Its reference. */
export function realReference({ folder }: RealCheckpoint): RealReference {
  return JSON.parse(readFileSync(`${VALIDATOR}/real/${folder}.json`, 'utf8'));
}

/** Whether it lies in the folder that the environment names. */
export function isPresent({ folder, file }: RealCheckpoint): boolean {
  return CHECKPOINTS !== null && existsSync(`${CHECKPOINTS}/${folder}/${file}`);
}
