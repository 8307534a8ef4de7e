/** Results carry the version of their fields, and `rerun` reads older ones. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANGED_FIELDS, fieldsChangedSince } from '../../src/cli/result-schemas.ts';
import { SCHEMA } from '../../src/core/version.ts';
import { tmech } from '../support/command-line.ts';

const MODEL = 'examples/chen-two-blocks.json';
/** Results of version 0.1.0, which had no schema: `chen`, `chen --lump` and `chen --quantum` of the same description. */
const OLD = JSON.parse(await readFile('tests/golden/results-schema-0.json', 'utf8'));

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-'));
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function rerun(result: unknown, ...options: readonly string[]) {
  const path = join(work, 'result.json');
  await writeFile(path, JSON.stringify(result));
  return tmech('rerun', path, ...options);
}

describe('the schema of results', () => {
  it('stands in the provenance of every command', async () => {
    const lines = [
      ['next', '--ids', '5'],
      ['qlens', '--ids', '5'],
      ['dyson', '--ids', '5'],
      ['dyson', 'rank-collapse', '--ids', '5'],
      ['dyson', 'lyapunov', '--ids', '5'],
      ['dyson', 'accelerate', '-p', 'the bank'],
      ['analyze', '--ids', '5', '--depth', '1', '--trajectories', '1'],
      ['chen', MODEL],
      ['chen', MODEL, '--lump'],
      ['chen', MODEL, '--enumerate'],
      ['chen', MODEL, '--quantum'],
      ['chen', MODEL, '--statistics', '10'],
      ['chen', MODEL, '--trajectories', '2', '--sample', join(work, 'a.jsonl')],
      ['spectra', '--operator', 'ov', '--grid', '4', '--horizon', '2'],
      ['spectra', '--operator', 'attention', '--ids', '5,6,7', '--grid', '4'],
      ['trace', '--ids', '5', '--out', join(work, 'a.npz')],
      ['lens', 'eval', '--texts', 'examples/qlens-texts.txt'],
      ['qlens', '--texts', 'examples/qlens-texts.txt', '--permutations', '9'],
      ['info'],
    ];
    for (const line of lines) {
      const { stdout, stderr } = await tmech(...line, '--json');
      expect(stderr).toBe('');
      const { kind, provenance } = JSON.parse(stdout);
      expect([line.join(' '), kind, provenance.schema]).toEqual([line.join(' '), expect.any(String), SCHEMA]);
    }
    const [header] = (await readFile(join(work, 'a.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(header!).provenance.schema).toBe(SCHEMA);
  });

  it.each([0, 1, 2])('0 can be rerun: result %i', async (i) => {
    const old = OLD[i];
    const { code, stdout } = await rerun(old, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'rerun',
      provenance: { schema: SCHEMA },
      schemaBefore: 0,
      schemaNow: SCHEMA,
      identical: true,
      differences: [],
      notComparable: [['trajectories.entropies'], [], ['coherentRefused']][i],
    });
  });

  it('0 does not hide a number that differs', async () => {
    const old = structuredClone(OLD[0]);
    old.joint[0].probability += 1e-12;
    old.table[0].entropy += 1;
    const { code, stdout } = await rerun(old);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^joint\.0\.probability: \S+ before, \S+ now\n/);
    expect(stdout).toMatch(
      /\nnot comparable with a result of schema 0: table\[\]\.entropy, trajectories\.entropies\n$/,
    );
  });

  it('tolerates nothing in results of its own', async () => {
    const fresh = JSON.parse((await tmech('chen', MODEL, '--json')).stdout);
    expect((await rerun(fresh)).code).toBe(0);
    fresh.table[0].entropy += 1;
    expect((await rerun(fresh)).stdout).toMatch(/^table\.0\.entropy: \S+ before, \S+ now\n$/);
    delete fresh.provenance.schema;
    expect((await rerun(fresh)).stdout).toContain('not comparable with a result of schema 0: table[].entropy\n');
  });

  it.each([
    [SCHEMA + 1, `must be of schema ${SCHEMA} or older, but it is of schema ${SCHEMA + 1}, written by version 9.9.9.`],
    [1e15, `must be of schema ${SCHEMA} or older, but it is of schema 1000000000000000, written by version 9.9.9.`],
    [-1, 'must be a result of tmech, but provenance.schema is not'],
    [0.5, 'must be a result of tmech, but provenance.schema is not'],
    ['1', 'must be a result of tmech, but provenance.schema is not'],
    [null, 'must be a result of tmech, but provenance.schema is not'],
  ])('%j is refused by name', async (schema, message) => {
    const newer = structuredClone(OLD[1]);
    Object.assign(newer.provenance, { schema, version: '9.9.9' });
    const { code, stdout, stderr } = await rerun(newer);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it('has every change on record and in the documentation', async () => {
    expect(CHANGED_FIELDS).toHaveLength(SCHEMA);
    const page = await readFile('docs/json.md', 'utf8');
    const rows = [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)];
    expect(rows.map(([, schema]) => Number(schema))).toEqual(Array.from({ length: SCHEMA + 1 }, (_, i) => i));
    for (const [i, byKind] of CHANGED_FIELDS.entries()) {
      for (const [kind, fields] of Object.entries(byKind)) {
        for (const name of [kind, ...fields]) expect(rows[i + 1]![2]).toContain(`\`${name}\``);
      }
    }
    expect(fieldsChangedSince(SCHEMA, 'chen')).toEqual([]);
    expect(fieldsChangedSince(0, 'constructor')).toEqual([]);
  });
});
