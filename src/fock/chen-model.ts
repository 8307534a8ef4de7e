import { AttentionBlock, type AttentionBlockOptions } from './attention-block.ts';
import { BlockLaw } from './block-law.ts';
import { CHEN_DEFAULTS } from './defaults.ts';
import { type ChenDescription, checkDescription } from './description.ts';
import { DescriptionFaults } from './description-faults.ts';
import { DiagonalState, type WeightedText } from './diagonal-state.ts';
import { FockSpace } from './fock-space.ts';
import { reachableTokens } from './lumping/start-lumps.ts';
import { MultiHeadBlock } from './multi-head-block.ts';
import { MultiHeadLaw } from './multi-head-law.ts';
import type { History, NextTokenLaw } from './next-token-law.ts';
import { TokenSpace } from './token-space.ts';

/** Everything a run needs: the laws of the steps, the state they start from and the space it lives in. */
export interface ChenModel {
  /** Name of the model, for results. */
  readonly name: string;
  /** Step ℓ uses law ((ℓ−1) mod number of laws) + 1. */
  readonly laws: readonly NextTokenLaw[];
  /** A mixture of texts, with nothing appended yet. */
  readonly start: DiagonalState;
  /** L */
  readonly steps: number;
  /** Fock space over the tokens, with its cut-off. */
  readonly space: FockSpace;
  /** x_0 */
  readonly vacuumToken: number;
  /** Strings that a run keeps unless told otherwise: every string costs one evaluation of the law in each step. */
  readonly defaultMaxStrings: number;
  /** What the model was built from, to be written beside results. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** A block's law takes microseconds, a checkpoint's a forward pass. */
const MAX_STRINGS = { blocks: 4096, law: 64 };

/** What `modelOfLaw` makes of a law. */
export interface LawModelOptions {
  /** Name of the model, say the checkpoint's. */
  readonly name: string;
  /** The tokens of the input text; none is the vacuum. */
  readonly tokens: History;
  /** L */
  readonly steps: number;
  /** M; default: the text's length plus L. */
  readonly cutoff?: number | undefined;
  /** x_0, the token that the vacuum goes to, say the checkpoint's beginning-of-text token; default 0. */
  readonly vacuumToken?: number | undefined;
  /** What determines the law, say its temperature. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/**
 * The model of an autoregressive language model: one law at every step, its vocabulary as the token set.
 *
 * @throws CutoffError unless M ≥ n + L; DomainError for a token outside the vocabulary.
 * @source own: Chen's eq. 7 with p(y|h) from any next-token law.
 */
export function modelOfLaw(law: NextTokenLaw, options: LawModelOptions): ChenModel {
  const { name, tokens, steps, cutoff, vacuumToken = CHEN_DEFAULTS.vacuumToken, parameters = {} } = options;
  const start = DiagonalState.ofText(law.V, tokens);
  return {
    name,
    laws: [law],
    start,
    steps,
    space: spaceFor(start, steps, cutoff),
    vacuumToken,
    defaultMaxStrings: MAX_STRINGS.law,
    parameters,
  };
}

/**
 * The model that a JSON description describes: block ℓ gives the law of step ℓ.
 *
 * @param value the parsed JSON.
 * @param source name of the file, for messages.
 * @throws FormatError as {@link checkDescription}; then listing the fields whose numbers make no model, its cause the first such fault.
 * @source Chen, §III.
 */
export function modelOfDescription(value: unknown, source = 'description'): ChenModel {
  const description = checkDescription(value, source);
  const faults = new DescriptionFaults('modelOfDescription', source);
  const tokens = tokensOf(description);
  const { scale, closure, tolerance, cutoff } = description;
  const built = description.blocks.map((block, i) =>
    faults.attempt(`blocks[${i}]`, () => blockOf(block, tokens, { scale, closure, tolerance })),
  );
  faults.throwIfAny();
  const blocks = built as NonNullable<(typeof built)[number]>[];
  const ids = (names: readonly string[]) => names.map((name) => tokens.token(name));
  const start =
    description.text === undefined
      ? DiagonalState.ofMixture(
          tokens.N,
          description.mixture!.map(({ text, weight }): WeightedText => ({ tokens: ids(text), weight })),
        )
      : DiagonalState.ofText(tokens.N, ids(description.text));
  const vacuumToken = description.vacuum === undefined ? 0 : tokens.token(description.vacuum);
  const steps = description.steps ?? blocks.length;
  const laws = blocks.map((block) => (block instanceof MultiHeadBlock ? new MultiHeadLaw(block) : new BlockLaw(block)));
  faults.attempt('blocks', () => checkClosure(laws, start, vacuumToken));
  faults.throwIfAny();
  return {
    name: description.name,
    laws,
    start,
    steps,
    space: spaceFor(start, steps, cutoff),
    vacuumToken,
    defaultMaxStrings: MAX_STRINGS.blocks,
    parameters: {
      source,
      blocks: blocks.length,
      scale: scale ?? 'inverse-sqrt-d',
      closure: closure ?? 'exact',
      largestClosureDistance: blocks.reduce((most, block) => Math.max(most, block.largestDistance), 0),
    },
  };
}

function tokensOf({ tokens }: ChenDescription): TokenSpace {
  const names = tokens.map(({ name }) => name);
  if (tokens.every(({ embedding }) => embedding === undefined)) return TokenSpace.ofNames(names);
  return new TokenSpace(
    names,
    tokens.map(({ embedding }) => embedding!),
  );
}

function blockOf(
  block: ChenDescription['blocks'][number],
  tokens: TokenSpace,
  options: AttentionBlockOptions,
): AttentionBlock | MultiHeadBlock {
  const map = 'map' in block ? block.map.map((name) => tokens.token(name)) : [];
  if ('scores' in block) return new AttentionBlock(tokens, { scores: block.scores, map });
  if ('WQ' in block) return new AttentionBlock(tokens, block, options);
  return new MultiHeadBlock(tokens, 'map' in block ? { heads: block.heads, map } : block, options);
}

/** Token maps of several heads are found as they are needed; this asks for all that a run can need, so that faults show before it. */
function checkClosure(laws: readonly NextTokenLaw[], start: DiagonalState, vacuumToken: number): void {
  const first = start.texts.flatMap((text) => (text.length === 0 ? [vacuumToken] : [...text]));
  reachableTokens(
    'ChenModel',
    [...new Set(first)],
    laws.map(({ counting }) => counting!),
  );
}

function spaceFor(start: DiagonalState, steps: number, cutoff: number | undefined): FockSpace {
  const space = new FockSpace(start.V, cutoff ?? start.longest + steps);
  space.checkSteps('ChenModel', start.longest, steps);
  return space;
}
