/** `tmech spectra` on files and on the embedded model. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyBytes } from '../../src/formats/index.ts';
import { linalg } from '../../src/index.ts';
import { arrayFrom, identity, Matrix } from '../../src/linalg/index.ts';
import { wasmBackend } from '../support/backends.ts';
import { tmech } from '../support/command-line.ts';
import { grcar, jordan, randomComplex } from '../support/gallery.ts';
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
    expect(plane).toContain('>pseudospectra, ε = 1, 0.1</text>');
    // ε on its line, turned along it, with a halo.
    expect(plane).toMatch(/stroke="#ffffff"[^>]*>(<text[^>]* rotate\([^>]*>(1|0\.1)<\/text>)+/);
    // One dot per eigenvalue, and one of the legend.
    expect(plane.match(/<circle/g)).toHaveLength(13);
    const bars = await readFile(join(out, 'spectra-singular-values.svg'), 'utf8');
    const counts = [...bars.matchAll(/y="0\.32em"[^>]*>([^<]*)/g)].map(([, tick]) => Number(tick));
    expect(counts).toEqual(counts.map((_, k) => k));
    const data = JSON.parse(await readFile(join(out, 'spectra.json'), 'utf8'));
    expect(data.kind).toBe('spectra');
    expect(data.parameters).toMatchObject({ grid: 12, horizon: 50, limit: 128, scale: false });
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
    expect(stdout.replaceAll(/\n +/g, ' ')).toContain(
      'Warning: Rounding cannot tell 6 eigenvalues apart (numbers 0, 1, 2, 3, 4, 5): nearly defective. ',
    );
    expect(stdout.replaceAll(/\n +/g, ' ')).toContain('(defective): the largest condition number is Infinity.');
    expect(stdout).toMatch(/Kreiss constant \(powers\) 1\.000000; distance/);
    expect(stdout).toMatch(/max ‖Aᵏ‖ 1\.000 at k = 0 .*, at least 1\.000 by the resolvent, at most 16\.31 at any k/);
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
    expect(step.stdout).toContain('1 + V of blocks.0.mlp, frozen on the prompt, all 1 tokens: 64×64');
    expect(step.stdout.replaceAll(/\n +/g, ' ')).toContain(
      'Order 64 is above the limit of 8 for Kreiss constants, ε-abscissae and ε-radii: they are left out. A limit of 64 (--limit 64) computes them',
    );
    // The largest three and the smallest.
    const mlp = JSON.parse(
      (await tmech('spectra', '--operator', 'step', '--sublayer', 'mlp', '--ids', '5', '--limit', '1', '--json'))
        .stdout,
    ).singularValues as number[];
    const shown = [mlp[0]!, mlp[1]!, mlp[2]!].map((value) => value.toPrecision(4)).join(', ');
    expect(step.stdout.replaceAll(/\n +/g, ' ')).toContain(
      `singular values ${shown}, …, ${mlp.at(-1)!.toPrecision(4)}`,
    );
  });

  it('takes the Jacobian of a block: of all tokens, whose spectrum is that of each token’s own block', async () => {
    const common = ['--layer', '1', '--ids', '5,6', '--grid', '2', '--horizon', '2', '--limit', '2', '--json'];
    const of = async (...more: string[]) =>
      JSON.parse((await tmech('spectra', '--operator', 'jacobian', ...common, ...more)).stdout);
    const [all, first, second, mlp] = [
      await of(),
      await of('--token', '0'),
      await of('--token', '1'),
      await of('--token', '1', '--sublayer', 'mlp'),
    ];
    expect(all.subject.name).toBe('1 + J of blocks.1, tangent on the prompt, all 2 tokens');
    expect(second.subject.name).toBe('1 + J of blocks.1, tangent on the prompt, token 1 from itself');
    expect(mlp.subject.name).toContain('blocks.1.mlp');
    expect([all.rows, first.rows, all.parameters.precision, second.parameters.token]).toEqual([128, 64, 'f64', 1]);
    const sizes = (values: number[]) =>
      values.flatMap((re, k) => (k % 2 === 0 ? [Math.hypot(re, values[k + 1]!)] : [])).sort((x, y) => x - y);
    const parts = sizes([...first.summary.eigenvalues, ...second.summary.eigenvalues]);
    sizes(all.summary.eigenvalues).forEach((size, k) => {
      expectClose(size, parts[k]!, 1e-8);
    });
    expect(mlp.summary.eigenvalues).not.toEqual(second.summary.eigenvalues);
  });

  it('holds matrices against random ones: JSON, terminal, figures, and rerun finds the same', async () => {
    const { randomMatrices } = linalg;
    const spiked = randomMatrices.gaussianMatrix('real', 120, 120, { seed: 3n });
    for (let j = 0; j < 120; j++) spiked.data[j]! *= 4;
    const file = await stored('spiked.npy', spiked);
    const out = join(folder, 'random');
    const few = ['--random', '--grid', '4', '--limit', '2', '--horizon', '2', '--surrogates', '19'];
    const { stdout } = await tmech('spectra', file, ...few, '--out', out);
    expect(stdout).toMatch(/Marchenko–Pastur: s² 1\.0|Marchenko–Pastur: s² 0\.9/);
    expect(stdout).toMatch(/Flags: spikes/);
    const figures = (await readdir(out)).filter((name) => name.startsWith('random-')).toSorted();
    expect(figures).toEqual([
      'random-elliptic.svg',
      'random-marchenko-pastur.svg',
      'random-overlaps.svg',
      'random-spacing-ratios.svg',
      'random-tail.svg',
    ]);
    for (const name of figures) expect(await readFile(join(out, name), 'utf8'), name).not.toMatch(/NaN|undefined/);
    const { random } = JSON.parse(await readFile(join(out, 'spectra.json'), 'utf8'));
    expect(random).toHaveLength(1);
    expect(random[0].marchenkoPastur.spikes).toHaveLength(1);
    const own = randomMatrices.compareWithRandom(wasmBackend, spiked, { seed: 1n, surrogates: 19 });
    for (const part of ['marchenkoPastur', 'tail', 'elliptic'] as const)
      expect(random[0][part].pValue, part).toBe(own[part]!.pValue);
    expect(random[0].tail.alpha).toBe(own.tail!.alpha);
    expect(random[0].flags).toEqual(own.flags);
    expect((await tmech('rerun', join(out, 'spectra.json'))).stdout).toContain('identical');
  });

  it('takes for random what a model’s factors are, and the causal null for attention', async () => {
    const few = ['--random', '--grid', '2', '--limit', '2', '--horizon', '2', '--surrogates', '9', '--json'];
    const qk = JSON.parse((await tmech('spectra', '--operator', 'qk', ...few)).stdout);
    expect(qk.random.map(({ of, rows, columns }: never) => [of, rows, columns])).toEqual([
      ['W_Q of layer 0, head 0', 64, 16],
      ['W_Kᵀ of layer 0, head 0', 16, 64],
    ]);
    const pattern = JSON.parse((await tmech('spectra', '--operator', 'attention', '--ids', '5,6,7,8', ...few)).stdout);
    expect(pattern.random[0]).toMatchObject({ kind: 'attention', marchenkoPastur: null });
    expect(pattern.random[0].causal.statistics.diagonal.observed).toBeGreaterThan(0);
    const file = await stored('pattern.npy', linalg.randomMatrices.causalAttention(12, 1));
    const { stdout } = await tmech('spectra', file, ...few.slice(0, -1));
    expect(stdout).toContain('to the token before');
    expect(stdout).toContain('Nothing tells it from its null model.');
  });

  it('shows the part of the plane and the times that are asked for, and by itself those where something happens', async () => {
    const far = await stored(
      'far.npy',
      Matrix.fromRows([
        [-1, 1e6],
        [0, -2],
      ]),
    );
    const out = join(folder, 'axes');
    const whole = await tmech('spectra', far);
    const hint = /To see them:\n? *(--axes=\S+)/.exec(whole.stdout);
    expect(hint?.[1]).toBe('--axes=-2.25,-0.75,-0.25,0.25');
    // The peak ‖e^{tA}‖ ≈ 10⁶(e^{−t} − e^{−2t}) = 10⁶/4 at t = ln 2.
    const peak = /max ‖exp\(tA\)‖ ([\d,]+) at t = (0\.\d+) \(up to ([\d.]+)\)/.exec(whole.stdout)!;
    expectClose(Number(peak[1]!.replace(',', '')), 250_000, 2_000);
    expectClose(Number(peak[2]), Math.LN2, 0.1);
    const near = await tmech('spectra', far, hint![1]!, '--time', '0.25', '--horizon', '5', '--out', out);
    expect(near.code).toBe(0);
    expect(near.stdout).toContain('Re z from −2.250 to −0.7500, Im z from −0.2500 to 0.2500');
    expect(near.stdout).not.toContain('To see them');
    const data = JSON.parse(await readFile(join(out, 'spectra.json'), 'utf8'));
    expect(data.parameters).toMatchObject({ axes: [-2.25, -0.75, -0.25, 0.25], time: 0.25 });
    expect(data.exponentials.growth.times).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25].map((t) => expect.closeTo(t, 12)));
    const plane = await readFile(join(out, 'spectra-plane.svg'), 'utf8');
    // Both eigenvalues and the legend's dot; nothing is drawn outside of the frame.
    expect(plane.match(/<circle/g)).toHaveLength(3);
    const half = await tmech('spectra', far, '--axes=-1.5,0,-1,1', '--out', out);
    expect(half.code).toBe(0);
    expect((await readFile(join(out, 'spectra-plane.svg'), 'utf8')).match(/<circle/g)).toHaveLength(2);
    expect((await tmech('rerun', join(out, 'spectra.json'))).stdout).toContain('identical');
    // An eigenvalue that is 0 but for rounding is no growth.
    const flat = new Matrix(3, 3, Float64Array.of(0.1, 0.2, 0.3, 0.2, 0.4, 0.6, -0.5 / 3, -1 / 3, -0.5));
    expect((await tmech('spectra', await stored('flat.npy', flat), '--grid', '4')).stdout).toContain('(up to 19.2)');
    // Five times 1/(max Re λ) = 5·10¹³, but t²⁹/29! overflows before.
    const mixed = new Matrix(31, 31);
    mixed.data[0] = 1e-13;
    for (let i = 1; i < 30; i++) mixed.data[i * 31 + i + 1] = 1;
    const short = await tmech('spectra', await stored('mixed.npy', mixed), '--grid', '4', '--horizon', '1');
    expect(short.stdout).toContain('(up to 20.0)');
    const beside = await tmech('spectra', far, '--axes=100,101,5,6', '--grid', '4');
    expect(beside.stdout).toMatch(/No eigenvalue lies on this map\. To see them:\s+--axes=-2\.25,-0\.75,-0\.25,0\.25/);
    const close = await stored('close.npy', new Matrix(2, 2, Float64Array.of(1.0001, 1, 0, 1.0002)));
    expect((await tmech('spectra', close, '--grid', '4')).stdout).toContain(
      '--axes=1.000075,1.000225,-0.000025,0.000025',
    );
    for (const bad of ['1,2,3', '2,1,0,1', '0,1,1,1', '0,1,a,1', '0,1,,1', '0,Infinity,0,1', '-1e308,1e308,0,1']) {
      const { code, stderr } = await tmech('spectra', far, `--axes=${bad}`);
      expect([code, stderr]).toEqual([2, expect.stringContaining('four numbers, Re from and to, Im from and to')]);
    }
    const tall = await stored('tall.npy', new Matrix(3, 2, Float64Array.of(1, 0, 0, 2, 1, 1)));
    expect(JSON.parse((await tmech('spectra', tall, '--axes=0,1,2,3', '--json')).stdout).grid).toMatchObject({
      re: expect.arrayContaining([0, 1]),
      im: expect.arrayContaining([2, 3]),
    });
  });

  it('divides by the spectral radius on request', async () => {
    const file = await stored('growing.npy', jordan(5, 3));
    const few = ['--grid', '4', '--horizon', '2'];
    expect((await tmech('spectra', file, ...few)).stdout).toContain(
      'Kreiss constant (powers) ∞: the eigenvalue 3.00000 + 0i has modulus 3.00000\n',
    );
    expect((await tmech('spectra', await stored('defective.npy', jordan(2, 1)), ...few)).stdout).toContain(
      'Kreiss constant (powers) ∞: an eigenvalue of modulus 1 is defective to rounding\n',
    );
    const scaled = JSON.parse((await tmech('spectra', file, '--scale', ...few, '--json')).stdout);
    expectClose(scaled.summary.radius, 1, 1e-12);
    expect(scaled.subject.name).toBe('growing.npy, divided by its spectral radius 3');
    expect((await tmech('spectra', await stored('zero.npy', jordan(5, 0)), '--scale')).stderr).toContain(
      '--scale needs a positive spectral radius',
    );
  });

  it('takes matrices at the ends of the range, and says what they do not allow', async () => {
    const tiny = new Matrix(2, 2, Float64Array.of(1e-310, 5e-311, 0, 2e-310));
    const out = ['--out', join(folder, 'ends')];
    const { code, stdout } = await tmech(
      'spectra',
      await stored('tiny.npy', tiny),
      '--grid',
      '4',
      '--horizon',
      '2',
      ...out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/‖A‖ = 2\.\d+e-310 is too small for exponentials/);
    const narrow = await tmech('spectra', await stored('one.npy', identity(2)), '--axes=0,1,-1e-310,1e-310', ...out);
    expect(narrow.code).toBe(0);
    const nearly = await stored('nearly.npy', jordan(2, -1e-12));
    expect((await tmech('spectra', nearly, '--grid', '4')).stdout).toMatch(/by the resolvent\n/);
    const zero = await tmech('spectra', await stored('zeros.npy', new Matrix(101, 101)), '--horizon', '2');
    expect(zero.code).toBe(0);
    expect(zero.stdout).not.toMatch(/NaN|undefined/);
    const small = await tmech('spectra', await stored('zero.npy', new Matrix(3, 3)), '--grid', '4');
    expect(small.stdout).toMatch(
      /\(exponential\) 1\.000.*\(powers\) 1\.000.*ε = 0\.10: abscissa 0\.1000000.*‖A‖ = 0 is too small/s,
    );
    const tall = await tmech('spectra', await stored('tall.npy', new Matrix(3, 2)), '--json');
    expect(JSON.parse(tall.stdout)).toMatchObject({ notes: [], grid: { re: expect.arrayContaining([-1, 1]) } });
    const large = await stored('large.npy', new Matrix(1, 1, Float64Array.of(3e300)));
    expect((await tmech('spectra', large, '--grid', '4')).stdout).toMatch(/3\.00000×10³⁰⁰ +0 +3\.00000×10³⁰⁰/);
    const huge = new Matrix(2, 2, Float64Array.of(1.7e308, 1.7e308, 0, 1.7e308));
    expect((await tmech('spectra', await stored('huge.npy', huge))).stderr).toContain('Scale a down');
    const text = join(folder, 'matrix.json');
    await writeFile(text, '[[1, 2], [3, 4]]');
    expect((await tmech('spectra', text)).stderr).toContain(
      'must be a .npy, .npz, safetensors, PyTorch or MatrixMarket file',
    );
  });

  it('says what is wrong', async () => {
    expect((await tmech('spectra')).stderr).toContain('either a file or --operator, but neither is given');
    expect((await tmech('spectra', 'x.npy', '--operator', 'ov')).code).toBe(2);
    expect((await tmech('spectra', join(folder, 'absent.npy'))).stderr).toContain('must be a readable file');
    expect((await tmech('spectra', '--operator', 'ov', '--layer', '9')).stderr).toContain(
      'layer must be an integer from 0 to 3',
    );
    expect((await tmech('spectra', '--operator', 'step')).stderr).toContain('the prompt must come from');
    const usage = async (...words: string[]) => {
      const { code, stderr } = await tmech('spectra', ...words);
      expect(code, words.join(' ')).toBe(2);
      return stderr;
    };
    const oblong = await stored('oblong.npy', new Matrix(2, 1, Float64Array.of(1, 2)));
    for (const option of ['--epsilon', '--horizon', '--time', '--limit'])
      expect(await usage(oblong, option, '1')).toContain(
        `${option} must come with a square matrix, but this one is 2×1.`,
      );
    expect(await usage('x.npy', '--token', '1')).toContain(
      '--token must come with --operator step or jacobian, but a file',
    );
    expect(await usage('--operator', 'ov', '--offset', '1')).toContain('--offset must come with --operator qk, but ov');
    expect(await usage('--operator', 'step', '--ids', '5', '--fold-norm')).toContain('--operator ov or qk, but step');
    expect(await usage('--operator', 'ov', '--tensor', 'a')).toContain('--tensor must come with a file');
    expect(await usage('x.npy', '--surrogates', '9')).toContain('--surrogates must come with --random');
    expect(await usage('x.npy', '--seed', '2')).toContain('--seed must come with --random');
    expect(await usage('x.npy', '--layer', '1')).toContain('--layer must come with --operator, but a file');
    expect(await usage('x.npy', '--model', 'y')).toContain('--model must come with --operator, but a file');
    expect(await usage('--operator', 'step', '--ids', '5', '--head', '1')).toContain('or attention, but step is given');
    expect(await usage('--operator', 'ov', '--prompt', 'the')).toContain(
      '--prompt must come with --operator attention',
    );
    expect(await usage('--operator', 'qk', '--ids', '5')).toContain('--ids must come with --operator attention');
    const jacobian = ['spectra', '--operator', 'jacobian', '--ids', '5,6'];
    expect((await tmech(...jacobian, '--token', '2')).stderr).toContain('token must be an integer from 0 to 1');
    expect((await tmech(...jacobian, '--layer', '4')).stderr).toContain('--layer must be from 0 to 3, but it is 4');
    const long = Array.from({ length: 33 }, () => '5').join(',');
    expect((await tmech('spectra', '--operator', 'jacobian', '--ids', long)).stderr).toContain(
      'the order must be at most 2048, but 33 tokens of width 64 make 2112. Take one token',
    );
    const complex = join(folder, 'complex.npy');
    await writeFile(complex, npyBytes(arrayFrom('a', randomComplex(4, 1))));
    expect((await tmech('spectra', complex, '--random')).stderr).toContain('--random needs a real matrix');
    expect((await tmech('spectra', await stored('small.npy', jordan(2, 1)), '--random')).stderr).toContain(
      'rows of matrix must be an integer of at least 3',
    );
    const bad = await stored('nan.npy', new Matrix(1, 1, Float64Array.of(Number.NaN)));
    expect((await tmech('spectra', bad)).stderr).toContain('a[0, 0] is NaN');
  });
});
