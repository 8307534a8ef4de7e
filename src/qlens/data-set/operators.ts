import type { Backend } from '../../backend/backend.ts';
import { TRANSITION_MEASURES } from '../../backend/contract/state.ts';
import type { Block } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { CapacityError, DomainError, ShapeError } from '../../core/errors.ts';
import { notAmong } from '../../core/names.ts';
import type { StageSource } from '../analyse.ts';
import { QLENS_DEFAULTS } from '../defaults.ts';
import { largestByModulus } from '../ranking.ts';
import type { UnitChange } from '../result.ts';
import { loadStage, type StageBlocks, unitsOf } from '../stage-state.ts';
import { UnitVectors } from '../statistics/unit-vectors.ts';

/** The operators of one step over a data set. */
export interface StepOperators {
  /** Name of the stage before. */
  readonly from: string;
  /** Name of the stage after. */
  readonly to: string;
  /** v of every operator, with the lengths ‖Δψ‖. */
  readonly vectors: UnitVectors;
  /** ψ_in of every operator, where states are kept; else null. */
  readonly inputs: UnitVectors | null;
  /** The components of each operator's Δψ largest in modulus, largest first. */
  readonly top: readonly (readonly UnitChange[])[];
}

/** The operators of every step that was asked for. */
export interface DataSetOperators {
  /** Number of output units. */
  readonly V: number;
  /** Predictions read. */
  readonly texts: number;
  /** One entry for each step kept, in the order of the stages. */
  readonly steps: readonly StepOperators[];
}

/** Options of `collectOperators`. */
export interface CollectOptions {
  /** Steps to keep, by the name of the stage after; default all. */
  readonly steps?: readonly string[];
  /** Whether to keep the states before each step too, which `rotation` and `procrustes` depend on: twice the memory. Default false. */
  readonly keepStates?: boolean;
  /** Components of each Δψ to list. Default 3. */
  readonly top?: number;
  /** ‖ψ_out − ψ_in‖ below which states coincide. Default 1e-12. */
  readonly identityTolerance?: number;
  /** Most bytes of vectors to keep. Default 4 GiB. */
  readonly maxBytes?: number;
  /** Called after every prediction. */
  readonly onText?: (done: number) => void;
}

/**
 * The Householder vectors of every step over a stream of predictions. One prediction is held at a time; what is kept is 4·V bytes
 * for each operator, 8·V with its state.
 *
 * @param sources predictions with the same stages and V, at least one.
 * @throws ShapeError or DomainError if a prediction differs, naming it, or if a step is unknown; otherwise as `analyseStages`.
 * @accuracy operators in f64, then rounded to f32.
 * @cost O(V) per stage; 4·V bytes per operator
 */
export async function collectOperators(
  backend: Backend,
  sources: AsyncIterable<StageSource> | Iterable<StageSource>,
  {
    steps,
    keepStates = false,
    top = 3,
    identityTolerance = QLENS_DEFAULTS.identityTolerance,
    maxBytes = 2 ** 32,
    onText,
  }: CollectOptions = {},
): Promise<DataSetOperators> {
  const where = 'collectOperators';
  checkInteger(where, 'top', top, 1);
  if (!(identityTolerance >= 0 && identityTolerance < Infinity)) {
    throw new DomainError(`${where}: identityTolerance must be at least 0, but it is ${String(identityTolerance)}.`);
  }
  let collector: Collector | null = null;
  let texts = 0;
  for await (const source of sources) {
    collector ??= new Collector(where, backend, source.names, steps, { keepStates, top, tolerance: identityTolerance });
    collector.read(source, texts);
    texts++;
    onText?.(texts);
    checkBytes(where, collector, maxBytes);
  }
  if (collector === null)
    throw new ShapeError(
      `${where}: sources must hold at least one prediction, but there is none. Check that the file is not empty.`,
    );
  return { V: collector.V, texts, steps: collector.steps };
}

/** @throws CapacityError if the vectors kept take more than they may. */
function checkBytes(where: string, { V, steps }: Collector, maxBytes: number): void {
  const rows = steps.reduce((sum, { vectors, inputs }) => sum + vectors.count + (inputs?.count ?? 0), 0);
  const bytes = 4 * V * rows;
  if (bytes <= maxBytes) return;
  throw new CapacityError(
    `${where}: the vectors must take at most ${maxBytes} bytes, but they take ${bytes}. Read fewer predictions, or keep fewer steps.`,
    bytes,
  );
}

interface Keeping {
  readonly keepStates: boolean;
  readonly top: number;
  readonly tolerance: number;
}

function notAStep(names: readonly string[], unknown: string | undefined): string {
  if (unknown === undefined) return 'there is none';
  return unknown === names[0] ? `'${unknown}' is the first` : notAmong(unknown, names, 'stages');
}

class Collector {
  V = 0;
  readonly steps: StepOperators[] = [];
  readonly #where: string;
  readonly #backend: Backend;
  readonly #names: readonly string[];
  /** By the stage after. */
  readonly #kept: Map<number, { vectors: UnitVectors; inputs: UnitVectors | null; top: UnitChange[][] } | null>;
  readonly #keeping: Keeping;

  constructor(
    where: string,
    backend: Backend,
    names: readonly string[],
    steps: readonly string[] | undefined,
    keeping: Keeping,
  ) {
    if (names.length < 2)
      throw new ShapeError(`${where}: names must have at least 2 stages, but there are ${names.length}.`);
    const wanted = steps ?? names.slice(1);
    const unknown = wanted.find((name) => names.indexOf(name) < 1);
    if (unknown !== undefined || wanted.length === 0) {
      throw new DomainError(`${where}: steps must name stages after the first, but ${notAStep(names, unknown)}.`);
    }
    this.#where = where;
    this.#backend = backend;
    this.#names = names;
    this.#keeping = keeping;
    this.#kept = new Map(names.flatMap((name, stage) => (stage > 0 && wanted.includes(name) ? [[stage, null]] : [])));
  }

  /** Only the stages at either end of a step that is kept are asked for. */
  read(source: StageSource, text: number): void {
    const names = this.#names;
    if (source.names.length !== names.length || source.names.some((name, stage) => name !== names[stage])) {
      throw new ShapeError(
        `${this.#where}: all predictions must have the stages ${names.join(', ')}, but number ${text} has ${source.names.join(', ')}.`,
      );
    }
    const { memory, kernels } = this.#backend;
    memory.scope(() => {
      let blocks: {
        law: Pick<StageBlocks, 'p' | 'logP'>;
        states: [Block<'f64'>, Block<'f64'>];
        basis: Block<'f64'>;
      } | null = null;
      const measures = memory.allocate('f64', TRANSITION_MEASURES.length);
      let loaded = -1;
      const load = (stage: number): void => {
        memory.scope((keep) => {
          const logits = source.logitsOf(stage);
          this.#checkV(unitsOf(logits), text);
          const vector = (): Block<'f64'> => keep(memory.allocate('f64', this.V));
          blocks ??= {
            law: { p: vector(), logP: vector() },
            states: [vector(), vector()],
            basis: keep(memory.allocate('f64', 2 * this.V)),
          };
          const name = `${names[stage]} of prediction ${text}`;
          loadStage(this.#backend, this.#where, name, logits, { ...blocks.law, psi: blocks.states[stage % 2]! });
        });
        loaded = stage;
      };
      for (const [stage, kept] of this.#kept) {
        if (loaded !== stage - 1) load(stage - 1);
        load(stage);
        const { states, basis } = blocks!;
        const [before, after] = [states[(stage - 1) % 2]!, states[stage % 2]!];
        kernels.transition({ psiIn: before, psiOut: after, basis, measures, V: this.V });
        const step = kept ?? this.#begin(stage);
        const distance = measures.view()[TRANSITION_MEASURES.distance]!;
        const v = basis.view().subarray(0, this.V);
        const moved = distance >= this.#keeping.tolerance && distance > 0;
        step.vectors.add(moved ? v : null, distance);
        step.inputs?.add(moved ? before.view() : null);
        if (!moved) continue;
        const leaders = largestByModulus(v, this.#keeping.top);
        step.top.push(leaders.map((id) => ({ id, change: distance * v[id]! })));
      }
    });
  }

  #begin(stage: number) {
    const inputs = this.#keeping.keepStates ? new UnitVectors(this.V) : null;
    const step = { vectors: new UnitVectors(this.V), inputs, top: [] as UnitChange[][] };
    this.#kept.set(stage, step);
    this.steps.push({ from: this.#names[stage - 1]!, to: this.#names[stage]!, ...step });
    return step;
  }

  #checkV(V: number, text: number): void {
    if (this.V === 0) {
      checkInteger(this.#where, 'number of logits', V, 2);
      this.V = V;
    }
    if (V === this.V) return;
    throw new ShapeError(`${this.#where}: all predictions must have V = ${this.V}, but number ${text} has ${V}.`);
  }
}
