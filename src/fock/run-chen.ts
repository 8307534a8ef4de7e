import { checkInteger } from '../core/checks.ts';
import { CapacityError } from '../core/errors.ts';
import type { ChenModel } from './chen-model.ts';
import type { ChenNode, ChenResult, ChenStep, ChenString } from './chen-result.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import type { DiagonalState } from './diagonal-state.ts';
import { entropyLowerBounds } from './entropy-bound.ts';
import { type Evolution, propagate, type TruncationOptions } from './evolution.ts';
import { purity } from './information.ts';
import { frameOfModel, type Label, labelled, labelOf, likeliest } from './labelled.ts';
import { sampleTrajectories } from './trajectories.ts';
import { summarise } from './trajectory-summary.ts';

/** Options of `runChen`. */
export interface RunChenOptions extends TruncationOptions {
  /** Number of trajectories to sample besides; default 0. */
  readonly trajectories?: number | undefined;
  /** Seed of the trajectories; default 1. */
  readonly seed?: bigint | undefined;
  /** Entries in the marginal laws and in the trajectories' list of sequences; default 20. */
  readonly top?: number | undefined;
  /** Called after every step with the number of steps done, those of the trajectories included. What it throws ends the run. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Numbers and names in a result: some 2 GB as objects. */
const MOST_ENTRIES = 2 ** 26;
/** Fields of a {@link ChenNode}. */
const ENTRIES_OF_NODE = 7;

/**
 * Runs Chen's model: propagates the text's state through the model's steps, measures, and samples trajectories.
 *
 * @param options.maxStrings default {@link ChenModel.defaultMaxStrings}; the certificate says what was dropped.
 * @throws DomainError, ShapeError, CutoffError, CapacityError as {@link propagate}; DomainError for bad options; CapacityError for a
 *   tree and a joint law of more than 2²⁶ entries.
 * @accuracy probabilities of single strings are exact but for rounding; sums over strings as the certificate says.
 * @source Chen, §III.
 * @example
 * const model = modelOfDescription(JSON.parse(text));
 * const { joint, certificate } = runChen(model, { trajectories: 1000, seed: 7n });
 */
export function runChen(model: ChenModel, options: RunChenOptions = {}): ChenResult {
  const {
    maxStrings = model.defaultMaxStrings,
    minWeight = CHEN_DEFAULTS.minWeight,
    trajectories = CHEN_DEFAULTS.trajectories,
    seed = CHEN_DEFAULTS.seed,
    top = CHEN_DEFAULTS.top,
  } = options;
  checkInteger('runChen', 'trajectories', trajectories, 0);
  checkInteger('runChen', 'top', top, 1);
  const { laws, start, steps, space, vacuumToken } = model;
  const dimension = space.dimension.toString();
  const total = trajectories > 0 ? 2 * steps : steps;
  let done = 0;
  const onStep = () => options.onProgress?.(++done, total);
  const shared = { cutoff: space.M, vacuumToken, onStep };
  const evolution = propagate(laws, start, steps, { ...shared, maxStrings, minWeight });
  checkSize(evolution);
  const label = labelOf(model);
  const sampled = trajectories > 0 ? sampleTrajectories(laws, start, steps, { ...shared, trajectories, seed }) : null;
  return {
    kind: 'chen',
    ...frameOfModel(model),
    cutoff: space.M,
    dimension,
    parameters: { ...model.parameters, maxStrings, minWeight, top },
    tree: treeNodes(evolution, label),
    joint: jointLaw(evolution.final, label),
    table: stepTable(evolution, top, label),
    certificate: evolution.certificate,
    trajectories: sampled === null ? null : summarise(sampled, evolution, top, label),
  };
}

/** @throws CapacityError if tree and joint law would not fit into plain data. */
function checkSize({ start, steps, final }: Evolution): void {
  const nodes = steps.reduce((sum, { state }) => sum + state.count, start.count);
  const entries = ENTRIES_OF_NODE * nodes + 2 * steps.length * final.count;
  if (entries <= MOST_ENTRIES) return;
  throw new CapacityError(
    `runChen: the tree and the joint law must have at most ${MOST_ENTRIES} entries, but ${nodes} strings of up to ${steps.length} steps have ${entries}. Keep fewer strings (maxStrings, minWeight), take trajectories in their place, or lump.`,
  );
}

/** Nodes of all levels; a level's ids follow those of the level before. */
function treeNodes({ start, steps }: Evolution, label: Label): ChenNode[] {
  const nodes: ChenNode[] = start.texts.map((text, id) => ({
    id,
    parent: null,
    step: 0,
    token: null,
    label: Array.from(text, label).join(' '),
    conditional: start.weight[id]!,
    probability: start.weight[id]!,
  }));
  let firstParent = 0;
  for (const { step, state } of steps) {
    const firstId = nodes.length;
    for (let i = 0; i < state.count; i++) {
      const parent = firstParent + state.parent[i]!;
      const token = state.token[i]!;
      const probability = state.weight[i]!;
      const conditional = probability / nodes[parent]!.probability;
      nodes.push({ id: firstId + i, parent, step, token, label: label(token), conditional, probability });
    }
    firstParent = firstId;
  }
  return nodes;
}

/** The joint law of the outcomes, heaviest first; equally heavy strings in the order of the tree. */
function jointLaw(state: DiagonalState, label: Label): ChenString[] {
  return Array.from(state.weight, (probability, i) => ({
    text: state.textOf(i),
    ...labelled(state.generated(i), label),
    probability,
  })).sort((a, b) => b.probability - a.probability);
}

function stepTable(evolution: Evolution, top: number, label: Label): ChenStep[] {
  const entropies = entropyLowerBounds(evolution);
  let missing = 0;
  return evolution.steps.map(({ step, state, marginal, conditionalEntropy, discarded }, l) => {
    const row: ChenStep = {
      step,
      marginal: likeliest(marginal, top, label),
      missing,
      entropy: entropies[l]!,
      conditionalEntropy,
      purity: purity(state),
      strings: state.count,
      kept: state.trace,
      discarded,
    };
    missing += discarded;
    return row;
  });
}
