/** Several passes through a model at once: the bits of each alone, and files that are read once for all of them. */
import { expect, it } from 'vitest';
import { textStages } from '../../src/analyses/text-stages.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { DomainError } from '../../src/core/errors.ts';
import { interventionEffect, scoreAblations } from '../../src/dyson/ablation.ts';
import { openCheckpoint } from '../../src/transformer/checkpoint/open-checkpoint.ts';
import { HistoryTree } from '../../src/transformer/history-tree.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { sampleTexts } from '../../src/transformer/lens/sample-texts.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import type { Model } from '../../src/transformer/model.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { appendTogether, Session } from '../../src/transformer/session.ts';
import { textGroups, tokensTogether } from '../../src/transformer/text-groups.ts';
import { type TracedText, traceForward, traceTogether } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';
import { leastBudgetOf, loadModel } from '../support/weight-readers.ts';

const TEXTS = [
  [3, 1, 4, 1, 5],
  [9, 2, 6],
  [5, 3, 5, 8, 9, 7],
];

/** A model of many layers, none of which is in memory; its embedding and unembedding are. */
async function streamedModel(backend: Backend, options: TinyOptions): Promise<{ whole: Model; streamed: Model }> {
  const checkpoint = await openCheckpoint(tinyCheckpoint({ L: 6, D: 24, H: 4, F: 48, V: 12, ...options }));
  const memory = await leastBudgetOf(backend, checkpoint);
  const streamed = await loadModel(backend, checkpoint, { memory });
  return { whole: await loadModel(backend, checkpoint), streamed };
}

/** What `work` reads, in sweeps. */
function sweeps({ streamed }: Model, work: () => void): number {
  const before = streamed!.bytesRead;
  work();
  return (streamed!.bytesRead - before) / streamed!.bytesPerSweep;
}

eachBackend('passes together', (backend) => {
  it.each([
    { family: 'gpt2' },
    { family: 'llama', G: 1 },
    { family: 'qwen3' },
    { family: 'post_norm_encoder', D: 12, H: 4 },
    { family: 'bert', D: 12, H: 4 },
  ] as const satisfies TinyOptions[])('%o: what each gives alone, changed ones among them', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const texts: TracedText[] = [
      { ids: TEXTS[0]! },
      { ids: TEXTS[1]!, interventions: [{ kind: 'zero', name: 'blocks.0.attn.out' }] },
      { ids: TEXTS[2]! },
      { ids: [2] },
    ];
    for (const precision of ['f32', 'f64'] as const) {
      const together = traceTogether(model, texts, { precision, keep: ['*'] });
      const alone = texts.map(({ ids, ...text }) => traceForward(model, ids, { precision, keep: ['*'], ...text }));
      expect(together).toEqual(alone);
    }
    model.release();
  });

  it('go on from what each session has read, and none has read anything where one is refused', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'llama' }), { backend });
    const sessions = TEXTS.map(() => new Session(model, { capacity: 12 }));
    const [a, b, c] = sessions as [Session, Session, Session];
    a.append([3, 1]);
    const parts = sessions.map((session, i) => ({ session, ids: TEXTS[i]! }));
    const results = appendTogether(parts);
    const alone = new Session(model, { capacity: 12 });
    alone.append([3, 1]);
    expect(results[0]).toEqual(alone.append(TEXTS[0]!));
    alone.rewind(0);
    expect(results[1]).toEqual(alone.append(TEXTS[1]!));
    expect(sessions.map(({ ids }) => ids.length)).toEqual([7, 3, 6]);
    const named: number[] = [];
    const guard = <T>(part: number, work: () => T): T => {
      try {
        return work();
      } catch (error) {
        named.push(part);
        throw error;
      }
    };
    expect(() =>
      appendTogether(
        [
          { session: b, ids: [1] },
          { session: c, ids: [99] },
        ],
        guard,
      ),
    ).toThrow(DomainError);
    expect(named).toEqual([1]);
    expect(sessions.map(({ ids }) => ids.length)).toEqual([7, 3, 6]);
    expect(() =>
      appendTogether([
        { session: b, ids: [1] },
        { session: b, ids: [2] },
      ]),
    ).toThrow('appendTogether: sessions must be different ones of one model and precision, but they are not.');
    expect(appendTogether([])).toEqual([]);
    for (const session of [...sessions, alone]) session.release();
    model.release();
  });

  it('read each layer from its file once for all', async () => {
    const { whole, streamed } = await streamedModel(backend, { family: 'llama', dtype: 'BF16' });
    const once = sweeps(streamed, () => traceForward(streamed, TEXTS[0]!));
    expect(once).toBe(1);
    const texts = TEXTS.map((ids) => ({ ids }));
    expect(sweeps(streamed, () => traceTogether(streamed, texts, { keep: ['*'] }))).toBe(1);
    const [tree, expected] = [streamed, whole].map((model) => {
      const session = new Session(model, { capacity: 16 });
      return { session, tree: new HistoryTree(session, 0) };
    });
    const histories = [
      [3, 1, 4],
      [3, 1, 5, 9],
      [3, 2, 6, 5, 3],
      [7, 7],
    ];
    const read = ({ tree }: { tree: HistoryTree }) => tree.read(histories, (logits) => logits.view().slice());
    expect(sweeps(streamed, () => read(tree!))).toBe(1);
    expect(read(tree!)).toEqual(read(expected!));
    for (const held of [tree!, expected!]) {
      held.tree.release();
      held.session.release();
    }
    for (const model of [whole, streamed]) model.release();
  });

  it('of the analyses that read many texts: the same numbers, from few sweeps', async () => {
    const wide = { family: 'llama', dtype: 'BF16', L: 5, F: 1000, maxPositions: 32 } as const;
    const { whole, streamed } = await streamedModel(backend, wide);
    expect(tokensTogether(streamed, 'f32')).toBeGreaterThanOrEqual(12);
    expect(tokensTogether(whole, 'f32')).toBe(0);
    const zero = { kind: 'zero', name: 'blocks.1.mlp.out' } as const;
    const four = [[1], [2, 8], [3], [4]];
    const compared: [name: string, work: (model: Model) => unknown, most: number][] = [
      ['sampleTexts', (model) => sampleTexts(model, { count: 4, length: 3 }), 2],
      ['evaluateLens', (model) => evaluateLens(model, null, four), 1],
      ['trainLens', (model) => trainLens(model, four, { steps: 2, batch: 3, every: 1 }).checks, 6],
      ['interventionEffect', (model) => interventionEffect(model, [3, 1], [zero]), 1],
      // The pass, the rows that the frozen picture asks for, and the ablations together.
      ['scoreAblations', (model) => scoreAblations(model, [3]), 6],
    ];
    for (const [name, work, bound] of compared) {
      let result: unknown;
      const read = sweeps(streamed, () => {
        result = work(streamed);
      });
      expect(result, name).toEqual(work(whole));
      expect(read, name).toBeGreaterThan(0);
      expect(read, name).toBeLessThanOrEqual(bound);
    }
    const stages = async (model: Model) => {
      const all = [];
      for await (const { logitsOf } of textStages(
        model,
        TEXTS.map((ids, i) => ({ ids, place: `text ${i}` })),
      ))
        all.push([0, 3, 10].map((stage) => (logitsOf(stage) as Float32Array).slice()));
      return all;
    };
    expect(await stages(streamed)).toEqual(await stages(whole));
    const wrong = textStages(streamed, [
      { ids: [1], place: 'line 1' },
      { ids: [77], place: 'line 2' },
    ]);
    await expect(wrong.next()).rejects.toThrow(/This is line 2\.$/);
    for (const model of [whole, streamed]) model.release();
  });
});

it('groups of texts hold as many as have no more tokens than allowed, at least one', () => {
  const groups = (most: number) => [...textGroups([3, 1, 1, 5, 2, 2], (length) => length, most)];
  expect(groups(4)).toEqual([[3, 1], [1], [5], [2, 2]]);
  expect(groups(0)).toEqual([[3], [1], [1], [5], [2], [2]]);
  expect(groups(100)).toEqual([[3, 1, 1, 5, 2, 2]]);
  expect([...textGroups([], () => 1, 3)]).toEqual([]);
});
