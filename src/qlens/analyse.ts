import type { Backend } from '../backend/backend.ts';
import type { Block } from '../backend/memory.ts';
import { checkInteger } from '../core/checks.ts';
import { DomainError, ShapeError } from '../core/errors.ts';
import { buresAngle } from './angle.ts';
import { QLENS_DEFAULTS } from './defaults.ts';
import { depthGeometry } from './depth.ts';
import { divergencesOf } from './divergence.ts';
import { energyAtInput, uncertaintyOn } from './energy.ts';
import { measureTransition } from './low-rank.ts';
import { checkOperatorOptions, type OperatorKind, type OperatorOptions, operatorForm } from './operator-form.ts';
import { leadersOf } from './ranking.ts';
import { probeVector, residualsOf } from './residuals.ts';
import type { QLensResult, StageRow, TransitionRow } from './result.ts';
import { checkedIds, momentsOn, type SamplingMoments } from './sampling.ts';
import { loadStage, type StageBlocks, type StageLaw, type StageLogits, unitsOf } from './stage-state.ts';

/** The stages of one prediction, first to last; logits are asked for one stage at a time. */
export interface StageSource {
  /** Names of the stages, at least two; the last is the final law that the others are compared with. */
  readonly names: readonly string[];
  /**
   * Logits of stage number `stage`, V numbers, or its law. Called once per stage, for the last stage first and then in order. Each
   * answer is used up before the next call, so one buffer may serve all. Blocks must be of the same backend; those that the
   * call allocates are released after use. Pass the block, not its view: a view dies when memory grows.
   */
  logitsOf(stage: number): StageLogits | StageLaw;
}

/** Options of `analyseStages`. */
export interface AnalyseOptions extends OperatorOptions {
  /** Default `householder`, the paper's. */
  readonly operator?: OperatorKind;
  /** Units to list per stage and per step, at least 1. Default 10. */
  readonly top?: number;
  /** V eigenvalues of the sampling operator S. Default 1 … V. */
  readonly ids?: ArrayLike<number>;
}

/** Vectors of V elements that live as long as an analysis. */
interface Work {
  readonly final: StageBlocks;
  readonly basis: Block<'f64'>;
  readonly probe: Block<'f64'>;
  readonly change: Block<'f64'>;
  /** The eigenvalues of S. */
  readonly ids: Block<'f64'>;
  /** The likeliest unit at the end. */
  readonly finalTop: number;
}

type Checked = Required<OperatorOptions> & { operator: OperatorKind; top: number };

/**
 * QLens of one prediction: the law and state at every stage, the operator of every step, and the geometry of the way.
 *
 * @returns plain data; each field is documented in {@link QLensResult}.
 * @throws ShapeError, NonFiniteError or DomainError naming the stage or the option.
 * @accuracy logits are taken as exact; everything after them in f64, the same bits from the ts and wasm backends.
 * @cost O(V) per stage in time; 13·V f64 in backend memory (5.2 MB at V = 50,257) and one stage's logits, whatever the
 * number of stages.
 * @source QLens, section 4; geometry along depth and rotation: own.
 * @example
 * const logits = [Float32Array.of(0, 0), Float32Array.of(1, 0), Float32Array.of(3, 0)];
 * const result = analyseStages(backend, { names: ['embed', 'attn', 'mlp'], logitsOf: (stage) => logits[stage]! });
 * result.transitions.length; // 2
 */
export function analyseStages(backend: Backend, source: StageSource, options: AnalyseOptions = {}): QLensResult {
  const where = 'analyseStages';
  const { names } = source;
  if (names.length < 2) {
    throw new ShapeError(`${where}: source.names must have at least 2 elements, but it has ${names.length}.`);
  }
  const checked = checkOptions(where, options);
  const { memory } = backend;
  const last = names.length - 1;
  const load = (stage: number, blocks: StageBlocks): number =>
    memory.scope(() => loadStage(backend, where, names[stage]!, source.logitsOf(stage), blocks));

  return memory.scope(() => {
    const vector = (V: number): Block<'f64'> => memory.allocate('f64', V);
    let finalEntropy = 0;
    let values: Float64Array = new Float64Array(0);
    const final = memory.scope((keepFinal) => {
      const logits = source.logitsOf(last);
      const V = unitsOf(logits);
      checkInteger(where, 'number of logits', V, 1);
      values = checkedIds(where, options.ids, V);
      const blocks = { p: keepFinal(vector(V)), logP: keepFinal(vector(V)), psi: keepFinal(vector(V)) };
      finalEntropy = loadStage(backend, where, names[last]!, logits, blocks);
      return blocks;
    });
    const V = final.psi.length;
    const finalTop = leadersOf(backend, final.logP, 1)[0]!;
    const ids = vector(V);
    ids.view().set(values);
    const work: Work = {
      final,
      basis: vector(2 * V),
      probe: probeVector(backend, V),
      change: vector(V),
      ids,
      finalTop,
    };
    const law = { p: vector(V), logP: vector(V) };
    const [start, even, odd] = [vector(V), vector(V), vector(V)];

    const stages: StageRow[] = [];
    const transitions: TransitionRow[] = [];
    let previous = start;
    for (let stage = 0; stage <= last; stage++) {
      const psi = stage === 0 ? start : stage % 2 === 0 ? even : odd;
      const blocks = stage === last ? final : { ...law, psi };
      const entropy = stage === last ? finalEntropy : load(stage, blocks);
      stages.push(stageRow(backend, names[stage]!, entropy, blocks, work, checked));
      if (stage > 0) {
        const moments = stages[stage - 1]!.sampling;
        const ends = { from: names[stage - 1]!, to: names[stage]! };
        transitions.push({ ...ends, ...step(backend, previous, blocks.psi, moments, work, checked) });
      }
      previous = blocks.psi;
    }
    const geodesic = buresAngle(measureTransition(backend, start, final.psi, null));
    const { operator, alpha, identityTolerance } = checked;
    const summary = depthGeometry(
      transitions.map((row) => row.buresAngle),
      geodesic,
    );
    return { backend: backend.kind, V, operator, alpha, identityTolerance, stages, transitions, summary };
  });
}

function checkOptions(where: string, options: AnalyseOptions): Checked {
  const { operator = QLENS_DEFAULTS.operator, top = QLENS_DEFAULTS.top } = options;
  if (operator !== 'householder' && operator !== 'rotation') {
    throw new DomainError(`${where}: operator must be householder or rotation, but it is ${String(operator)}.`);
  }
  checkInteger(where, 'top', top, 1);
  return { ...checkOperatorOptions(where, options), operator, top };
}

function stageRow(
  backend: Backend,
  name: string,
  entropy: number,
  blocks: StageBlocks,
  { final, ids, finalTop }: Work,
  { top }: Checked,
): StageRow {
  const { kl, jensenShannon, totalVariation } = divergencesOf(backend, final, blocks);
  const units = leadersOf(backend, blocks.logP, top);
  const p = blocks.p.view();
  const leaders = units.map((id) => ({ id, probability: p[id]! }));
  return {
    name,
    entropy,
    klFinal: kl,
    jensenShannon,
    totalVariation,
    maxProbability: leaders[0]!.probability,
    top: leaders,
    finalTopRank: backend.kernels.rankOf({ x: blocks.logP, n: p.length, index: finalTop }),
    sampling: momentsOn(backend, blocks.psi, ids),
  };
}

function step(
  backend: Backend,
  psiIn: Block<'f64'>,
  psiOut: Block<'f64'>,
  moments: SamplingMoments,
  { basis, probe, change, ids }: Work,
  { operator, alpha, identityTolerance, top }: Checked,
): Omit<TransitionRow, 'from' | 'to'> {
  const form = operatorForm(operator, measureTransition(backend, psiIn, psiOut, basis), { alpha, identityTolerance });
  const residuals = residualsOf(backend, form, { psiIn, psiOut, basis, probe, change });
  const leaders = leadersOf(backend, change, top, true);
  const changes = change.view();
  const largest = leaders.map((id) => ({ id, change: changes[id]! }));
  return {
    overlap: form.overlap,
    distance: form.distance,
    buresAngle: form.angle,
    operator,
    identity: form.identity,
    eigenvalues: form.levels.map((level) => level.energy),
    energy: energyAtInput(form),
    uncertainty: uncertaintyOn(backend, form, basis, psiIn, ids, moments),
    residuals,
    top: largest,
  };
}
