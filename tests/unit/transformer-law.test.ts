import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LanguageModelLaw } from '../../src/transformer/language-model-law.ts';
import { probabilities } from '../../src/transformer/law.ts';
import { likeliest, nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import type { SamplingRule } from '../../src/transformer/sampling-rule.ts';
import { Session } from '../../src/transformer/session.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf, expectClose, maxError } from '../support/numbers.ts';
import { textbookForward } from '../support/textbook-forward.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const OPTIONS = { family: 'gpt2', D: 12, H: 3, V: 23, seed: 3 } as const;

/** softmax of the textbook pass's last logits. */
function textbookLaw(ids: readonly number[], temperature = 1): number[] {
  const weights = textbookForward(OPTIONS, ids)
    .logits.at(-1)!
    .map((l) => Math.exp(l / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

eachBackend('next-token law', (backend) => {
  it('gives every history its law, whatever came before it', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const law = new LanguageModelLaw(model, { precision: 'f64' });
    const histories = [[1], [1, 2, 3], [1, 2], [1, 2], [1, 2, 4, 5], [7], [7, 2, 3, 4, 5, 6], [1, 2, 3]];
    for (const history of histories)
      expectClose(maxError(law.probabilities(history), textbookLaw(history)), 0, 1e-12, String(history));
    expect(law.V).toBe(23);
    expect(() => law.probabilities([])).toThrow('history must hold at least one token');
    law.release();
    const hot = new LanguageModelLaw(model, { precision: 'f64', temperature: 2.5, capacity: 4 });
    expectClose(maxError(hot.probabilities([3, 1]), textbookLaw([3, 1], 2.5)), 0, 1e-12, 'temperature');
    hot.release();
    for (const temperature of [0, -1, Number.NaN, Infinity])
      expect(() => new LanguageModelLaw(model, { temperature })).toThrow('temperature must be');
    model.release();
  });

  it.each([
    { family: 'gpt2', D: 12, H: 3, V: 23, seed: 3 },
    { family: 'gpt_neo', D: 12, H: 3, V: 23, L: 3, window: 2, seed: 3 },
    { family: 'llama', D: 16, H: 4, G: 2, V: 23, seed: 4 },
    { family: 'gpt_neox', D: 16, H: 4, V: 23, seed: 5 },
    { family: 'gemma2', D: 16, H: 4, G: 2, V: 23, seed: 6 },
    { family: 'gemma3_text', D: 16, H: 4, G: 2, V: 23, seed: 6 },
  ] as TinyOptions[])('answers many histories at once with the bits of one pass for each: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const alone = (history: readonly number[], precision: 'f32' | 'f64') =>
      bitsOf(probabilities(backend, traceForward(model, history, { precision }).logits));
    const history = fc.array(fc.nat(2), { minLength: 1, maxLength: 9 });
    for (const precision of ['f32', 'f64'] as const) {
      // A cache without room forgets every node that a batch does not need.
      for (const cacheBytes of [0, 1 << 20]) {
        const before = backend.memory.bytesInUse;
        const law = new LanguageModelLaw(model, { precision, cacheBytes });
        fc.assert(
          fc.property(fc.array(history, { minLength: 1, maxLength: 7 }), (histories) => {
            const laws = law.batch.probabilities(histories);
            histories.forEach((h, i) => {
              expect(bitsOf(laws[i]!)).toEqual(alone(h, precision));
            });
          }),
          { numRuns: 40, seed: 7 },
        );
        law.release();
        expect(backend.memory.bytesInUse).toBe(before);
      }
    }
    model.release();
  });

  it('goes on from what a borrowed session has read, to the same bits, and leaves it alive', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const other = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const session = new Session(model);
    session.append([1, 2, 3, 4, 0]);
    const law = new LanguageModelLaw(model, { session });
    const own = new LanguageModelLaw(model);
    // The prompt, what follows it, and a text that leaves it.
    for (const history of [
      [1, 2, 3],
      [1, 2, 3, 0, 2],
      [1, 0],
    ])
      expect(bitsOf(law.probabilities(history))).toEqual(bitsOf(own.probabilities(history)));
    law.release();
    session.rewind(0);
    expect(session.append([1, 2]).row).toBe(1);
    expect(() => new LanguageModelLaw(other, { session })).toThrow(/^LanguageModelLaw: session must be one of/);
    own.release();
    session.release();
    model.release();
    other.release();
  });

  it('goes on after a batch that failed', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const law = new LanguageModelLaw(model, { precision: 'f64' });
    law.probabilities([1, 2, 3]);
    expect(() =>
      law.batch.probabilities([
        [1, 2, 4],
        [1, 2, 99],
      ]),
    ).toThrow('ids[2] is 99');
    expect(() => law.probabilities(Array(17).fill(1))).toThrow('at most 16 tokens');
    expectClose(maxError(law.probabilities([1, 2, 5]), textbookLaw([1, 2, 5])), 0, 1e-12);
    law.release();
    model.release();
  });

  it('restricts a law to its likeliest tokens', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const full = textbookLaw([3, 1]);
    const order = [...full.keys()].sort((a, b) => full[b]! - full[a]!);
    const restricted = (kept: readonly number[]) => {
      const total = kept.reduce((sum, token) => sum + full[token]!, 0);
      return full.map((p, token) => (kept.includes(token) ? p / total : 0));
    };
    const law = (rule: SamplingRule) => {
      const opened = new LanguageModelLaw(model, { precision: 'f64', ...rule });
      const p = opened.probabilities([3, 1]).slice();
      opened.release();
      return p;
    };
    expectClose(maxError(law({ topK: 4 }), restricted(order.slice(0, 4))), 0, 1e-12, 'top-k');
    expectClose(maxError(law({ topK: 99 }), full), 0, 1e-12, 'all');
    const mass = (count: number) => order.slice(0, count).reduce((sum, token) => sum + full[token]!, 0);
    const nucleus = (mass(5) + mass(6)) / 2;
    expectClose(maxError(law({ topP: nucleus }), restricted(order.slice(0, 6))), 0, 1e-12, 'top-p');
    expectClose(maxError(law({ topK: 6, topP: 0.999 }), restricted(order.slice(0, 6))), 0, 1e-12, 'both');
    expectClose(maxError(law({ topK: 6, topP: mass(2) / mass(6) - 1e-6 }), restricted(order.slice(0, 2))), 0, 1e-12);
    for (const rule of [{ topK: 0 }, { topK: 1.5 }, { topP: 0 }, { topP: 1.1 }, { topP: Number.NaN }])
      expect(() => law(rule)).toThrow(/top[KP] must be/);
    model.release();
  });

  it('continues greedily with the likeliest token each time, and lists the top in order', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const { greedyIds, top, logProbs } = nextToken(model, [5, 6], { precision: 'f64', greedy: 4, top: 3 });
    const ids = [5, 6];
    for (const id of greedyIds) {
      const law = textbookLaw(ids);
      expect(law[id]).toBe(Math.max(...law));
      ids.push(id);
    }
    expect(greedyIds).toHaveLength(4);
    const law = textbookLaw([5, 6]);
    expect(top.map(({ id }) => id)).toEqual([...law.keys()].sort((a, b) => law[b]! - law[a]!).slice(0, 3));
    for (const { id, logProb } of top) expectClose(logProb, Math.log(law[id]!), 1e-12);
    expectClose(maxError(logProbs, law.map(Math.log)), 0, 1e-12);
    expect(() => nextToken(model, [5], { top: 0 })).toThrow('top must be an integer');
    expect(() => nextToken(model, [5], { greedy: 99 })).toThrow('at most 16 tokens');
    model.release();
  });

  it('lists nothing below the least probability', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const listed = (least?: number, top = 23) =>
      nextToken(model, [5, 6], { precision: 'f64', top, ...(least === undefined ? {} : { least }) }).top;
    const all = listed();
    expect(all).toHaveLength(23);
    expect(listed(0)).toEqual(all);
    const law = textbookLaw([5, 6]).sort((a, b) => b - a);
    for (const count of [1, 2, 9]) {
      const between = (law[count - 1]! + law[count]!) / 2;
      expect(listed(between)).toEqual(all.slice(0, count));
      expect(listed(between, 5)).toEqual(all.slice(0, Math.min(count, 5)));
    }
    expect(listed(1)).toEqual([]);
    for (const least of [-0.1, 1.1, Number.NaN]) {
      expect(() => listed(least)).toThrow(`nextToken: least must be from 0 to 1, but it is ${least}.`);
    }
    model.release();
  });

  it('lists a law that is even down to its own probability', async () => {
    const model = await openModel(tinyCheckpoint({ ...OPTIONS, V: 16, scale: 0 }), { backend });
    expect(nextToken(model, [5], { precision: 'f64', top: 16, least: 1 / 16 }).top).toHaveLength(16);
    expect(nextToken(model, [5], { precision: 'f64', top: 16, least: 1 / 15 }).top).toEqual([]);
    model.release();
  });

  it('the logits of a pass are those of its last token', async () => {
    const model = await openModel(tinyCheckpoint(OPTIONS), { backend });
    const { logits, activations } = traceForward(model, [1, 2, 3], { keep: ['logits'] });
    expect([...logits]).toEqual([...activations.get('logits')!.data.subarray(2 * 23)]);
    model.release();
  });
});

it('ranks equal values by index', () => {
  expect(likeliest([1, 3, 2, 3, 3], 2)).toEqual([1, 3]);
  expect(likeliest([1, 3, 2, 3, 3], 9)).toEqual([1, 3, 4, 2, 0]);
  expect(likeliest([], 3)).toEqual([]);
});
