import { expect, it } from 'vitest';
import { analysePrompt, qlensPicture, unitLabelsOf } from '../../src/analyses/index.ts';
import { scoreAblations } from '../../src/dyson/ablation.ts';
import { attentionMatrix } from '../../src/dyson/attention-matrix.ts';
import { columnsOf, outputValueProduct } from '../../src/dyson/head-products.ts';
import { rankActivations, rankCollapse } from '../../src/dyson/rank-collapse.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import { eig } from '../../src/linalg/index.ts';
import { activationNames } from '../../src/transformer/activations.ts';
import { LanguageModelLaw } from '../../src/transformer/language-model-law.ts';
import { evaluateLens } from '../../src/transformer/lens/evaluate-lens.ts';
import { tunedLens } from '../../src/transformer/lens/look.ts';
import { sampleTexts } from '../../src/transformer/lens/sample-texts.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import { zeroLens } from '../../src/transformer/lens/tuned-lens.ts';
import { lensStages, logitLens } from '../../src/transformer/logit-lens.ts';
import { nextToken } from '../../src/transformer/next-token.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { Session } from '../../src/transformer/session.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import golden from '../golden/encoder.json' with { type: 'json' };
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';
import { goldenEncoder } from '../support/golden-encoder.ts';
import { bitsOf, expectClose, maxError } from '../support/numbers.ts';

const { ids } = golden;

eachBackend('post-norm encoder', (backend) => {
  const open = () => openModel(goldenEncoder(), { backend });

  it('reads a text at once', async () => {
    const model = await open();
    const session = new Session(model);
    session.append([0, 1]);
    expect(() => session.append([2])).toThrow(/must read it at once, but 2 tokens were read before/);
    session.rewind(0);
    expect(session.append(ids).logits).toEqual(traceForward(model, ids).logits);
    session.release();
    model.release();
  });

  it('reads classes through the logit lens at the first token, and at the last stage its own output', async () => {
    const model = await open();
    const stages = lensStages(model.config);
    const trace = traceForward(model, ids, { keep: stages });
    expect(logitLens(model, trace, stages.at(-1)!)).toEqual(trace.logits);
    expect(tunedLens(model, zeroLens(model, 'bias'), trace, 'embed')).toEqual(logitLens(model, trace, 'embed'));
    const picture = qlensPicture(model, promptOf(model, { ids }), {
      precision: 'f64',
      operator: 'householder',
      top: 3,
    });
    expect(picture.V).toBe(3);
    expect(picture.stages.map(({ name }) => name)).toEqual(stages);
    expect(unitLabelsOf(model, [0, 2])).toEqual({ 0: 'class 0', 2: 'class 2' });
    model.release();
  });

  it('trains its lenses where the output is read', async () => {
    const model = await open();
    const texts = Array.from({ length: 12 }, (_, i) => [0, ...ids.slice(i % 5, 5 + (i % 7))]);
    const { lens, checks, stages } = trainLens(model, texts, { kind: 'bias', steps: 60, rate: 0.05, precision: 'f64' });
    expect(stages).toEqual(lensStages(model.config).slice(0, -1));
    const before = evaluateLens(model, null, texts, { precision: 'f64' });
    const after = evaluateLens(model, lens, texts, { precision: 'f64' });
    expect(before.tokens).toBe(texts.length);
    expect(before.stages.every(({ perplexity }) => perplexity === null)).toBe(true);
    expect(before.stages.at(-1)!.kl).toBe(0);
    expect(after.stages[0]!.kl).toBeLessThan(before.stages[0]!.kl);
    expect(checks[0]!.kl).toHaveLength(4);
    model.release();
  });

  it('obeys interventions on scales and patterns', async () => {
    const model = await open();
    const plain = traceForward(model, ids, { precision: 'f64', keep: ['blocks.0.ln1.scale', 'blocks.0.attn.pattern'] });
    for (const name of ['blocks.0.ln1.scale', 'blocks.0.attn.pattern']) {
      const { data } = activationOf(plain, name);
      const patch = (values: Float64Array) =>
        traceForward(model, ids, { precision: 'f64', interventions: [{ kind: 'patch', name, data: values }] }).logits;
      const same = patch(Float64Array.from(data));
      expectClose(maxError(same, plain.logits), 0, 1e-12, name);
      expect(patch(Float64Array.from(data, (value) => 2 * value))).not.toEqual(plain.logits);
    }
    model.release();
  });

  it('has full attention matrices, whose eigenvalues a solver finds', async () => {
    const model = await open();
    const trace = traceForward(model, ids, { precision: 'f64', keep: rankActivations(model.config) });
    const { matrix, eigenvalues } = attentionMatrix(model, trace, 1, 2);
    expect(eigenvalues).toBeNull();
    expect([...matrix.data].every((weight) => weight > 0)).toBe(true);
    const values = eig(backend, matrix).values;
    const sizes = Array.from(ids, (_, k) => Math.hypot(values[2 * k]!, values[2 * k + 1]!)).sort((a, b) => b - a);
    expectClose(sizes[0]!, 1, 1e-12, 'rows sum to 1');
    const gaps = rankCollapse(model, trace).find(({ name }) => name === 'blocks.1.resid_mid')!.attentionGaps!;
    expectClose(gaps[2]!, 1 - sizes[1]!, 1e-12, '1 − |λ₂|');
    expect(() => outputValueProduct(model, 0, 0, { foldNorm: true })).toThrow(
      /foldNorm must be false where norms follow/,
    );
    model.release();
  });

  it('reads its Dyson series, and the ablations beside it, at the first token', async () => {
    const model = await open();
    const result = runDyson(model, ids, { precision: 'f64', steps: 'block', paths: { token: 1, against: 2 } });
    expect([result.row, result.top.token, result.sublayers.length]).toEqual([0, `class ${result.top.id}`, 2]);
    const { logits } = traceForward(model, ids, { precision: 'f64' });
    expectClose(result.paths!.total, logits[1]! - logits[2]!, 1e-10, 'a difference of classes');
    expectClose(result.attributionResidual, 0, 1e-10);
    for (const { name, residual } of result.sublayers) expectClose(residual, 0, 1e-10, name);
    expect(() => runDyson(model, ids, { paths: { token: 3 } })).toThrow(/token must be an integer from 0 to 2/);
    // The last sublayer's output reaches the logits through its own norm alone: w · N(out), with N frozen.
    const token = 1;
    const { steps } = scoreAblations(model, ids, { precision: 'f64', token });
    const keep = ['blocks.1.mlp.out', 'blocks.1.ln2.scale'];
    const trace = traceForward(model, ids, { precision: 'f64', keep });
    const [out, sigma] = keep.map((name) => activationOf(trace, name).data);
    const [D, row] = [model.config.D, Array.from(out!.subarray(0, model.config.D))];
    const mean = row.reduce((a, b) => a + b, 0) / D;
    const { gamma } = model.weights.layers[1]!.norm2!;
    const classifier = columnsOf(model.backend, model.weights.unembedding!, token, 1).data;
    const share = row.reduce((sum, x, c) => sum + (((x - mean) * gamma.view()[c]!) / sigma![0]!) * classifier[c]!, 0);
    expectClose(steps[3]!.direct, share, 1e-12, 'direct');
    expectClose(steps[3]!.total, share, 1e-12, 'total');
    model.release();
  });

  it('is refused where tokens are predicted', async () => {
    const model = await open();
    const classifier = /must predict tokens, but encoder is a classifier of 3 classes/;
    expect(() => nextToken(model, ids)).toThrow(classifier);
    expect(() => new LanguageModelLaw(model)).toThrow(classifier);
    expect(() => sampleTexts(model, { count: 1, length: 2 })).toThrow(classifier);
    expect(() => analysePrompt(model, promptOf(model, { ids }))).toThrow(classifier);
    model.release();
  });

  it.each([
    [{ id2label: undefined }, /id2label in config.json must name two classes or more/],
    [{ id2label: { 0: 'one' } }, /must name two classes or more/],
    [{ id2label: { 0: 'a', 2: 'b' } }, /must name class 1/],
    [{ id2label: { 0: 'a', 1: 7 } }, /must name class 1/],
    [{ num_attention_heads: 5 }, /must divide hidden_size = 12/],
    [{ id2label: { 0: 'a', 1: 'b' } }, /classifier.weight.*must have shape \[2, 12\]/],
  ])('names what is wrong with %o', async (config, message) => {
    await expect(openModel(goldenEncoder(config), { backend })).rejects.toThrow(message);
  });
});

it('gives the same bits of every activation from both backends', async () => {
  const [a, b] = await Promise.all([tsBackend, wasmBackend].map((backend) => openModel(goldenEncoder(), { backend })));
  const keep = activationNames(a!.config);
  for (const precision of ['f32', 'f64'] as const) {
    const [first, second] = [a!, b!].map((model) => traceForward(model, ids, { precision, keep }));
    expect([...first!.activations.keys()]).toEqual(keep);
    for (const name of keep)
      expect(bitsOf(activationOf(first!, name).data), name).toEqual(bitsOf(activationOf(second!, name).data));
  }
  a!.release();
  b!.release();
});
