/** Encoders with a head of masked words and without any: where they are looked at, their head as its definition says, what they refuse. */
import { describe, expect, it } from 'vitest';
import { qlensPicture } from '../../src/analyses/qlens-picture.ts';
import { DomainError } from '../../src/core/errors.ts';
import { frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { columnsOf } from '../../src/dyson/head-products.ts';
import { dysonOfTrace, runDyson } from '../../src/dyson/run-dyson.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { lensOf, lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import { maskedWord } from '../../src/transformer/masked-word.ts';
import type { Model } from '../../src/transformer/model.ts';
import { nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { predictedRow, predictingRow } from '../../src/transformer/position.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import type { NormWeights } from '../../src/transformer/weights.ts';
import { eachBackend, tsBackend } from '../support/backends.ts';
import { bitsOf, expectClose } from '../support/numbers.ts';
import { storedBytes } from '../support/stored-floats.ts';
import {
  ENCODERS,
  jsonBytes,
  memoryFolder,
  safetensorsFile,
  type TinyOptions,
  tinyCheckpoint,
  tinyConfig,
  tinyTensors,
} from '../support/tiny-checkpoint.ts';
import { wordTokenizerFiles } from '../support/word-tokenizer.ts';

/** An encoder whose tokenizer has [MASK] as 4, with the tensors that `keeps` lets through and config.json as it says. */
async function encoder(
  options: TinyOptions,
  { keeps = () => true, config = {} }: { keeps?: (name: string) => boolean; config?: Record<string, unknown> } = {},
  backend = tsBackend,
): Promise<Model> {
  const tensors = [...tinyTensors({ V: 12, ...options }).values()].filter(({ name }) => keeps(name));
  const files = new Map([
    ['config.json', jsonBytes({ ...tinyConfig({ V: 12, ...options }), ...config })],
    [
      'model.safetensors',
      safetensorsFile(
        tensors.map(({ name, shape, values }) => ({ name, dtype: 'F32', shape, bytes: storedBytes('F32', values) })),
      ),
    ],
    ...Object.entries(wordTokenizerFiles()).map(([name, content]) => [name, jsonBytes(content)] as const),
  ]);
  return openModel(memoryFolder(files, 'encoder'), { backend });
}

const bodyOf = (name: string) => !/^(cls|lm_head|vocab_|head|decoder)/.test(name);
const IDS = [2, 5, 4, 7, 4, 3];

eachBackend('head of masked words', (backend) => {
  it.each(ENCODERS)('%s: is W_U · N(g(W h + b)) + b_U, at every stage', async (family) => {
    const model = await encoder({ family }, {}, backend);
    const { D, V, finalNorm, headTransform } = model.config;
    const keep = [...lensStages(model.config), 'head.pre', 'head.norm.scale', 'logits'];
    const trace = traceForward(model, IDS, { precision: 'f64', keep });
    expect(trace.row).toBe(2);
    for (const stage of lensStages(model.config)) {
      const h = [...activationOf(trace, stage).data.slice(2 * D, 3 * D)];
      const { headDense, headNorm, unembedding, finalNorm: last } = model.weights;
      const x = finalNorm ? normed(h, last!, model.config.norm.eps) : h;
      const z = product(x, headDense!);
      expect(headTransform!.activation).toBe('gelu');
      const y = normed(z.map(gelu), headNorm!, model.config.norm.eps);
      const logits = product(y, unembedding!);
      for (let v = 0; v < V; v++) expectClose(logitLens(model, trace, stage)[v]!, logits[v]!, 1e-9, `${stage} ${v}`);
    }
    expect(bitsOf(logitLens(model, trace, lensStages(model.config).at(-1)!))).toEqual(bitsOf(trace.logits));
    expect(activationOf(trace, 'logits').data.slice(2 * V, 3 * V)).toEqual(trace.logits);
    expect(bitsOf(traceForward(model, IDS, { precision: 'f64' }).logits)).toEqual(bitsOf(trace.logits));
    model.release();
  });

  it.each(ENCODERS)('%s: its logit is the sum of what the sublayers add, at any position', async (family) => {
    const model = await encoder({ family, L: 3 }, {}, backend);
    for (const position of [0, 3, 4]) {
      const result = runDyson(model, IDS, { precision: 'f64', position, paths: { count: 5 } });
      expect(result.row).toBe(position);
      expect(result.attributionResidual).toBeLessThan(1e-11 * Math.max(1, result.cancellation));
      expect(result.firstAttributionResidual).toBeLessThan(1e-11 * Math.max(1, result.cancellation));
      expect(bitsOf(Float64Array.of(result.top.logit))).toEqual(
        bitsOf(Float64Array.of(Math.max(...traceForward(model, IDS, { precision: 'f64', position }).logits))),
      );
    }
    model.release();
  });

  it('can be changed on the way', async () => {
    const model = await encoder({ family: 'bert' }, {}, backend);
    const plain = traceForward(model, IDS, { precision: 'f64', keep: ['logits'] });
    const { V } = model.config;
    const changed = traceForward(model, IDS, {
      precision: 'f64',
      keep: ['logits'],
      interventions: [{ kind: 'zero', name: 'head.pre', positions: [2] }],
    });
    const rows = (trace: typeof plain, row: number) => [
      ...activationOf(trace, 'logits').data.slice(row * V, (row + 1) * V),
    ];
    expect(rows(changed, 1)).toEqual(rows(plain, 1));
    expect(rows(changed, 2)).not.toEqual(rows(plain, 2));
    expect(bitsOf(changed.logits)).toEqual(bitsOf(Float64Array.from(rows(changed, 2))));
    model.release();
  });
});

describe('the token that is looked at', () => {
  it('is the first masked one, or the one that is asked for', async () => {
    const model = await encoder({ family: 'bert' });
    expect(model.maskId).toBe(4);
    expect(predictedRow(model, IDS)).toBe(2);
    expect(predictedRow(model, [2, 5, 3], 1)).toBe(1);
    expect(predictingRow(model, [2, 5, 3])).toBe(0);
    expect(() => predictedRow(model, [2, 5, 3])).toThrow(
      'predictedRow: a prompt for encoder must have a masked word, but there is none. Put [MASK] for a word, or give a position (--position).',
    );
    expect(() => predictedRow(model, IDS, 6)).toThrow(
      /^predictingRow: position must be an integer from 0 to 5, but it is 6/,
    );
    const { position, top, logProbs } = maskedWord(model, IDS, { precision: 'f64', top: 3 });
    expect([position, top.length, logProbs.length]).toEqual([2, 3, 12]);
    expect(top[0]!.logProb).toBe(Math.max(...logProbs));
    expect(maskedWord(model, IDS, { position: 4, precision: 'f64' }).logProbs).not.toEqual(logProbs);
    model.release();
  });

  it('is not to be chosen where the model decides it', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'gpt2' }), { backend: tsBackend });
    expect(traceForward(model, [1, 2, 3]).row).toBe(2);
    expect(traceForward(model, [1, 2, 3], { position: 2 }).row).toBe(2);
    expect(() => traceForward(model, [1, 2, 3], { position: 1 })).toThrow(
      'predictingRow: position must be 2, which predicts what follows, but it is 1. Cut the prompt there.',
    );
    expect(() => maskedWord(model, [1, 2])).toThrow(/^maskedWord: the model must predict masked words/);
    model.release();
  });

  it('is any masked token for a lens over texts, or all where none is masked', async () => {
    const model = await encoder({ family: 'distilbert' });
    expect(evaluateLens(model, null, [IDS, [2, 5, 4]]).tokens).toBe(3);
    const evaluation = evaluateLens(model, null, [[2, 5, 3]]);
    expect(evaluation.tokens).toBe(3);
    expect(evaluation.stages.every(({ perplexity }) => perplexity === null)).toBe(true);
    model.release();
  });
});

describe('texts', () => {
  it('get the tokens around them that the tokenizer puts there', async () => {
    const model = await encoder({ family: 'bert' });
    expect(promptOf(model, { text: 'The [MASK] sats' }).ids).toEqual([2, 5, 4, 7, 10, 3]);
    expect(promptOf(model, { text: 'the cat', bos: false }).ids).toEqual([5, 6]);
    expect(promptOf(model, { ids: [5, 6] }).ids).toEqual([5, 6]);
    expect(promptOf(model, { ids: [5, 6], bos: true }).ids).toEqual([2, 5, 6, 3]);
    expect(model.warnings).toEqual([]);
    model.release();
  });

  it('of RoBERTa hold no padding, which has no position', async () => {
    const model = await encoder({ family: 'roberta' });
    expect(() => traceForward(model, [2, 5, 1])).toThrow(
      'append: every token must have a position, but token 2 is [UNK], the padding of this family. Leave it out.',
    );
    model.release();
  });
});

describe('an encoder without a head', () => {
  it.each(ENCODERS)('%s: opens as its streams, the same as with one', async (family) => {
    const [whole, bare] = [await encoder({ family }), await encoder({ family }, { keeps: bodyOf })];
    expect([bare.config.headless, bare.config.headTransform, bare.weights.unembedding]).toEqual([true, null, null]);
    const last = `blocks.${bare.config.L - 1}.resid_post`;
    const keep = [last];
    const [a, b] = [whole, bare].map((model) => traceForward(model, IDS, { precision: 'f64', keep }));
    expect(bitsOf(activationOf(b!, last).data)).toEqual(bitsOf(activationOf(a!, last).data));
    expect(b!.logits).toHaveLength(0);
    const names = /must give logits, but encoder is an encoder without a head/;
    expect(() => runDyson(bare, IDS)).toThrow(names);
    const trace = traceForward(bare, IDS, { keep: frozenActivations(bare.config) });
    expect(() => dysonOfTrace(bare, trace)).toThrow(names);
    expect(() => qlensPicture(bare, promptOf(bare, { ids: IDS }))).toThrow(names);
    expect(() => lensOf(bare, new Float64Array(bare.config.D))).toThrow(names);
    expect(() => evaluateLens(bare, null, [IDS])).toThrow(names);
    expect(() => nextToken(bare, IDS)).toThrow(DomainError);
    expect(() => maskedWord(bare, IDS)).toThrow(/^maskedWord: the model must predict masked words/);
    whole.release();
    bare.release();
  });

  it('is not what a file with half a head is', async () => {
    const half = encoder({ family: 'bert' }, { keeps: (name) => name !== 'cls.predictions.transform.dense.weight' });
    await expect(half).rejects.toThrow(/must contain tensor cls\.predictions\.transform\.dense\.weight/);
  });
});

describe('fields', () => {
  it('that make a decoder of a BERT are refused', async () => {
    for (const family of ENCODERS)
      await expect(encoder({ family }, { config: { is_decoder: true } })).rejects.toThrow(
        /is_decoder in config.json must be off/,
      );
  });
});

/** Python's math.erf is not at hand: the GELU by Simpson's rule over the normal density. */
function gelu(z: number): number {
  const steps = 2000;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density((z * i) / steps);
  return z * (0.5 + ((z / steps) * sum) / 3);
}

function normed(x: readonly number[], { gamma, beta }: NormWeights, eps: number): number[] {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, i) => (gamma.view()[i]! * (v - mean)) / Math.sqrt(variance + eps) + (beta?.view()[i] ?? 0));
}

function product(x: readonly number[], weights: Parameters<typeof columnsOf>[0]): number[] {
  const { data } = columnsOf(weights, 0, weights.n);
  return Array.from({ length: weights.n }, (_, j) =>
    x.reduce((sum, v, i) => sum + v * data[i * weights.n + j]!, weights.bias?.view()[j] ?? 0),
  );
}
