import { expect, it } from 'vitest';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { Meetings } from '../../src/dyson/meetings.ts';
import { FrozenUnembedding } from '../../src/dyson/order-logits.ts';
import { PathEnds } from '../../src/dyson/path-ends.ts';
import { PathHalves } from '../../src/dyson/path-halves.ts';
import { transposedProduct } from '../../src/dyson/present-rows.ts';
import { functionalAtPredicting, predictingPart, realBlock, realBlockOf } from '../../src/dyson/steps.ts';
import { dot } from '../../src/dyson/vectors.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { bitsOf, expectClose, testNumbers } from '../support/numbers.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const MODELS: TinyOptions[] = [
  { family: 'gpt2', L: 3, H: 2, D: 8, seed: 5 },
  { family: 'post_norm_encoder', L: 2, H: 1, D: 6, seed: 7 },
];

eachBackend('ends and what they meet', (backend) => {
  it.each(MODELS)(
    'products have the same bits in pieces and with nothing kept, and are those of the maps: %o',
    async (options) => {
      for (const precision of ['f32', 'f64'] as const) {
        const model = await openModel(tinyCheckpoint(options), { backend });
        const keep = frozenActivations(model.config);
        const operators = new FrozenOperators(model, traceForward(model, [3, 0, 4, 1], { precision, keep }));
        const channels = new HeadChannels(operators);
        const w = functionalAtPredicting(operators, new FrozenUnembedding(operators).functional(2));
        const halves = new PathHalves(channels, { w, offset: 0 });
        const beginnings = halves.prefixes(1).slice(1);
        const passages = channels.steps.slice(1).flatMap((all, i) => all.map((channel) => ({ step: i + 1, channel })));
        const ends = [w, testNumbers(w.length, 1), testNumbers(w.length, 2)];
        const { end: empty } = new PathEnds(halves).empty();
        // As an end that grew by attention, and the empty one as it is: of the predicting token alone.
        const opened = ends.map((vector, i) => ({ end: i === 0 ? empty : { ...empty, row: null, vector }, vector }));
        expect(empty.row).toEqual(predictingPart(operators, w));
        const before = halves.applications;
        const whole = new Meetings(halves, beginnings, passages).with(opened);
        expect(halves.applications - before).toBe(2 * passages.filter(({ channel }) => channel.map !== null).length);
        for (const room of [
          { kept: 0, atOnce: 7 },
          { kept: 10 * w.length, atOnce: 5 * w.length },
        ]) {
          const pieces = new Meetings(halves, beginnings, passages, room);
          for (const _ of [0, 1]) {
            const again = pieces.with(opened);
            for (const name of ['met', 'started', 'promised'] as const)
              expect(bitsOf(again[name])).toEqual(bitsOf(whole[name]));
          }
        }
        const tolerance = precision === 'f32' ? 1e-4 : 1e-11;
        for (const [i, end] of ends.entries()) {
          for (const [j, { state }] of beginnings.entries())
            expectClose(whole.met[i * beginnings.length + j]!, dot(end, state), tolerance);
          for (const [j, { step, channel }] of passages.entries()) {
            const bias = dot(end, halves.biasOf(step, channel));
            const of = (x: ArrayLike<number>) =>
              bias + (channel.map === null ? 0 : dot(end, halves.images(channel, [Float64Array.from(x)])[0]!));
            expectClose(whole.started[i * passages.length + j]!, of(halves.states[0]!), tolerance);
            expectClose(whole.promised[i * passages.length + j]!, of(halves.states[step]!), tolerance);
          }
        }
        expect(() =>
          new Meetings(halves, beginnings, passages).with([
            { end: { ...empty, row: null }, vector: w.map(() => 1e308) },
          ]),
        ).toThrow(/^topPaths: contributions must be finite/);
        channels.release();
        operators.release();
        model.release();
      }
    },
  );

  it.each(MODELS)('ends that are made again grow to the same bits: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const keep = frozenActivations(model.config);
    const operators = new FrozenOperators(model, traceForward(model, [3, 0, 4, 1], { precision: 'f32', keep }));
    const channels = new HeadChannels(operators);
    const w = functionalAtPredicting(operators, new FrozenUnembedding(operators).functional(2));
    const halves = new PathHalves(channels, { w, offset: 0 });
    const grown = (kept: number) => {
      const ends = new PathEnds(halves, kept);
      const path = [3, 2, 1].map((step) => ({ step, channel: channels.steps[step]![0]! }));
      const vectors: Uint8Array[] = [];
      let end = ends.empty().end;
      for (const { step, channel } of path) {
        const [next] = ends.grow(step, channel, [end]);
        vectors.push(bitsOf(next!.vector));
        ({ end } = next!);
      }
      return { vectors, end };
    };
    const [held, again] = [grown(1e6), grown(0)];
    expect(again.vectors).toEqual(held.vectors);
    // An MLP, then a head, then an MLP: the head's numbers are not kept.
    expect(held.end.from!.vector).not.toBeNull();
    expect(again.end.from!.vector).toBeNull();
    expect(again.end.channels.length).toBe(3);
    channels.release();
    operators.release();
    model.release();
  });

  it('rows of zeros change no bit of a product by a transpose', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2', L: 1, D: 12 }), { backend });
    for (const precision of ['f32', 'f64'] as const) {
      const operators = new FrozenOperators(
        model,
        traceForward(model, [3, 0], { precision, keep: frozenActivations(model.config) }),
      );
      const matrix = model.weights.layers[0]!.down;
      const { weights, k, n } = matrix;
      for (const present of [[], [5], [0, 3, 4], [0, 1, 2, 3, 4, 5]]) {
        backend.memory.scope(() => {
          const numbers = testNumbers(6 * n, 4).map((value, i) => (present.includes(Math.floor(i / n)) ? value : 0));
          const x = realBlockOf(operators, numbers);
          const [y, expected] = [realBlockOf(operators, testNumbers(6 * k, 5)), realBlock(operators, 6 * k)];
          transposedProduct(model, matrix, x, y, 6);
          backend.kernels.linearTransposed({ x, weights, y: expected, rows: 6, k, n });
          expect(bitsOf(y.view())).toEqual(bitsOf(expected.view()));
        });
      }
      operators.release();
    }
    model.release();
  });
});
