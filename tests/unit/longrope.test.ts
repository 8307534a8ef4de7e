/** Rotations that depend on the length of the sequence: however it is cut, its last pass is that of one pass over the whole. */
import { expect, it } from 'vitest';
import { HistoryTree } from '../../src/transformer/history-tree.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { Session } from '../../src/transformer/session.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

/** Four tokens turn by ω/short, five by ω/long; everything by √(1 + ln 4/ln 4) = √2. */
const LONGROPE = {
  rope_scaling: {
    type: 'longrope',
    short_factor: [1, 2],
    long_factor: [3, 5],
    original_max_position_embeddings: 4,
  },
};
const checkpoint = () => tinyCheckpoint({ family: 'llama', L: 2, config: LONGROPE });
const IDS = [3, 1, 4, 1, 5, 9, 2];

eachBackend('longrope', (backend) => {
  it('turns by the factors of the length, times the attention factor', async () => {
    const model = await openModel(checkpoint(), { backend });
    const { positions } = model.config;
    if (positions.kind !== 'rotary') throw new Error('unreachable');
    const { frequencies, factor, long } = positions.layers[0]!;
    expectClose(factor, Math.SQRT2, 1e-15, 'factor');
    // θ = 10,000 on four coordinates: ω = 1, 0.01.
    for (const [found, expected] of [
      [frequencies, [1, 0.005]],
      [long!.frequencies, [1 / 3, 0.002]],
    ] as const)
      expected.forEach((value, c) => void expectClose(found[c]! / value, 1, 1e-15, `ω_${c}`));
    expect(long!.beyond).toBe(4);
    model.release();
  });

  it('a session that grows over the bound, and shrinks below it, equals one pass over the whole', async () => {
    const model = await openModel(checkpoint(), { backend });
    const session = new Session(model, { precision: 'f64' });
    const whole = (length: number) => bitsOf(traceForward(model, IDS.slice(0, length), { precision: 'f64' }).logits);
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [4, 5],
      [5, 7],
      [3, 4],
      [2, 6],
    ] as const) {
      session.rewind(from);
      expect(bitsOf(session.append(IDS.slice(from, to)).logits)).toEqual(whole(to));
    }
    session.release();
    model.release();
  });

  it('the same token has other queries in a longer sequence', async () => {
    const model = await openModel(checkpoint(), { backend });
    const q = (length: number) =>
      activationOf(
        traceForward(model, IDS.slice(0, length), { precision: 'f64', keep: ['blocks.0.attn.q'] }),
        'blocks.0.attn.q',
      ).data;
    expect(q(4).slice(8, 16)).toEqual(q(3).slice(8, 16));
    expect(q(5).slice(8, 16)).not.toEqual(q(4).slice(8, 16));
    model.release();
  });

  it('histories read together turn alike, or are refused', async () => {
    const model = await openModel(checkpoint(), { backend });
    const session = new Session(model, { precision: 'f64' });
    const tree = new HistoryTree(session, 1 << 20);
    const read = (...histories: number[][]) => tree.read(histories, (logits) => Float64Array.from(logits.view()));
    const alone = (history: number[]) => Float64Array.from(traceForward(model, history, { precision: 'f64' }).logits);
    const V = model.config.V;
    for (const histories of [
      [IDS.slice(0, 3), [3, 1, 7]],
      [IDS.slice(0, 5), [3, 1, 7, 7, 7, 7]],
      [IDS.slice(0, 4), [3, 1, 7]],
    ]) {
      const found = read(...histories);
      for (const [i, history] of histories.entries()) expect(found.slice(i * V, (i + 1) * V)).toEqual(alone(history));
    }
    expect(() => read(IDS.slice(0, 4), IDS.slice(0, 5))).toThrow(
      'histories must turn alike, but the model turns 4 and 5 tokens differently. Read them apart.',
    );
    tree.release();
    session.release();
    model.release();
  });

  it('refuses to repeat what interventions changed', async () => {
    const model = await openModel(checkpoint(), { backend });
    const session = new Session(model);
    session.append(IDS.slice(0, 4), { interventions: [{ kind: 'zero', name: 'blocks.0.mlp.out' }] });
    expect(() => session.append([5])).toThrow('must keep its rotation, but it changes at 5 tokens');
    session.rewind(0);
    expect(session.append(IDS.slice(0, 5)).logits).toEqual(traceForward(model, IDS.slice(0, 5)).logits);
    expect(() => session.append([5], { length: 5 })).toThrow('length must be');
    session.release();
    model.release();
  });
});
