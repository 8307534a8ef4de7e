import type { RealBlock } from '../backend/memory.ts';
import { CapacityError, DomainError } from '../core/errors.ts';
import type { AttentionCache } from './block.ts';
import { lengthClass } from './config.ts';
import { unembed } from './head.ts';
import { layerAttention, slopesOf } from './layer-attention.ts';
import { checkLogits } from './logits.ts';
import { NodeStore } from './node-store.ts';
import { runPasses } from './pass.ts';
import { Recorder } from './recorder.ts';
import type { Session } from './session.ts';
import { checkTokenIds } from './token-ids.ts';

/** A token's node to be computed: `path` are the nodes from the root on, the node itself at `depth`. */
interface Row {
  readonly path: readonly number[];
  readonly depth: number;
  readonly id: number;
}

/** Paths of the histories, and the rows to compute, those that others see before them. */
interface Plan {
  readonly rows: readonly Row[];
  readonly paths: readonly (readonly number[])[];
}

/**
 * Histories that branch off what a session has read. Every further token is a node of a tree that keeps its keys and values,
 * and the last tokens of many histories are rows of one pass: the weights are read once for all of them.
 *
 * The logits have the bits that `Session.append` gives for each history alone.
 */
export class HistoryTree {
  readonly #session: Session;
  readonly #nodes: NodeStore;
  /** Node whose keys and values the session's caches hold at each position behind the root. */
  #held: readonly number[] = [];
  /** Length of the histories at hand. */
  #length = 0;

  /**
   * @param session its sequence becomes the root; nobody else may use it meanwhile.
   * @param cacheBytes bytes up to which keys and values of earlier histories are kept.
   */
  constructor(session: Session, cacheBytes: number) {
    this.#session = session;
    this.#nodes = new NodeStore(session.model, session.precision, cacheBytes);
  }

  /**
   * Calls `use` with the logits after each history, one row of V numbers each, in a block that lives as long as the call.
   * Histories that share prefixes should be neighbours.
   *
   * @throws DomainError for an empty history or an id outside the vocabulary, and for histories of lengths that turn differently (longrope); CapacityError for one that is too long;
   * NonFiniteError if the pass overflows.
   */
  read<T>(histories: readonly ArrayLike<number>[], use: (logits: RealBlock) => T): T {
    for (const history of histories) this.#check(history);
    this.#settle(histories);
    this.#root(histories);
    try {
      const plan = this.#plan(histories);
      return this.#session.model.backend.memory.scope(() => use(this.#logits(plan)));
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  /** Gives the memory of the nodes back; any later use throws. Calling it twice is harmless. */
  release(): void {
    this.#nodes.release();
  }

  /** Nodes and root are those of sequences that turn as these histories do. */
  #settle(histories: readonly ArrayLike<number>[]): void {
    const { config } = this.#session.model;
    const lengths = histories.map(({ length }) => length);
    const classes = new Set(lengths.map((length) => lengthClass(config, length)));
    if (classes.size > 1)
      throw new DomainError(
        `HistoryTree: histories must turn alike, but the model turns ${Math.min(...lengths)} and ${Math.max(...lengths)} tokens differently. Read them apart.`,
      );
    const [length = 0] = lengths;
    if (lengthClass(config, this.#length) !== lengthClass(config, length)) this.#forget();
    this.#length = length;
    this.#session.settle(length);
  }

  #logits({ rows, paths }: Plan): RealBlock {
    const { model, precision } = this.#session;
    const { D } = model.config;
    const final = model.backend.memory.allocate(precision, paths.length * D) as RealBlock;
    const x = this.#pass(rows);
    const rowOf = new Map(rows.map(({ path, depth }, r) => [path[depth]!, r]));
    for (const [i, path] of paths.entries()) {
      final
        .part(i * D, D)
        .view()
        .set(x.part(rowOf.get(path.at(-1)!)! * D, D).view());
    }
    const logits = unembed(model, final, paths.length);
    const { V } = model.config;
    for (let i = 0; i < paths.length; i++) checkLogits('HistoryTree', logits.part(i * V, V).view() as Float64Array);
    return logits;
  }

  /** The nodes to compute: those that are new, and the last one of each history. */
  #plan(histories: readonly ArrayLike<number>[]): Plan {
    const { V } = this.#session.model.config;
    const root = this.#session.ids.length;
    const levels: Row[][] = [];
    const planned = new Set<number>();
    const inUse = new Set<number>();
    const paths = histories.map((history) => {
      const path: number[] = [];
      for (let depth = 0; root + depth < history.length; depth++) {
        const id = history[root + depth]!;
        const key = ((path.at(-1) ?? -1) + 1) * V + id;
        const known = this.#nodes.find(key);
        const node = known ?? this.#nodes.create(key, inUse);
        if (known === undefined) this.#held = this.#held.map((held) => (held === node ? -1 : held));
        inUse.add(node);
        path.push(node);
        const last = root + depth === history.length - 1;
        if ((known !== undefined && !last) || planned.has(node)) continue;
        planned.add(node);
        levels[depth] ??= [];
        levels[depth]!.push({ path, depth, id });
      }
      return path;
    });
    return { rows: levels.flat(), paths };
  }

  #pass(rows: readonly Row[]): RealBlock {
    const { model, precision, ids: root } = this.#session;
    const ids = rows.map(({ id }) => id);
    const positions = rows.map(({ depth }) => root.length + depth);
    const recorder = new Recorder(new Set());
    const part = { rows: { ids, positions, length: this.#length }, cache: this.#cache(rows), recorder };
    return runPasses(model, precision, [part])[0]!;
  }

  #cache(rows: readonly Row[]): AttentionCache {
    const root = this.#session.ids.length;
    const { model, precision, capacity, caches } = this.#session;
    const { memory, kernels } = model.backend;
    const { H, G, K } = model.config;
    const width = G * K;
    const v = memory.allocate(precision, rows.length * width) as RealBlock;
    const scratch = memory.allocate('f64', 2 * capacity);
    const slopes = slopesOf(model);
    const before = this.#held;
    this.#held = [];
    return {
      valuesOfRows: () => v,
      attend: (layer, q, k, z) => {
        const { keysT, values } = caches[layer]!;
        const { scale, cap, window, causal } = layerAttention(model.config, layer);
        const held = [...before];
        for (const [r, { path, depth }] of rows.entries()) {
          const own = this.#nodes.at(path[depth]!, layer);
          own.keys.view().set(k.part(r * width, width).view());
          own.values.view().set(v.part(r * width, width).view());
        }
        for (const [r, { path, depth }] of rows.entries()) {
          for (let j = 0; j <= depth; j++) {
            if (held[j] === path[j]) continue;
            const node = this.#nodes.at(path[j]!, layer);
            kernels.storeKeys({ keys: node.keys, keysT, T: 1, first: root + j, G, K, capacity });
            values
              .part((root + j) * width, width)
              .view()
              .set(node.values.view());
            held[j] = path[j]!;
          }
          const query = q.part(r * H * K, H * K) as RealBlock;
          const out = z.part(r * H * K, H * K) as RealBlock;
          kernels.attend({
            q: query,
            keysT,
            values,
            z: out,
            pattern: null,
            scratch,
            slopes,
            T: 1,
            first: root + depth,
            H,
            G,
            K,
            capacity,
            scale,
            cap,
            window,
            causal,
          });
        }
        if (layer === caches.length - 1) this.#held = held;
      },
    };
  }

  /**
   * Makes the session's sequence a proper prefix of all histories. It moves only when it must, or when they share tokens
   * that no node has yet: one pass over many tokens of a sequence beats one pass for each.
   */
  #root(histories: readonly ArrayLike<number>[]): void {
    const session = this.#session;
    const shared = commonPrefix(histories);
    const first = histories[0]!;
    const kept = Math.min(matching(session.ids, first), shared);
    if (kept === session.ids.length && shared - kept - this.#knownDepth(first, kept, shared) <= 1) return;
    this.#forget();
    session.rewind(kept);
    if (shared > kept) session.append(Array.from(first).slice(kept, shared), { length: this.#length });
  }

  /** How many of the tokens from `root` to `end` have nodes. */
  #knownDepth(history: ArrayLike<number>, root: number, end: number): number {
    const { V } = this.#session.model.config;
    let node: number | undefined = -1;
    for (let at = root; at < end; at++) {
      node = this.#nodes.find((node + 1) * V + history[at]!);
      if (node === undefined) return at - root;
    }
    return end - root;
  }

  #forget(): void {
    this.#nodes.clear();
    this.#held = [];
  }

  #check(history: ArrayLike<number>): void {
    const { V, maxPositions } = this.#session.model.config;
    if (history.length === 0)
      throw new DomainError('HistoryTree: history must hold at least one token, but it is empty. Give a prompt.');
    checkTokenIds('HistoryTree', Array.from(history), V);
    const limit = Math.min(this.#session.capacity, maxPositions);
    if (history.length <= limit) return;
    throw new CapacityError(
      `HistoryTree: history must have at most ${limit} tokens, but it has ${history.length}. Shorten the prompt.`,
    );
  }
}

/** Length of the longest proper prefix that all histories share. */
function commonPrefix(histories: readonly ArrayLike<number>[]): number {
  const first = histories[0]!;
  let shared = Math.min(...histories.map((history) => history.length)) - 1;
  for (const history of histories) shared = Math.min(shared, matching(first, history));
  return shared;
}

/** How many leading elements two sequences share. */
function matching(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
