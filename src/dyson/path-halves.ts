/** Beginnings and ends of ordered paths, up to a step in the middle and from it on. */
import type { RealBlock } from '../backend/memory.ts';
import { activationOf } from '../transformer/trace.ts';
import type { Channel } from './head-channels.ts';
import { realBlock, realBlockOf, type StepOperators } from './steps.ts';
import { dot, type Reals, sumOf } from './vectors.ts';

/** Steps, each with the channels a path can take through it. `HeadChannels` is one; `stepChannels` makes another. */
export interface ChannelSteps {
  /** The steps as whole maps. */
  readonly operators: StepOperators;
  /** Channels of each step. */
  readonly steps: readonly (readonly Channel[])[];
}

/** Beginning of paths, through the steps before the middle. */
export interface Prefix {
  readonly channels: readonly Channel[];
  readonly state: Reals;
}

/** End of paths, from the middle on: a functional of the state there, and what it gives when the path starts within. */
export interface Suffix {
  readonly channels: readonly Channel[];
  readonly vector: Reals;
  readonly constant: number;
  /** It begins with a bias: no path comes to it from before. */
  readonly closed: boolean;
}

/** ⟨w, final state⟩ + offset. */
export interface Functional {
  readonly w: Float64Array;
  readonly offset: number;
}

/** Numbers that are mapped at once. */
const NUMBERS_AT_ONCE = 2 ** 20;

/** Forms beginnings and ends, and counts the applications that takes. */
export class PathHalves {
  readonly operators: StepOperators;
  readonly steps: ChannelSteps['steps'];
  readonly functional: Functional;
  /** States x of the trace before each step, and after the last, in its precision. */
  readonly states: readonly Reals[];
  /** V x of each step with one channel; null for the others. */
  readonly #updates: readonly (Reals | null)[];
  applications = 0;

  constructor({ operators, steps }: ChannelSteps, functional: Functional) {
    this.operators = operators;
    this.steps = steps;
    this.functional = functional;
    const single = steps.map((channels) => channels.length === 1);
    ({ states: this.states, updates: this.#updates } = statesBefore(operators, single));
  }

  /** The sum over all paths. */
  get total(): number {
    return dot(this.functional.w, this.states.at(-1)!) + this.functional.offset;
  }

  /** All beginnings, the empty one first. */
  prefixes(middle: number): Prefix[] {
    let prefixes: Prefix[] = [{ channels: [], state: this.states[0]! }];
    for (let l = 0; l < middle; l++) {
      const grown = [...prefixes];
      for (const channel of this.steps[l]!) {
        const bias = this.biasOf(l, channel);
        if (channel.map === null) {
          grown.push({ channels: [channel], state: bias });
          continue;
        }
        const from = prefixes.map(({ state }) => state);
        this.images(channel, from).forEach((image, i) => {
          const { channels } = prefixes[i]!;
          grown.push({ channels: [...channels, channel], state: channels.length === 0 ? sumOf(image, bias) : image });
        });
      }
      prefixes = grown;
    }
    return prefixes;
  }

  /** All ends, the empty one first. */
  suffixes(middle: number): Suffix[] {
    const { w, offset } = this.functional;
    let suffixes: Suffix[] = [{ channels: [], vector: w, constant: offset, closed: false }];
    for (let l = this.steps.length - 1; l >= middle; l--) {
      const grown = [...suffixes];
      for (const channel of this.steps[l]!) {
        const { map } = channel;
        const bias = this.biasOf(l, channel);
        const from = suffixes.filter(({ closed }) => !closed);
        const vectors = from.map(({ vector }) => vector);
        const images = map === null ? [] : this.images(channel, vectors, true);
        from.forEach(({ channels, vector }, i) => {
          grown.push({
            channels: [channel, ...channels],
            vector: images[i] ?? new Float64Array(0),
            constant: dot(bias, vector),
            closed: map === null,
          });
        });
      }
      suffixes = grown;
    }
    return suffixes;
  }

  /** What a path starts with where it starts in this channel of a step. */
  biasOf(step: number, { bias }: Channel): Reals {
    return this.operators.model.backend.memory.scope(() => {
      const block = realBlock(this.operators, this.functional.w.length);
      if (this.steps[step]!.length === 1) this.operators.bias(step, block);
      else bias(block);
      return block.view().slice();
    });
  }

  /** V x₀ and V x of a channel of a step, x the state before the step; the channel must have a map. Not counted among `applications`. */
  ofTrace(step: number, channel: Channel): [ofEmbedding: Reals, ofState: Reals] {
    const update = this.#updates[step]!;
    if (update === null) return this.#images(channel, [this.states[0]!, this.states[step]!], false) as [Reals, Reals];
    const ofEmbedding = this.operators.model.backend.memory.scope(() => {
      const block = realBlock(this.operators, update.length);
      this.operators.applyToEmbedding(step, block);
      return block.view().slice();
    });
    return [ofEmbedding, update];
  }

  /** V x of every x, or Vᵀ x, in the precision of the trace; the channel must have a map. */
  images(channel: Channel, vectors: readonly Reals[], adjoint = false): Reals[] {
    this.applications += vectors.length;
    return this.#images(channel, vectors, adjoint);
  }

  /** Vᵀ x as {@link images} gave it before. Not counted again. */
  again(channel: Channel, vector: Reals): Reals {
    return this.#images(channel, [vector], true)[0]!;
  }

  #images({ map }: Channel, vectors: readonly Reals[], adjoint: boolean): Reals[] {
    const { memory } = this.operators.model.backend;
    const size = this.functional.w.length;
    const images: Reals[] = [];
    const atOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE / size));
    for (let first = 0; first < vectors.length; first += atOnce) {
      const part = vectors.slice(first, first + atOnce);
      memory.scope(() => {
        const block = (): RealBlock => realBlock(this.operators, part.length * size);
        const [x, y] = [block(), block()];
        const view = x.view();
        part.forEach((vector, i) => {
          view.set(vector, i * size);
        });
        if (adjoint) map!.applyAdjoint(x, y, part.length);
        else map!.apply(x, y, part.length);
        const result = y.view();
        part.forEach((_, i) => {
          images.push(result.slice(i * size, (i + 1) * size));
        });
      });
    }
    return images;
  }
}

/** States before and after all steps, and V x of those that are wanted. */
function statesBefore(
  operators: StepOperators,
  wanted: readonly boolean[],
): { states: Reals[]; updates: (Reals | null)[] } {
  const { memory, kernels } = operators.model.backend;
  return memory.scope(() => {
    const state = realBlockOf(operators, activationOf(operators.trace, 'embed').data);
    const [image, bias] = [realBlock(operators, state.length), realBlock(operators, state.length)];
    const states: Reals[] = [state.view().slice()];
    const updates: (Reals | null)[] = [];
    for (let l = 0; l < operators.S; l++) {
      operators.apply(l, state, image, 1);
      operators.bias(l, bias);
      updates.push(wanted[l]! ? image.view().slice() : null);
      kernels.add({ x: image, y: state, n: state.length });
      kernels.add({ x: bias, y: state, n: state.length });
      states.push(state.view().slice());
    }
    return { states, updates };
  });
}
