/** Beginnings and ends of ordered paths, up to a step in the middle and from it on. */
import type { RealBlock } from '../backend/memory.ts';
import { activationOf } from '../transformer/trace.ts';
import type { Channel } from './head-channels.ts';
import { realBlock, realBlockOf, type StepOperators } from './steps.ts';
import { addTo, dot } from './vectors.ts';

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
  readonly state: Float64Array;
}

/** End of paths, from the middle on: a functional of the state there, and what it gives when the path starts within. */
export interface Suffix {
  readonly channels: readonly Channel[];
  readonly vector: Float64Array;
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
  /** States of the trace before each step, and after the last. */
  readonly states: readonly Float64Array[];
  applications = 0;

  constructor({ operators, steps }: ChannelSteps, functional: Functional) {
    this.operators = operators;
    this.steps = steps;
    this.functional = functional;
    this.states = statesBefore(operators);
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
        const bias = this.biasOf(channel);
        if (channel.map === null) {
          grown.push({ channels: [channel], state: bias });
          continue;
        }
        const from = prefixes.map(({ state }) => state);
        this.images(channel, from).forEach((state, i) => {
          const { channels } = prefixes[i]!;
          if (channels.length === 0) addTo(state, bias);
          grown.push({ channels: [...channels, channel], state });
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
        const bias = this.biasOf(channel);
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

  /** What a path starts with where it starts in this channel. */
  biasOf({ bias }: Channel): Float64Array {
    return this.operators.model.backend.memory.scope(() => {
      const block = realBlock(this.operators, this.functional.w.length);
      bias(block);
      return Float64Array.from(block.view());
    });
  }

  /** V x of every x, or Vᵀ x; the channel must have a map. */
  images({ map }: Channel, vectors: readonly Float64Array[], adjoint = false): Float64Array[] {
    const { memory } = this.operators.model.backend;
    const size = this.functional.w.length;
    this.applications += vectors.length;
    const images: Float64Array[] = [];
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
          images.push(Float64Array.from(result.subarray(i * size, (i + 1) * size)));
        });
      });
    }
    return images;
  }
}

function statesBefore(operators: StepOperators): Float64Array[] {
  const { memory, kernels } = operators.model.backend;
  return memory.scope(() => {
    const state = realBlockOf(operators, activationOf(operators.trace, 'embed').data);
    const [image, bias] = [realBlock(operators, state.length), realBlock(operators, state.length)];
    const states = [Float64Array.from(state.view())];
    for (let l = 0; l < operators.S; l++) {
      operators.apply(l, state, image, 1);
      operators.bias(l, bias);
      kernels.add({ x: image, y: state, n: state.length });
      kernels.add({ x: bias, y: state, n: state.length });
      states.push(Float64Array.from(state.view()));
    }
    return states;
  });
}
