import fc from 'fast-check';
import { AttentionBlock } from '../../src/fock/attention-block.ts';
import { BlockLaw } from '../../src/fock/block-law.ts';
import { DiagonalState } from '../../src/fock/diagonal-state.ts';
import { TokenSpace } from '../../src/fock/token-space.ts';

/** Some blocks over N tokens and a mixture of texts. */
export interface BlockSystem {
  readonly blocks: readonly AttentionBlock[];
  readonly laws: readonly BlockLaw[];
  readonly start: DiagonalState;
}

/** Blocks with given scores and token maps; the tokens are unit vectors. */
export function blockSystem(
  N: number,
  blocks: readonly { readonly scores: readonly number[]; readonly map: readonly number[] }[],
  texts: readonly { readonly tokens: readonly number[]; readonly weight: number }[],
): BlockSystem {
  const unit = (i: number) => Array.from({ length: N }, (_, j) => (i === j ? 1 : 0));
  const rows = Array.from({ length: N }, (_, i) => unit(i));
  const tokens = new TokenSpace(
    rows.map((_, i) => `t${i}`),
    rows,
  );
  const made = blocks.map(({ scores, map }) => {
    // G = W_Qᵀ W_K on unit vectors with W_Q = 1; column k of W_V is the image of token k.
    const WK = rows.map((_, q) => rows.map((_, k) => scores[q * N + k]!));
    const WV = rows.map((_, y) => rows.map((_, k) => (map[k] === y ? 1 : 0)));
    return new AttentionBlock(tokens, { WQ: rows, WK, WV }, { scale: 'none' });
  });
  return { blocks: made, laws: made.map((block) => new BlockLaw(block)), start: DiagonalState.ofMixture(N, texts) };
}

/** Random systems of up to four tokens, three blocks and two texts. */
export const arbitrarySystem = fc.integer({ min: 1, max: 4 }).chain((N) => {
  const token = fc.nat(N - 1);
  const block = fc.record({
    scores: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: N * N, maxLength: N * N }),
    map: fc.array(token, { minLength: N, maxLength: N }),
  });
  const text = fc.array(token, { minLength: 1, maxLength: 4 });
  return fc.tuple(fc.array(block, { minLength: 1, maxLength: 3 }), text, text).map(([blocks, a, b]) =>
    blockSystem(N, blocks, [
      { tokens: a, weight: 0.25 },
      { tokens: b, weight: 0.75 },
    ]),
  );
});
