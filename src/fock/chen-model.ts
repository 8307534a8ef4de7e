import { FormatError, MechanicsError } from '../core/errors.ts';
import { AttentionBlock } from './attention-block.ts';
import { BlockLaw } from './block-law.ts';
import { checkDescription } from './description.ts';
import { DiagonalState, type WeightedText } from './diagonal-state.ts';
import { FockSpace } from './fock-space.ts';
import type { History, NextTokenLaw } from './next-token-law.ts';
import { TokenSpace } from './token-space.ts';

/** Everything a run needs: the laws of the steps, the state they start from and the space it lives in. */
export interface ChenModel {
  readonly name: string;
  /** Step ℓ uses law ((ℓ−1) mod number of laws) + 1. */
  readonly laws: readonly NextTokenLaw[];
  /** A mixture of texts, with nothing appended yet. */
  readonly start: DiagonalState;
  /** L */
  readonly steps: number;
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

export interface LawModelOptions {
  /** Name of the model, say the checkpoint's. */
  readonly name: string;
  /** The input text; empty is the vacuum. */
  readonly text: History;
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
  const { name, text, steps, cutoff, vacuumToken = 0, parameters = {} } = options;
  const start = DiagonalState.ofText(law.V, text);
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
 * @throws FormatError naming the field; its cause is the fault itself.
 * @throws CutoffError unless M ≥ n + L.
 * @source Chen, §III.
 */
export function modelOfDescription(value: unknown, source = 'description'): ChenModel {
  const description = checkDescription(value, source);
  const at = <T>(field: string, build: () => T) => buildField(source, field, build);
  const tokens = at('tokens', () => {
    const names = description.tokens.map((token) => token.name);
    return new TokenSpace(
      names,
      description.tokens.map((token) => token.embedding),
    );
  });
  const { scale, closure, tolerance, cutoff } = description;
  const blocks = description.blocks.map((block, i) =>
    at(`blocks[${i}]`, () => new AttentionBlock(tokens, block, { scale, closure, tolerance })),
  );
  const ids = (names: readonly string[]) => names.map((name) => tokens.token(name));
  const start =
    description.text === undefined
      ? at('mixture', () =>
          DiagonalState.ofMixture(
            tokens.N,
            description.mixture!.map(({ text, weight }): WeightedText => ({ text: ids(text), weight })),
          ),
        )
      : at('text', () => DiagonalState.ofText(tokens.N, ids(description.text!)));
  const vacuumToken = at('vacuum', () => (description.vacuum === undefined ? 0 : tokens.token(description.vacuum)));
  const steps = description.steps ?? blocks.length;
  return {
    name: description.name,
    laws: blocks.map((block) => new BlockLaw(block)),
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
      largestClosureDistance: Math.max(...blocks.map((block) => block.largestDistance)),
    },
  };
}

function spaceFor(start: DiagonalState, steps: number, cutoff: number | undefined): FockSpace {
  const space = new FockSpace(start.V, cutoff ?? start.longest + steps);
  space.checkSteps('ChenModel', start.longest, steps);
  return space;
}

/** Runs `build`; a fault found in it becomes one of the named field of the source. */
function buildField<T>(source: string, field: string, build: () => T): T {
  try {
    return build();
  } catch (cause) {
    if (!(cause instanceof MechanicsError)) throw cause;
    throw new FormatError(
      `modelOfDescription: ${field} of ${source} must be valid, but ${cause.message}`,
      { source, field },
      { cause },
    );
  }
}
