import { nn, numpy as np } from '@jax-js/jax';
import { at, named } from './indexing.ts';
import { LAYER_NORM_EPSILON, type Shape } from './shape.ts';

/** Parameters by their Hugging Face GPT-2 names; matrices are stored [in, out]. */
export type Parameters = { [name: string]: np.Array };

/**
 * Mean cross-entropy, in nats per token, of `targets` under the model that reads `tokens`; both are [B, T] integers.
 * Consumes its arguments, as jax-js functions do.
 */
export function meanLoss(p: Parameters, tokens: np.Array, targets: np.Array, shape: Shape): np.Array {
  const count = tokens.size;
  const logProbabilities = nn.logSoftmax(logits(p, tokens, shape), -1);
  const chosen = nn.oneHot(targets.reshape([count]), shape.V);
  return logProbabilities
    .mul(chosen)
    .sum()
    .mul(-1 / count);
}

/** Logits [B·T, V]: pre-norm GPT-2 with learned positions and tied unembedding. */
function logits(p: Parameters, tokens: np.Array, { V, T, D, H, L }: Shape): np.Array {
  const B = at(tokens.shape, 0);
  const embedded = np.matmul(nn.oneHot(tokens.reshape([B * T]), V), named(p, 'wte.weight').ref);
  let x = embedded
    .reshape([B, T, D])
    .add(named(p, 'wpe.weight'))
    .reshape([B * T, D]);
  for (let layer = 0; layer < L; layer++) {
    const block = `h.${layer}`;
    x = x.add(attention(p, `${block}.attn`, norm(p, `${block}.ln_1`, x.ref), B, H));
    const inner = nn.gelu(linear(p, `${block}.mlp.c_fc`, norm(p, `${block}.ln_2`, x.ref)), { approximate: true });
    x = x.add(linear(p, `${block}.mlp.c_proj`, inner));
  }
  return np.matmul(norm(p, 'ln_f', x), named(p, 'wte.weight').transpose([1, 0]));
}

/** softmax(Q Kᵀ / √K + causal mask) V for every head, then the output projection. x is [B·T, D]. */
function attention(p: Parameters, name: string, x: np.Array, B: number, H: number): np.Array {
  const [rows, D] = [at(x.shape, 0), at(x.shape, 1)];
  const T = rows / B;
  const K = D / H;
  const heads = linear(p, `${name}.c_attn`, x).reshape([B, T, 3, H, K]).transpose([2, 0, 3, 1, 4]);
  const parts = np.split(heads, 3, 0).map((part) => part.reshape([B * H, T, K]));
  const [q, k, v] = [at(parts, 0), at(parts, 1), at(parts, 2)];
  const mask = np
    .tril(np.ones([T, T]))
    .sub(1)
    .mul(1e9);
  const pattern = nn.softmax(
    np
      .matmul(q, k.transpose([0, 2, 1]))
      .mul(1 / Math.sqrt(K))
      .add(mask),
    -1,
  );
  const mixed = np.matmul(pattern, v).reshape([B, H, T, K]).transpose([0, 2, 1, 3]);
  return linear(p, `${name}.c_proj`, mixed.reshape([B * T, D]));
}

function norm(p: Parameters, name: string, x: np.Array): np.Array {
  return nn
    .standardize(x, -1, { epsilon: LAYER_NORM_EPSILON })
    .mul(named(p, `${name}.weight`))
    .add(named(p, `${name}.bias`));
}

function linear(p: Parameters, name: string, x: np.Array): np.Array {
  return np.matmul(x, named(p, `${name}.weight`)).add(named(p, `${name}.bias`));
}
