import type { Backend } from '../../backend/backend.ts';
import type { Allocator, Precision } from '../../backend/memory.ts';
import { type ResidentTranslator, residentTranslator } from './translate.ts';
import type { Translator } from './tuned-lens.ts';

const ADAM = { beta1: 0.9, beta2: 0.999, eps: 1e-8 } as const;

/** A stage's translator under training by Adam, with its own count of steps. */
export class Trainee {
  readonly parameters: ResidentTranslator;
  readonly gradient: ResidentTranslator;
  readonly #moments: readonly [ResidentTranslator, ResidentTranslator];
  readonly #powers: [number, number] = [1, 1];
  #kept: Translator;

  /** Training begins with `start`; `kept` is `logit`, which is all zeros, until {@link keep} is called. */
  constructor(backend: Backend, precision: Precision, logit: Translator, start: Translator, memory: Allocator) {
    const resident = (from: Translator) => residentTranslator(backend, from, precision, memory);
    this.parameters = resident(start);
    this.gradient = resident(logit);
    this.#moments = [resident(logit), resident(logit)];
    this.#kept = logit;
  }

  /** What was kept last. */
  get kept(): Translator {
    return this.#kept;
  }

  /** Keeps the parameters as they are now. */
  keep(): void {
    const { weight, bias } = this.parameters;
    this.#kept = {
      weight: weight === null ? null : Float32Array.from(weight.view()),
      bias: Float32Array.from(bias.view()),
    };
  }

  /** Makes the gradient zero. */
  forget(): void {
    this.gradient.weight?.view().fill(0);
    this.gradient.bias.view().fill(0);
  }

  /** One step against the gradient. */
  step({ kernels }: Backend, rate: number): void {
    this.#powers[0] *= ADAM.beta1;
    this.#powers[1] *= ADAM.beta2;
    const [first, second] = this.#powers;
    for (const part of ['weight', 'bias'] as const) {
      const x = this.parameters[part];
      if (x === null) continue;
      kernels.adamStep({
        x,
        m: this.#moments[0][part]!,
        v: this.#moments[1][part]!,
        g: this.gradient[part]!,
        n: x.length,
        ...ADAM,
        correction1: 1 - first,
        correction2: 1 - second,
        rate,
      });
    }
  }
}
