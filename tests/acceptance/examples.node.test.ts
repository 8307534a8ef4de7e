/** Every program of examples/ runs and prints what its first comment promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { expectClose } from '../support/numbers.ts';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));
const programs = readdirSync(folder).filter((name) => name.endsWith('.ts'));

/** Lines that a program prints when it is imported. */
async function linesOf(name: string): Promise<string[]> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  try {
    await import(`../../examples/${name}.ts`);
  } finally {
    log.mockRestore();
  }
  return lines;
}

/** All numbers in the lines that match. */
function numbersIn(lines: readonly string[], pattern: RegExp): number[] {
  return lines
    .filter((line) => pattern.test(line))
    .flatMap((line) => Array.from(line.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]\d+)?/g), Number));
}

describe('examples', () => {
  it.each(programs)('%s is short, begins with a comment and uses public exports only', (name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    expect(text).toMatch(/^\/\/ /);
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
    for (const [, source] of text.matchAll(/from '([^']+)'/g)) expect(source).toMatch(/^(node:|\.\.\/src\/index\.ts$)/);
  });

  it('01 lists the likeliest next tokens', async () => {
    const [first, ...rest] = await linesOf('01-next-token');
    expect(first).toMatch(/^6 tokens read by bank, computed by (wasm|ts)$/);
    const probabilities = numbersIn(rest, /^0\.\d{4} /);
    expect(probabilities).toHaveLength(5);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect(rest.at(-1)).toMatch(/^greedy:( \S+){8}$/);
  });

  it("02 agrees with the closed form of Chen's example", async () => {
    const lines = await linesOf('02-chen-worked-example');
    const joint = lines.filter((line) => line.startsWith('P('));
    expect(joint).toHaveLength(4);
    for (const line of joint) {
      const [, computed, closed] = /= ([\d.]+), closed form ([\d.]+)$/.exec(line)!;
      expect(computed).toBe(closed);
    }
    expect(lines).toContain('dimension 127, dropped 0');
    expect(lines.at(-2)).toBe('first step by position: 0.211942, 0.576117, 0.211942');
    expect(lines.at(-1)).toBe('first step by token:    0.423883, 0.576117');
  });

  it('03 keeps 12 strings, certifies the rest, and samples near the tree', async () => {
    const lines = await linesOf('03-truncated-tree');
    const steps = lines.filter((line) => line.startsWith('step '));
    expect(steps).toHaveLength(4);
    for (const line of steps) expect(line).toContain(': 12 strings, kept ');
    const [, delta, kept] = /\+ (\S+)\]; σ\(everything\) = (\S+)$/.exec(lines.find((line) => line.includes('P(A)'))!)!;
    expectClose(Number(delta) + Number(kept), 1, 1e-5);
    for (const line of lines.filter((text) => text.startsWith('sampled '))) {
      const [frequency, low, high, exact] = numbersIn([line], /tree/) as [number, number, number, number];
      expect(low < frequency && frequency < high).toBe(true);
      expectClose(frequency, exact, 4 * Math.sqrt((exact * (1 - exact)) / 400));
    }
  });

  it('04 starts from one state and ends in two', async () => {
    const lines = await linesOf('04-qlens-two-contexts');
    const overlaps = lines.filter((line) => /^(embed|blocks)/.test(line)).map((line) => Number(line.split(/\s+/)[1]));
    expect(overlaps).toHaveLength(9);
    expect(overlaps[0]).toBe(1);
    expect(overlaps.at(-1)).toBeLessThan(0.9);
    expect(lines.at(-1)).toMatch(/^the banker stood by the bank: path .*, efficiency 0\.\d{3}$/);
  });

  it('05 gives orders and attributions that sum to the logit', async () => {
    const lines = await linesOf('05-dyson-orders');
    const [logit] = numbersIn(lines, /^likeliest/) as [number];
    const orders = numbersIn(lines, /^ +\d {2}/);
    expect(orders).toHaveLength(4 * 9);
    const byOrder = orders.filter((_, i) => i % 4 === 2).reduce((sum, x) => sum + x, 0);
    expectClose(byOrder, logit, 1e-3, 'sum over the orders');
    const [sum, error] = numbersIn(lines, /^sum/) as [number, number];
    expectClose(sum, logit, 1e-4, 'sum of the attributions');
    expectClose(error, 0, 1e-9);
    expectClose(Number(lines.find((line) => line.startsWith('‖ΣT'))!.split('= ')[1]), 0, 1e-12);
  });

  it('06 looks at every head and writes an .npz', async () => {
    const lines = await linesOf('06-activation-trace');
    expect(
      lines.filter((line) => /^layer \d head \d: [01]\.\d\d on “\S+” \(position \d\), entropy /.test(line)),
    ).toHaveLength(16);
    const [, file] = /^10 arrays in (.*trace\.npz)$/.exec(lines.at(-1)!)!;
    const bytes = readFileSync(file!);
    await rm(dirname(file!), { recursive: true });
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    for (const name of ['ids', 'logits', 'blocks.3.attn.pattern']) expect(bytes.includes(`${name}.npy`)).toBe(true);
  });

  it('07 multiplies, solves and sums', async () => {
    expect(await linesOf('07-matrix-products')).toEqual([
      'AB = 19,22 / 43,50',
      'A†A = 10,14 / 14,20',
      'conj(z) z = 25 + 0i',
      'LX = B: X = 1 / 2',
      'plain sum 0, accurate sum 2',
      'the same bits from the TypeScript backend: true',
    ]);
  });

  it('08 decomposes, factors and solves', async () => {
    expect(await linesOf('08-decompositions')).toEqual([
      'eigenvalues of σ_y -1, 1',
      'eigenvectors are 2 × 2 complex',
      'smallest singular value 1.414e-20',
      'Cholesky factor 2,0 | 1,2',
      'determinant 16',
      'solution 1, 1',
    ]);
  });

  it('10 gives exact numbers after 200 steps', async () => {
    const lines = await linesOf('10-lumping');
    expect(lines[0]).toBe('S = 115.444417122 nats from 400 lumped states, Tr ρ² = 7.385497e-43');
    expect(lines[1]).toMatch(/97\.011641, 58\.942199$/);
    expect(lines[2]).toBe('last token: 0.496950079, 0.503049921');
    const joint = numbersIn([lines[5]!.split(': ')[1]!], /./);
    expectClose(joint[0]! + joint[2]!, 0.496950079, 2e-6);
    const [low, high, sampled, error] = numbersIn([lines.at(-1)!], /T/) as [number, number, number, number];
    expect(low < sampled - 4 * error && sampled + 4 * error < high).toBe(true);
  });

  it('09 moves an eigenvalue by its condition number, and reorders', async () => {
    const lines = await linesOf('09-eigenvalues');
    const pairs = lines.slice(0, 6).map((line) => numbersIn([line], /λ/) as [number, number]);
    expect(pairs.map(([value]) => value).toSorted((x, y) => x - y)).toEqual([1, 2, 3, 4, 5, 6]);
    const [value, kappa] = pairs.reduce((worst, pair) => (pair[1] > worst[1] ? pair : worst));
    const [, movedValue, moved] = numbersIn(lines, /moves/) as [number, number, number];
    expect(movedValue).toBe(value);
    expectClose(moved / kappa, 1, 0.01);
    expect(lines.at(-1)).toMatch(/invariant subspace of (1\.000000, 2\.000000|2\.000000, 1\.000000)$/);
  });

  it('11 maps the pseudospectra of Grcar, symmetric about the real axis', async () => {
    const lines = await linesOf('11-pseudospectra');
    const map = lines.slice(0, 17);
    expect(map).toEqual(map.toReversed());
    expect(map[0]).toBe('·'.repeat(41));
    expect(map[3]).toContain('4554');
    const [rightmost, epsilon, reach] = numbersIn(lines, /^eigenvalues reach/) as [number, number, number];
    expect(reach).toBeGreaterThan(rightmost + 10 * epsilon);
    expect(lines.at(-1)).toBe('A becomes singular at distance 0.9511; u and v are 32×1 and 32×1');
  });

  it('12 takes functions of small matrices', async () => {
    expect(await linesOf('12-matrix-functions')).toEqual([
      'e^J = 0.5403 -0.8415 | 0.8415 0.5403',
      'log e^J = 0.0000 -1.0000 | 1.0000 0.0000',
      'degree 9, squarings 0',
      'half a step 0.9456 0.0544 | 0.1089 0.8911',
      'ten steps   0.6761 0.3239 | 0.6478 0.3522',
      'nearest rotation 0.9983 -0.0587 | 0.0587 0.9983',
      'log(−2) = 0.6931 3.1416 (re im), ‖log‖ = 3.2172',
    ]);
  });

  it('13 writes and reads matrices', async () => {
    expect(await linesOf('13-matrix-files')).toEqual([
      '192 bytes hold a 2×2 complex matrix, a[0, 1] = 2i',
      'arrays: a, b',
      'b = 5 / 7',
      'MatrixMarket: 4,0.5 / 0.5,0',
      'DomainError: readMatrix: tensor must name an array of both.npz, but it is absent. There are: a, b.',
    ]);
  });

  it('14 takes singular values of a product and finds double energies', async () => {
    const lines = await linesOf('14-operators');
    const [first, second, third] = numbersIn(lines, /^largest singular values/) as [number, number, number];
    expect(first > second && second > third).toBe(true);
    expect(lines[1]).toMatch(/^residuals below 1e-9: true, \d+ products$/);
    const [, low, high] = /from ([\d.]+) to ([\d.]+), but for a probability of 0.000001$/.exec(lines[2]!)!;
    expect(Number(low) <= first + 1e-3 && first <= Number(high)).toBe(true);
    expect(lines.at(-1)).toBe('energies of the ring 2.000000, 1.999753, 1.999753, 1.999013, 1.999013');
  });

  it('15 certifies three extensions, tells two apart, and compares entanglement with information', async () => {
    const lines = await linesOf('15-chen-channels');
    expect(lines.slice(0, 4)).toEqual([
      'history: 23 Kraus operators, Choi ≥ 0 and trace kept: true',
      'outcome: 2 Kraus operators, Choi ≥ 0 and trace kept: true',
      'position: 7 Kraus operators, Choi ≥ 0 and trace kept: true',
      'outcome and history differ on (|x0 x1 x1⟩ + |x1 x0 x1⟩)/√2: T = 0.500000',
    ]);
    expect(lines[4]).toBe('on texts of up to 2 tokens: ‖outcome − history‖◇ = 1.531377, proven: true');
    expect(lines.at(-1)).toBe('last token: 0.502807 bits of entanglement, 0.302119 bits of classical information');
  });

  it('16 finds the same entropy stored, walked and sampled', async () => {
    const lines = await linesOf('16-many-strings');
    const [[, stored], [strings, walked]] = [numbersIn(lines, /^stored/), numbersIn(lines, /^walked/)];
    expect(strings).toBe(65536);
    expect(walked).toBe(stored);
    const [sampled, error] = numbersIn(lines, /^sampled/);
    expect(Math.abs(sampled! - stored!)).toBeLessThan(5 * error!);
    expect(lines.length).toBeGreaterThan(5);
  });

  it('17 brackets the growth of powers of a Jordan block', async () => {
    const lines = await linesOf('17-spectra');
    expect(lines[0]).toBe(
      'spectral radius 0.5; Rounding cannot tell 8 eigenvalues apart (numbers 0, 1, 2, 3, 4, 5, 6, 7): nearly defective.',
    );
    const [lower, upper] = /between ([\d.]+) and ([\d.]+)$/.exec(lines[2]!)!.slice(1).map(Number) as [number, number];
    const [largest, most] = /power ([\d.]+), at most e·n·K = ([\d.]+)$/.exec(lines[3]!)!.slice(1).map(Number) as [
      number,
      number,
    ];
    expect(lower <= upper && upper <= largest && largest <= most).toBe(true);
    expectClose(upper - lower, 0, 2e-6);
    const [bound, norm] = /least ([\d.]+) by the resolvent, in fact ([\d.]+)$/
      .exec(lines[4]!)!
      .slice(1)
      .map(Number) as [number, number];
    expect(1 < bound && bound <= norm).toBe(true);
    expect(lines[5]).toBe('OV of layer 2, head 3: radius 0.4081, norm 0.8794');
  });

  it('18 ranks paths, compares ablations and follows a small change', async () => {
    const lines = await linesOf('18-dyson-paths');
    expect(lines[0]).toBe('the largest of 12222 paths to the logit 12.5418 (enumeration):');
    const contributions = numbersIn(lines, / {2}blocks\.0\.mlp$/);
    expect(contributions[0]).toBe(2.017);
    expect(lines.filter((line) => line.includes('ablated'))).toHaveLength(8);
    expect(numbersIn(lines, /^a small change/)[0]).toBeGreaterThan(1);
  });

  it('19 trains a lens that closes the gap at every stage', async () => {
    const lines = await linesOf('19-tuned-lens');
    expect(lines[0]).toBe('30 steps, 4 looks at the texts held back');
    const rows = lines.slice(2, -1).map((line) => line.split(/ +/).slice(1).map(Number));
    expect(rows).toHaveLength(9);
    for (const [logit, tuned] of rows.slice(0, -1)) expect(tuned).toBeLessThan(0.7 * logit!);
    expect(rows.at(-1)).toEqual([0, 0]);
    expect(lines.at(-1)).toMatch(/^path through the tuned lens \d\.\d{3} rad, \d+ bytes on disk$/);
  });

  it('20 generates by heads and by tables, and shares what copies share', async () => {
    const lines = await linesOf('20-chen-blocks');
    expect(lines[0]).toBe('attending to 10 and 01 generates 11');
    const [strings] = numbersIn(lines, / strings, S = /) as [number];
    expect(strings).toBeLessThanOrEqual(4 ** 8);
    const orders = lines.slice(2, 6).map((line) => Number(/: ([\d.]+) bits$/.exec(line)![1]));
    expect(orders).toEqual(orders.toSorted((a, b) => b - a));
    expect(orders[0]).toBeLessThanOrEqual(2);
    const shared = Number(/share ([\d.]+) bits$/.exec(lines.at(-1)!)![1]);
    expect(shared > 0 && shared < orders[1]!).toBe(true);
  });

  it('21 finds a limit early, sums a divergent series, and does not beat the last state along depth', async () => {
    const lines = await linesOf('21-acceleration');
    expectClose(Number(lines[1]!.split(/ +/).at(-1)), 0.7390851332, 1e-4);
    expectClose(numbersIn(lines, /^1 − 1!/).at(-1)!, 0.596347362323194, 1e-12);
    const errors = numbersIn(lines, /^trajectory/);
    expect(errors).toHaveLength(8);
    expect(Math.min(...errors)).toBe(errors[0]);
  });

  it('22 finds the planted direction and compares a head with random attention', async () => {
    const lines = await linesOf('22-random-matrices');
    expect(lines[0]).toBe('bulk variance 0.986, directions beyond 1.972 leave it');
    expect(lines[1]).toBe('spike at 8.40: variance 7.26');
    expect(lines.at(-1)).toMatch(/^head 1\.0: scores as spread as \d\.\d\d; attention to the first token p [\d.]+$/);
  });

  it('24 measures a noisy CNOT: damping by 0.1 takes √0.9 of coherences', async () => {
    const coherence = Math.sqrt(0.9);
    expect(await linesOf('24-dense-channels')).toEqual([
      '‖noisy − CNOT‖◇ in [0.2000000, 0.2000000]',
      `process fidelity ${(((1 + coherence) / 2) ** 2).toFixed(6)}`,
      `XI becomes ${coherence.toFixed(6)} XX; unital: false`,
      `concurrence ${(0.96 * coherence).toFixed(6)}`,
      'negativity 0.424491',
    ]);
  });
});
