/** Beginnings and ends of ordered paths, up to a step in the middle and from it on. */
import { activationOf } from '../transformer/trace.ts';
import type { Channel } from './head-channels.ts';
import { functionalsBefore } from './path-sums.ts';
import { realBlock, realBlockOf, type StepOperators } from './steps.ts';
import { addTo, dot } from './vectors.ts';

/** Steps, each with the channels a path can take through it. `HeadChannels` is one; {@link stepChannels} makes another. */
export interface ChannelSteps {
  readonly operators: StepOperators;
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

/** ⟨w, last row⟩ + offset. */
export interface Functional {
  readonly w: Float64Array;
  readonly offset: number;
}

/** Numbers that are mapped at once. */
const NUMBERS_AT_ONCE = 2 ** 20;

/** Forms all beginnings and all ends, or the `width` most promising of each step. */
export class PathSearch {
  readonly #operators: StepOperators;
  readonly #steps: ChannelSteps['steps'];
  readonly #functional: Functional;
  readonly #width: number;
  /** States of the trace, and functionals that sum all completions, before each step. */
  readonly #states: readonly Float64Array[];
  readonly #functionals: readonly Float64Array[];
  dropped = false;
  applications = 0;

  constructor({ operators, steps }: ChannelSteps, functional: Functional, width: number) {
    this.#operators = operators;
    this.#steps = steps;
    this.#functional = functional;
    this.#width = width;
    this.#states = statesBefore(operators);
    this.#functionals = Number.isFinite(width) ? functionalsBefore(operators, functional.w) : [];
  }

  /** The sum over all paths. */
  get total(): number {
    return dot(this.#functional.w, this.#states.at(-1)!) + this.#functional.offset;
  }

  prefixes(middle: number): Prefix[] {
    let prefixes: Prefix[] = [{ channels: [], state: this.#states[0]! }];
    for (let l = 0; l < middle; l++) {
      const grown = [...prefixes];
      for (const channel of this.#steps[l]!) {
        const { map } = channel;
        const bias = this.#biasOf(channel);
        const from = map === null ? [] : prefixes;
        const images =
          map === null
            ? []
            : this.#images(
                map.apply.bind(map),
                from.map(({ state }) => state),
              );
        from.forEach(({ channels }, i) => {
          const state = images[i]!;
          if (channels.length === 0) addTo(state, bias);
          grown.push({ channels: [...channels, channel], state });
        });
        if (map === null) grown.push({ channels: [channel], state: bias });
      }
      prefixes = this.#kept(grown, ({ channels, state }) =>
        // The empty beginning carries the paths that start later.
        channels.length === 0 ? Number.POSITIVE_INFINITY : Math.abs(dot(this.#functionals[l + 1]!, state)),
      );
    }
    return prefixes;
  }

  suffixes(middle: number): Suffix[] {
    const { w, offset } = this.#functional;
    let suffixes: Suffix[] = [{ channels: [], vector: w, constant: offset, closed: false }];
    for (let l = this.#steps.length - 1; l >= middle; l--) {
      const grown = [...suffixes];
      for (const channel of this.#steps[l]!) {
        const { map } = channel;
        const bias = this.#biasOf(channel);
        const from = suffixes.filter(({ closed }) => !closed);
        const images =
          map === null
            ? []
            : this.#images(
                map.applyAdjoint.bind(map),
                from.map(({ vector }) => vector),
              );
        from.forEach(({ channels, vector }, i) => {
          grown.push({
            channels: [channel, ...channels],
            vector: images[i] ?? new Float64Array(0),
            constant: dot(bias, vector),
            closed: map === null,
          });
        });
      }
      suffixes = this.#kept(grown, ({ channels, vector, constant, closed }) =>
        channels.length === 0
          ? Number.POSITIVE_INFINITY
          : Math.abs((closed ? 0 : dot(vector, this.#states[l]!)) + constant),
      );
    }
    return suffixes;
  }

  #kept<Part>(parts: Part[], score: (part: Part) => number): Part[] {
    if (parts.length <= this.#width) return parts;
    this.dropped = true;
    return parts
      .map((part) => ({ part, score: score(part) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, this.#width)
      .map(({ part }) => part);
  }

  #biasOf({ bias }: Channel): Float64Array {
    const { memory } = this.#operators.model.backend;
    return memory.scope(() => {
      const block = realBlock(this.#operators, this.#functional.w.length);
      bias(block);
      return Float64Array.from(block.view());
    });
  }

  #images(map: NonNullable<Channel['map']>['apply'], vectors: readonly Float64Array[]): Float64Array[] {
    const { memory } = this.#operators.model.backend;
    const size = this.#functional.w.length;
    this.applications += vectors.length;
    const images: Float64Array[] = [];
    const atOnce = Math.max(1, Math.floor(NUMBERS_AT_ONCE / size));
    for (let first = 0; first < vectors.length; first += atOnce) {
      const part = vectors.slice(first, first + atOnce);
      memory.scope(() => {
        const [x, y] = [part, part].map(() => realBlock(this.#operators, part.length * size));
        const view = x!.view();
        part.forEach((vector, i) => {
          view.set(vector, i * size);
        });
        map(x!, y!, part.length);
        const result = y!.view();
        part.forEach((_, i) => {
          images.push(Float64Array.from(result.subarray(i * size, (i + 1) * size)));
        });
      });
    }
    return images;
  }
}

/** The states of the trace before each step, and after the last. */
function statesBefore(operators: StepOperators): Float64Array[] {
  const { memory, kernels } = operators.model.backend;
  return memory.scope(() => {
    const state = realBlockOf(operators, activationOf(operators.trace, 'embed').data);
    const [image, bias] = [realBlock(operators, state.length), realBlock(operators, state.length)];
    const states = [Float64Array.from(state.view())];
    for (let l = 0; l < operators.S; l++) {
      operators.apply(l, state, image, 1);
      operators.bias(l, bias);
      kernels.add(image, state, state.length);
      kernels.add(bias, state, state.length);
      states.push(Float64Array.from(state.view()));
    }
    return states;
  });
}
