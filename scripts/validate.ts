/**
 * Holds the package against transformers (validator/) and writes docs/validation.md: npm run validate
 * TMECH_CHECKPOINTS names a folder with published checkpoints to hold too.
 *
 * The comparison is that of tests/golden/referee.test.ts. Exit code 1 if a deviation is beyond its bound.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Backend, openBackend } from '../src/index.ts';
import { compareCase } from '../tests/support/referee/compare.ts';
import { beyond, told } from '../tests/support/referee/finding.ts';
import { compareReal, type RealCheckpoint } from '../tests/support/referee/real.ts';
import { CHECKPOINTS, isPresent, realCheckpoints, realReference } from '../tests/support/referee/real-files.ts';
import { type CaseReference, type FamilyReference, isSupported } from '../tests/support/referee/reference.ts';
import { type CaseReport, type RealReport, validationPage } from './validation-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const REFERENCES = `${root}validator/references/`;
const PAGE = `${root}docs/validation.md`;

const backends = [await openBackend({ kind: 'ts' }), await openBackend({ kind: 'wasm' })];
const families = await readFamilies();
const reports: CaseReport[] = [];
for (const family of families)
  for (const reference of family.cases) reports.push(await reportOf(backends, family, reference));

const real: RealReport[] = [];
for (const checkpoint of realCheckpoints()) real.push(await realReport(backends[1]!, checkpoint));

await writeFile(PAGE, validationPage(reports, real, { date: new Date(), backends: backends.map(({ kind }) => kind) }));
const faults = reports.flatMap(({ family, reference, findings }) =>
  beyond(findings).map((finding) => `${family.family}, ${reference.name}: ${told(finding)}`),
);
const refusals = reports.flatMap(({ family, reference, refused }) =>
  refused.map((message) => `${family.family}, ${reference.name}: ${message}`),
);
for (const { checkpoint, findings, refused } of real) {
  faults.push(...beyond(findings).map((finding) => `${checkpoint.name}: ${told(finding)}`));
  if (refused !== null) refusals.push(`${checkpoint.name}: ${refused}`);
}
for (const line of [...faults, ...refusals]) process.stderr.write(`${line}\n`);
const read = reports.filter(({ findings }) => findings.length > 0).length;
process.stdout.write(`${read} of ${reports.length} cases compared; docs/validation.md written.\n`);
process.exitCode = faults.length + refusals.length > 0 ? 1 : 0;

async function readFamilies(): Promise<FamilyReference[]> {
  const names = (await readdir(REFERENCES)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(REFERENCES + name, 'utf8'))));
}

/** All spellings of a case on all backends. */
async function reportOf(
  on: readonly Backend[],
  family: FamilyReference,
  reference: CaseReference,
): Promise<CaseReport> {
  const [findings, unsupported, refused]: [CaseReport['findings'][number][], string[], string[]] = [[], [], []];
  for (const [i, spelling] of Object.keys(reference.configs).entries()) {
    if (!(await isSupported(family, reference, spelling))) {
      unsupported.push(spelling);
      continue;
    }
    for (const backend of on) {
      try {
        const { findings: found } = await compareCase(backend, family, reference, spelling, { laws: i === 0 });
        findings.push(...found);
      } catch (error) {
        refused.push(`${spelling}, ${backend.kind}: ${(error as Error).message}`);
      }
    }
  }
  return { family, reference, findings, unsupported, refused };
}

/** A published checkpoint, if it is there. */
async function realReport(backend: Backend, checkpoint: RealCheckpoint): Promise<RealReport> {
  if (!isPresent(checkpoint)) return { checkpoint, findings: [], refused: null };
  try {
    const { findings } = await compareReal(backend, CHECKPOINTS!, checkpoint, realReference(checkpoint));
    return { checkpoint, findings, refused: null };
  } catch (error) {
    return { checkpoint, findings: [], refused: (error as Error).message };
  }
}
