/**
 * The forward pass and the Dyson series against an independent float64 implementation, on trained checkpoints that lie beside
 * the project (TMECH_SHARED, default ../shared). Without that folder the tests are skipped, visibly.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { openNodeFolder } from '../../src/transformer/checkpoint/node-folder.ts';
import { nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { expectClose, maxError } from '../support/numbers.ts';
import { noticeIfAbsent, sharedFolder } from '../support/shared-folder.ts';

const models = sharedFolder('models');
noticeIfAbsent(models, 'tests of the forward pass and the Dyson series against a second implementation');

interface Reference {
  readonly cases: readonly {
    readonly prompt: string;
    readonly ids: number[];
    readonly next_log_probs_at_last: number[];
    readonly greedy_ids: number[];
    readonly greedy_text: string;
    readonly residual_norms: Record<string, number[]>;
    readonly attention_of_last_token: Record<string, number[][]>;
  }[];
}

interface DysonReference {
  readonly cases: readonly {
    readonly ids: number[];
    readonly top_token: number;
    readonly order_norms_all: number[];
    readonly order_norms_last: number[];
    readonly order_logit_of_top_token: number[];
    readonly norm_scales_last: number[];
    readonly second_order_last: number[][];
  }[];
}

const MODELS = ['shakespeare-gpt2', 'shakespeare-gpt2-bf16', 'shakespeare-llama', 'shakespeare-llama-f16-sharded'];
const read = <T>(model: string, file: string): T => JSON.parse(readFileSync(`${models}/${model}/${file}`, 'utf8')) as T;

describe.skipIf(models === null)('trained checkpoints', () => {
  describe.each(MODELS)('%s', (name) => {
    it.each([
      ['f32', 1e-4],
      ['f64', 1e-10],
    ] as const)('agrees with the reference in %s within %d', async (precision, tolerance) => {
      const model = await openModel(await openNodeFolder(`${models}/${name}`));
      for (const reference of read<Reference>(name, 'reference.json').cases) {
        const { ids } = reference;
        expect(model.tokenizer!.encode(reference.prompt, { bos: false })).toEqual(ids);
        const next = nextToken(model, ids, { precision, greedy: reference.greedy_ids.length });
        expectClose(maxError(next.logProbs, reference.next_log_probs_at_last), 0, tolerance, 'log-probabilities');
        expect(next.greedyIds).toEqual(reference.greedy_ids);
        expect(model.tokenizer!.decode(next.greedyIds)).toBe(reference.greedy_text);
        const trace = traceForward(model, ids, {
          precision,
          keep: [...Object.keys(reference.residual_norms), ...Object.keys(reference.attention_of_last_token)],
        });
        for (const [stage, norms] of Object.entries(reference.residual_norms)) {
          expectClose(
            maxError(rowNorms(activationOf(trace, stage).data, model.config.D), norms),
            0,
            10 * tolerance,
            stage,
          );
        }
        for (const [stage, rows] of Object.entries(reference.attention_of_last_token)) {
          const { data } = activationOf(trace, stage);
          const T = ids.length;
          const last = rows.map((_, h) => [...data.subarray((h * T + T - 1) * T, (h * T + T) * T)]);
          expectClose(maxError(last.flat(), rows.flat()), 0, tolerance, stage);
        }
      }
      model.release();
    });
  });

  it.each(['shakespeare-gpt2', 'shakespeare-llama'])('%s: orders, logits and second-order map agree', async (name) => {
    const model = await openModel(await openNodeFolder(`${models}/${name}`));
    for (const reference of read<DysonReference>(name, 'dyson-reference.json').cases) {
      for (const [precision, tolerance] of [
        ['f32', 1e-4],
        ['f64', 1e-10],
      ] as const) {
        const result = runDyson(model, reference.ids, { precision });
        expect(result.top.id).toBe(reference.top_token);
        expectClose(result.residual.relativeToState, 0, tolerance, 'ΣT_k − x');
        const pairs: [number[], number[]][] = [
          [result.orders.map((order) => order.normAll), reference.order_norms_all],
          [result.orders.map((order) => order.normLast), reference.order_norms_last],
          [result.orders.map((order) => order.topLogit), reference.order_logit_of_top_token],
          [result.sublayers.map((sublayer) => sublayer.scale), reference.norm_scales_last],
          [result.secondOrder.flat(), reference.second_order_last.flat()],
        ];
        const blocks = runDyson(model, reference.ids, { precision, steps: 'block' });
        expectClose(blocks.residual.relativeToState, 0, tolerance, 'ΣT_k − x of blocks');
        for (const picture of [result, blocks]) {
          const slack = 10 * tolerance * picture.cancellation;
          expectClose(picture.attributionResidual, 0, slack, 'grouped by last operator');
          expectClose(picture.firstAttributionResidual, 0, slack, 'grouped by first operator');
        }
        for (const [actual, expected] of pairs) expectClose(maxError(actual, expected), 0, tolerance);
      }
    }
    model.release();
  });
});

describe.skipIf(models === null)('the largest paths through heads of a trained model', () => {
  it('are by bounds those of an enumeration, with fewer applications', async () => {
    const model = await openModel(await openNodeFolder(`${models}/shakespeare-llama`));
    const { ids } = read<DysonReference>('shakespeare-llama', 'dyson-reference.json').cases[0]!;
    const search = (budget: number) =>
      runDyson(model, ids, { precision: 'f64', paths: { count: 5, heads: true, budget } }).paths!;
    const all = search(20_000);
    expect(all).toMatchObject({ search: 'enumeration', compared: { paths: all.allPaths } });
    expectClose(all.share * all.total, all.listed, 1e-10);
    const found = search(all.applications - 1);
    expect(found.search).toBe('bounds');
    expect(found.compared.paths).toBeLessThan(all.allPaths / 2);
    expect(found.applications).toBeLessThan(all.applications);
    expect(found.paths.map(({ channels }) => channels)).toEqual(all.paths.map(({ channels }) => channels));
    model.release();
  });
});

function rowNorms(data: Float32Array | Float64Array, D: number): number[] {
  return Array.from({ length: data.length / D }, (_, t) => Math.hypot(...data.subarray(t * D, (t + 1) * D)));
}
