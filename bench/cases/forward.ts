/** Forward passes and decoding; the product that a forward pass is made of runs beside them, in the same rounds. */
import os from 'node:os';
import { type Precision, transformer } from '../../src/index.ts';
import type { Case, Peer } from '../case.ts';
import { linearCase } from './linear.ts';
import { type BenchModel, gpt2Small, type Sizes } from './models.ts';

/** Tokens of a prompt, of a longer one, and of a continuation that is read one by one. */
export const PROMPT = 32;
const LONG_PROMPT = 128;
const DECODED = 16;

function passRow(label: string, precision: Precision, T: number): string {
  return `forward ${label} ${precision} T=${T}`;
}

/** Names of the rows that the summary compares. */
export const FORWARD_ROWS = {
  group: 'forward',
  pass: passRow(gpt2Small.label, 'f32', PROMPT),
  product: `linear f32 ${PROMPT}x768x3072`,
} as const;

/** Other programs that run a row of this group, by the row's name. */
export type PeersOf = (name: string) => readonly Peer[];

/** One more program for the rows of GPT-2-small's pass, with one thread and with two: `forward` starts it for the ids and makes so many passes. */
export function passPeers(
  program: string,
  passes: number,
  forward: (
    ids: readonly number[],
    passes: number,
    threads: number,
  ) => { ns: readonly number[]; logits: readonly number[] },
): PeersOf {
  return (row) => {
    const T = [PROMPT, LONG_PROMPT].find((length) => row === passRow(gpt2Small.label, 'f32', length));
    if (T === undefined) return [];
    const ids = promptIds(T, gpt2Small.sizes.V);
    return [1, 2]
      .filter((threads) => threads <= os.availableParallelism())
      .map((threads) => ({
        name: threads === 1 ? program : `${program} ${threads} threads`,
        outputs: () => [{ name: 'logits', data: Float64Array.from(forward(ids, 1, threads).logits) }],
        sample: () => forward(ids, passes, threads).ns,
        clock: threads === 1 ? 'cpu' : 'wall',
      }));
  };
}

export function forwardCases(embedded: BenchModel | null, peersOf: PeersOf): Case[] {
  const cases = [
    linearCase('forward', 'f32', PROMPT, 768, 3072),
    forwardCase(gpt2Small, 'f32', { long: true, threaded: true }),
    forwardCase(
      gpt2Small,
      'f32',
      { long: true, threaded: true, withoutTwin: true, timed: ['wasm', 'wasm-relaxed'] },
      LONG_PROMPT,
    ),
    forwardCase(gpt2Small, 'f64', { long: true, timed: ['wasm', 'wasm-relaxed'] }),
    decodeCase(gpt2Small, { long: true, threaded: true }),
    frontierCase(gpt2Small, { long: true, threaded: true, timed: ['wasm', 'wasm-relaxed'] }),
  ];
  if (embedded !== null) {
    cases.push(
      forwardCase(embedded, 'f32'),
      forwardCase(embedded, 'f64'),
      decodeCase(embedded),
      frontierCase(embedded),
    );
  }
  return cases.map((test) => ({ ...test, peers: peersOf(test.name) }));
}

/** 2·(T · weights of the layers' products + weights of the unembedding, which acts on one row). */
function forwardOperations({ V, D, L, F }: Sizes, T: number): number {
  return 2 * (T * L * (4 * D * D + 2 * D * F) + D * V);
}

/** Ids spread over the vocabulary, the same in every lane. */
export function promptIds(length: number, V: number): number[] {
  return Array.from({ length }, (_, t) => (t * 1543 + 17) % V);
}

type Extra = Pick<Case, 'long' | 'timed' | 'threaded' | 'withoutTwin'>;

function forwardCase({ label, sizes, open }: BenchModel, precision: Precision, extra: Extra = {}, T = PROMPT): Case {
  return {
    ...extra,
    group: FORWARD_ROWS.group,
    name: passRow(label, precision, T),
    precision,
    work: { amount: forwardOperations(sizes, T), unit: 'GFLOP/s' },
    async prepare(backend) {
      const model = await open(backend);
      const ids = promptIds(T, sizes.V);
      let logits: Float32Array | Float64Array = new Float32Array(0);
      return {
        run: () => {
          logits = transformer.traceForward(model, ids, { precision }).logits;
        },
        outputs: () => [{ name: 'logits', data: logits }],
      };
    },
  };
}

/** Reads 16 given tokens one by one after a prompt of 16; given, so that every lane reads the same. */
function decodeCase({ label, sizes, open }: BenchModel, extra: Extra = {}): Case {
  return {
    ...extra,
    group: FORWARD_ROWS.group,
    name: `decode ${label} f32 ${DECODED} tokens`,
    precision: 'f32',
    work: { amount: DECODED, unit: 'tokens/s' },
    async prepare(backend) {
      const ids = promptIds(2 * DECODED, sizes.V);
      const session = new transformer.Session(await open(backend), { capacity: ids.length });
      session.append(ids.slice(0, DECODED));
      let logits: Float32Array | Float64Array = new Float32Array(0);
      return {
        run: () => {
          session.rewind(DECODED);
          for (const id of ids.slice(DECODED)) logits = session.append([id]).logits;
        },
        outputs: () => [{ name: 'logits', data: logits }],
      };
    },
  };
}

/** The laws of 32 histories that share a prompt of 16 and differ in two tokens behind it: one level of a tree. */
function frontierCase({ label, sizes, open }: BenchModel, extra: Extra = {}): Case {
  const prompt = promptIds(16, sizes.V);
  const histories = Array.from({ length: 32 }, (_, i) => [...prompt, i >> 2, i & 3]);
  return {
    ...extra,
    group: FORWARD_ROWS.group,
    name: `frontier ${label} f32 ${histories.length} histories`,
    precision: 'f32',
    work: { amount: histories.length, unit: 'tokens/s' },
    async prepare(backend) {
      const law = new transformer.LanguageModelLaw(await open(backend), { capacity: 32 });
      let laws: readonly Float64Array[] = law.batch.probabilities(histories);
      return {
        run: () => {
          laws = law.batch.probabilities(histories);
        },
        outputs: () => laws.map((data, i) => ({ name: `p(·|history ${i})`, data })),
      };
    },
  };
}
