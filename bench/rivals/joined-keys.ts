/** The open system's strings as people would keep them: in a map by their joined tokens, and in a hash table of typed arrays. */
import type { AttentionBlock } from '../../src/fock/attention-block.ts';

/** Weights of all strings after L steps from one text, in the order of the tree. */
export function propagateInMap(blocks: readonly AttentionBlock[], text: readonly number[], L: number): Float64Array {
  let state = new Map([[text.join(','), 1]]);
  for (let l = 0; l < L; l++) {
    const next = new Map<string, number>();
    for (const [key, weight] of state) {
      const law = lawAfter(blocks[l % blocks.length]!, key.split(',').map(Number));
      for (const [y, p] of law.entries()) {
        if (p > 0) next.set(`${key},${y}`, (next.get(`${key},${y}`) ?? 0) + weight * p);
      }
    }
    state = next;
  }
  return Float64Array.from(state.values());
}

/**
 * The same with open addressing: a string is its tokens in a row of bytes, found by a hash of them; what it leads to is
 * computed for each string anew.
 */
export function propagateInTable(blocks: readonly AttentionBlock[], text: readonly number[], L: number): Float64Array {
  const length = text.length + L;
  let tokens = Uint8Array.from({ length }, (_, i) => text[i] ?? 0);
  let weights = Float64Array.of(1);
  for (let l = 0; l < L; l++) {
    const block = blocks[l % blocks.length]!;
    const N = block.tokens.N;
    const used = text.length + l;
    const nextTokens = new Uint8Array(weights.length * N * length);
    const nextWeights = new Float64Array(weights.length * N);
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * nextWeights.length))).fill(-1);
    let count = 0;
    for (let i = 0; i < weights.length; i++) {
      const string = tokens.subarray(i * length, i * length + used);
      let hash = 0x811c9dc5;
      for (const token of string) hash = Math.imul(hash ^ token, 0x01000193);
      const law = lawAfter(block, string);
      for (let y = 0; y < N; y++) {
        if (law[y] === 0) continue;
        const target = count * length;
        nextTokens.set(string, target);
        nextTokens[target + used] = y;
        let slot = Math.imul(hash ^ y, 0x01000193) >>> 0;
        for (slot &= slots.length - 1; slots[slot] !== -1; slot = (slot + 1) & (slots.length - 1)) {
          if (equalRows(nextTokens, slots[slot]! * length, target, used + 1)) break;
        }
        if (slots[slot] === -1) slots[slot] = count++;
        nextWeights[slots[slot]!]! += weights[i]! * law[y]!;
      }
    }
    tokens = nextTokens.slice(0, count * length);
    weights = nextWeights.slice(0, count);
  }
  return weights;
}

function equalRows(tokens: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (tokens[a + i] !== tokens[b + i]) return false;
  return true;
}

function lawAfter(block: AttentionBlock, history: ArrayLike<number>): Float64Array {
  const N = block.tokens.N;
  const q = history[history.length - 1]!;
  const law = new Float64Array(N);
  let total = 0;
  for (let i = 0; i < history.length; i++) {
    const mass = Math.exp(block.scores[q * N + history[i]!]!);
    law[block.tokenMap[history[i]!]!]! += mass;
    total += mass;
  }
  return law.map((mass) => mass / total);
}
