import { CapacityError } from '../../core/errors.ts';
import type { DiagonalState } from '../diagonal-state.ts';
import type { CountingTables } from '../next-token-law.ts';
import { countVectors } from './count-index.ts';

/** Every lumped state costs a sum over the tuples of tokens that the heads can attend to. */
const MOST_TUPLES = 2 ** 20;

/** A text of the start, with its weight in each of the states that are followed together. */
export interface StartText {
  readonly text: Int32Array;
  /** Index in the first state's texts that have it; −1 if only another state does. */
  readonly index: number;
  readonly weights: readonly number[];
}

/** Texts that are one lumped state: equal token counts, equal last token. */
export interface StartLump {
  /** The first of them as the history of the first step; for the vacuum the token x_0 it becomes. */
  readonly history: Int32Array;
  readonly members: readonly StartText[];
}

/**
 * Start lumps whose chains share one grid of count vectors: after λ of its own steps the counts are base + d with |d| = spare + λ,
 * d counting the tokens that can be generated.
 */
export interface StartGroup {
  /** Tokens that can be generated, ascending: the S slots. */
  readonly slots: Int32Array;
  /** The slots, then the other tokens that occur: K tokens. */
  readonly tokens: Int32Array;
  /** Counts of the K tokens at d = 0. */
  readonly base: Float64Array;
  readonly spare: number;
  readonly lumps: readonly StartLump[];
  /** d of each lump. */
  readonly offsets: readonly Int32Array[];
  /** 1 for the vacuum, whose first step is no step of a law; else 0. */
  readonly delay: number;
}

/** The texts of several states, each once: equal texts merged. */
export function startTexts(states: readonly DiagonalState[]): StartText[] {
  const merged = new Map<string, { text: Int32Array; index: number; weights: number[] }>();
  for (const [which, state] of states.entries()) {
    for (let i = 0; i < state.count; i++) {
      const text = state.string(i);
      const key = text.join(',');
      const known = merged.get(key) ?? { text, index: which === 0 ? i : -1, weights: states.map(() => 0) };
      known.weights[which] = state.weight[i]!;
      merged.set(key, known);
    }
  }
  return [...merged.values()];
}

/** Lumps texts and groups the lumps whose chains overlap, for L steps of any of the laws. */
export function startGroups(
  texts: readonly StartText[],
  tables: readonly CountingTables[],
  vacuumToken: number,
  L: number,
): StartGroup[] {
  const lumps = new Map<string, { history: Int32Array; members: StartText[] }>();
  for (const start of texts) {
    const history = start.text.length === 0 ? Int32Array.of(vacuumToken) : start.text;
    const key = `${start.text.length === 0}|${history.at(-1)}|${history.slice().sort().join(',')}`;
    const lump = lumps.get(key);
    if (lump === undefined) lumps.set(key, { history, members: [start] });
    else lump.members.push(start);
  }
  const families = new Map<string, Placed[]>();
  const closures = new Map<string, Int32Array>();
  for (const lump of lumps.values()) {
    const placed = place(lump, tables, closures);
    const { slots, others, delay } = placed;
    const key = `${delay}|${lump.history.length}|${slots.join(',')}|${others.join(',')}`;
    const family = families.get(key);
    if (family === undefined) families.set(key, [placed]);
    else family.push(placed);
  }
  return [...families.values()].flatMap((family) => {
    const together = groupOf(family);
    const S = together.slots.length;
    const shared = countVectors(S, together.spare + L);
    return shared <= family.length * countVectors(S, L) ? [together] : family.map((one) => groupOf([one]));
  });
}

/** A lump with the tokens that its chain can generate and those it only starts with. */
interface Placed {
  readonly lump: StartLump;
  readonly slots: Int32Array;
  /** Tokens of the history that are no slots, ascending, with repetition. */
  readonly others: Int32Array;
  readonly delay: number;
}

function place(lump: StartLump, tables: readonly CountingTables[], closures: Map<string, Int32Array>): Placed {
  const occurring = [...new Set(lump.history)].sort((a, b) => a - b);
  const key = occurring.join(',');
  const slots = closures.get(key) ?? reachableTokens('lump', occurring, tables);
  closures.set(key, slots);
  const others = lump.history.filter((token) => !slots.includes(token)).sort();
  return { lump, slots, others, delay: lump.members[0]!.text.length === 0 ? 1 : 0 };
}

/** Tokens that can be generated from histories over the given ones, ascending. @throws CapacityError for too many tuples. */
export function reachableTokens(
  where: string,
  start: readonly number[],
  tables: readonly CountingTables[],
): Int32Array {
  const occurring = new Set(start);
  const generated = new Set<number>();
  for (let before = -1; before < occurring.size; ) {
    before = occurring.size;
    const known = [...occurring];
    for (const table of tables) {
      checkTuples(where, known.length, table.scores.length);
      for (const tuple of tuples(known, table.scores.length)) {
        const token = table.generated(tuple);
        generated.add(token);
        occurring.add(token);
      }
    }
  }
  return Int32Array.from(generated).sort();
}

function checkTuples(where: string, K: number, H: number): void {
  if (K ** H <= MOST_TUPLES) return;
  throw new CapacityError(
    `${where}: heads must attend to at most ${MOST_TUPLES} tuples of tokens, but ${H} heads over ${K} tokens have ${K ** H}. Take fewer heads or tokens, or sample trajectories of the laws themselves (sampleTrajectories).`,
    4 * K ** H,
  );
}

/** Every tuple of `H` of the tokens, the first place the slowest. The array is reused. */
export function* tuples(tokens: ArrayLike<number>, H: number): Generator<readonly number[]> {
  const digits = new Array<number>(H).fill(0);
  const tuple = digits.map(() => tokens[0]!);
  for (;;) {
    yield tuple;
    let h = H - 1;
    while (h >= 0 && digits[h] === tokens.length - 1) {
      digits[h] = 0;
      tuple[h] = tokens[0]!;
      h--;
    }
    if (h < 0) return;
    digits[h]! += 1;
    tuple[h] = tokens[digits[h]!]!;
  }
}

function groupOf(family: readonly Placed[]): StartGroup {
  const { slots, others, delay } = family[0]!;
  const tokens = Int32Array.of(...slots, ...new Set(others));
  const counts = family.map(({ lump }) => tokens.map((token) => lump.history.filter((x) => x === token).length));
  const base = Float64Array.from(tokens, (_, k) => Math.min(...counts.map((count) => count[k]!)));
  const offsets = counts.map((count) => Int32Array.from(slots, (_, k) => count[k]! - base[k]!));
  return {
    slots,
    tokens,
    base,
    spare: offsets[0]!.reduce((sum, part) => sum + part, 0),
    lumps: family.map(({ lump }) => lump),
    offsets,
    delay,
  };
}
