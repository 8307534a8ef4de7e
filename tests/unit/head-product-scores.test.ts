import { it } from 'vitest';
import { keyQueryProduct } from '../../src/dyson/head-products.ts';
import { Matrix, multiply } from '../../src/linalg/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { activationOf, traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { expectClose } from '../support/numbers.ts';
import { type TinyOptions, tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const IDS = [3, 1, 4, 1, 5];

eachBackend('W_Q W_Kᵀ', (backend) => {
  it.each([
    { family: 'llama', D: 12, H: 2, K: 4, G: 1, seed: 3 },
    { family: 'qwen3', D: 12, H: 2, K: 4, G: 1, seed: 3 },
    { family: 'olmo2', D: 12, H: 4, K: 4, G: 2, seed: 4 },
    { family: 'olmo3', D: 12, H: 4, K: 4, G: 2, L: 2, seed: 4 },
    { family: 'smollm3', D: 12, H: 2, K: 4, G: 1, L: 2, seed: 5 },
  ] as TinyOptions[])('gives the scores of the pattern, over the scales of queries and keys: %o', async (options) => {
    const model = await openModel(tinyCheckpoint(options), { backend });
    const { H, G, D, L, attentionScale, queryKeyNorm, normPlacement, positions } = model.config;
    const keep = ['resid_pre', 'ln1.scale', 'attn.q_norm.scale', 'attn.k_norm.scale', 'attn.pattern'];
    const there = keep.filter((name) => queryKeyNorm !== null || !name.includes('_norm'));
    const layer = L - 1;
    const wanted = there.filter((name) => normPlacement === 'pre' || name !== 'ln1.scale');
    const trace = traceForward(model, IDS, { precision: 'f64', keep: wanted.map((name) => `blocks.${layer}.${name}`) });
    const of = (name: string) => activationOf(trace, `blocks.${layer}.${name}`).data;
    const scale = (name: 'q' | 'k', t: number, head: number): number => {
      if (queryKeyNorm === null) return 1;
      const scales = of(`attn.${name}_norm.scale`);
      return queryKeyNorm.per === 'vector' ? scales[t]! : scales[t * (name === 'q' ? H : G) + head]!;
    };
    const row = (t: number): Matrix => {
      const stream = Float64Array.from(of('resid_pre').subarray(t * D, (t + 1) * D));
      const sigma = normPlacement === 'pre' ? of('ln1.scale')[t]! : 1;
      return new Matrix(
        1,
        D,
        stream.map((value) => value / sigma),
      );
    };
    const turns = positions.kind === 'rotary' && positions.layers[layer] !== null;
    for (let head = 0; head < H; head++) {
      const group = Math.floor((head * G) / H);
      const score = (t: number, j: number): number => {
        const foldNorm = normPlacement === 'pre';
        const { left, right } = keyQueryProduct(model, layer, head, { foldNorm, offset: turns ? t - j : 0 });
        const query = multiply(backend, row(t), left);
        const key = multiply(backend, right, new Matrix(D, 1, row(j).data));
        const product = multiply(backend, query, key).data[0]!;
        return (attentionScale[layer]! * product) / (scale('q', t, head) * scale('k', j, group));
      };
      const pattern = of('attn.pattern');
      const t = IDS.length - 1;
      const log = (j: number) => Math.log(pattern[(head * IDS.length + t) * IDS.length + j]!);
      expectClose(log(t - 1) - log(t), score(t, t - 1) - score(t, t), 1e-12, `head ${head}`);
    }
    model.release();
  });
});
