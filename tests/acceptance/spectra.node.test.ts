/** `tmech spectra` on files and on the embedded model. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyBytes } from '../../src/formats/index.ts';
import { arrayFrom, Matrix } from '../../src/linalg/index.ts';
import { tmech } from '../support/command-line.ts';
import { grcar, jordan } from '../support/gallery.ts';
import { expectClose } from '../support/numbers.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tmech-spectra-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function stored(name: string, a: Matrix): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, npyBytes(arrayFrom('a', a)));
  return path;
}

describe('tmech spectra', () => {
  it('writes JSON and figures of a matrix, and rerun finds the same numbers', async () => {
    const file = await stored('grcar.npy', grcar(12));
    const out = join(folder, 'out');
    const { code, stdout } = await tmech('spectra', file, '--grid', '12', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('grcar.npy: 12×12');
    expect(stdout).toContain('Kreiss constant (powers) ∞');
    expect((await readdir(out)).toSorted()).toEqual([
      'spectra-exponentials.svg',
      'spectra-plane.svg',
      'spectra-powers.svg',
      'spectra-singular-values.svg',
      'spectra.json',
    ]);
    const plane = await readFile(join(out, 'spectra-plane.svg'), 'utf8');
    expect(plane).not.toMatch(/NaN|undefined/);
    // One dot per eigenvalue, and one of the legend.
    expect(plane.match(/<circle/g)).toHaveLength(13);
    const data = JSON.parse(await readFile(join(out, 'spectra.json'), 'utf8'));
    expect(data.kind).toBe('spectra');
    expect(data.stability.map(({ kreiss }: { kreiss: { value: unknown } }) => kreiss.value)).toEqual([
      'Infinity',
      'Infinity',
    ]);
    expect(data.summary.eigenvalues).toHaveLength(24);
    expect(data.grid.sigmaMin).toHaveLength(144);
    expect((await tmech('rerun', join(out, 'spectra.json'))).stdout).toContain('identical');
  });

  it('warns of nilpotent matrices and takes rectangular ones', async () => {
    const { stdout } = await tmech('spectra', await stored('nilpotent.npy', jordan(6, 0)), '--grid', '8');
    expect(stdout).toMatch(/Warning: Rounding cannot tell 6 eigenvalues apart/);
    expect(stdout).toMatch(/Kreiss constant \(powers\) 1\.000000; distance/);
    const tall = await tmech(
      'spectra',
      await stored('tall.npy', new Matrix(3, 2, Float64Array.of(1, 0, 0, 2, 1, 1))),
      '--json',
    );
    expect(JSON.parse(tall.stdout)).toMatchObject({ rows: 3, columns: 2, summary: null });
    const wide = await tmech('spectra', await stored('wide.npy', new Matrix(1, 2, Float64Array.of(3, 4))));
    expect(wide.stdout).toMatch(/singular values 5\.000\n.*need more rows than columns/);
  });

  it('takes operators of a model', async () => {
    const ov = JSON.parse((await tmech('spectra', '--operator', 'ov', '--head', '1', '--grid', '4', '--json')).stdout);
    expect([ov.rows, ov.subject.zeros, ov.subject.eigenvalues.length]).toEqual([32, 32, 32]);
    const pattern = ['spectra', '--operator', 'attention', '--ids', '5,6,7', '--grid', '4', '--json'];
    const attention = JSON.parse((await tmech(...pattern)).stdout);
    expect(attention.prompt.ids).toEqual([5, 6, 7]);
    expectClose(attention.summary.radius, 1, 1e-6);
    const step = await tmech(
      'spectra',
      '--operator',
      'step',
      '--sublayer',
      'mlp',
      '--ids',
      '5',
      '--grid',
      '4',
      '--limit',
      '8',
      '--horizon',
      '3',
    );
    expect(step.stdout).toContain('1 + V of blocks.0.mlp, frozen on the prompt: 64×64');
    expect(step.stdout).toContain('above the limit of 8');
  });

  it('says what is wrong', async () => {
    expect((await tmech('spectra')).stderr).toContain('either a file or --operator, but neither is given');
    expect((await tmech('spectra', 'x.npy', '--operator', 'ov')).code).toBe(2);
    expect((await tmech('spectra', join(folder, 'absent.npy'))).stderr).toContain('must be a readable file');
    expect((await tmech('spectra', '--operator', 'ov', '--layer', '9')).stderr).toContain(
      'layer must be an integer from 0 to 3',
    );
    expect((await tmech('spectra', '--operator', 'step')).stderr).toContain('the prompt must come from');
    const bad = await stored('nan.npy', new Matrix(1, 1, Float64Array.of(Number.NaN)));
    expect((await tmech('spectra', bad)).stderr).toContain('a[0, 0] is NaN');
  });
});
