import { expect, it } from 'vitest';
import { BackendError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { tangentActivations } from '../../src/dyson/tangent-points.ts';
import { LanguageModelLaw, type Model, Session, traceForward } from '../../src/transformer/index.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { eachBackend } from '../support/backends.ts';
import { tinyCheckpoint } from '../support/tiny-checkpoint.ts';

const frozen = (model: Model) =>
  new FrozenOperators(model, traceForward(model, [1, 2], { keep: frozenActivations(model.config) }));

function tangent(model: Model): TangentOperators {
  const keep = tangentActivations(model.config);
  return new TangentOperators(model, traceForward(model, [1, 2], { keep, precision: 'f64' }));
}

/** Things of a model that hold memory, each with a use that needs it. */
const HOLDERS = [
  ['Session', (model: Model) => used(new Session(model), (session) => session.append([3]))],
  ['LanguageModelLaw', (model: Model) => used(new LanguageModelLaw(model), (law) => law.probabilities([3, 1, 4]))],
  [
    'LanguageModelLaw that has read',
    (model: Model) => {
      const law = new LanguageModelLaw(model);
      law.probabilities([3, 1]);
      return used(law, () => law.probabilities([3, 1, 4]));
    },
  ],
  ['FrozenOperators', (model: Model) => used(frozen(model), (operators) => operators.gain(0))],
  [
    'TangentOperators',
    (model: Model) => used(tangent(model), (operators) => apply(model, (x, y) => operators.apply(0, x, y, 1))),
  ],
  [
    'HeadChannels',
    (model: Model) => {
      const operators = frozen(model);
      const channels = new HeadChannels(operators);
      const release = () => {
        channels.release();
        operators.release();
      };
      return used({ release }, () => channels.steps[0]![0]!.map!.gain());
    },
  ],
] as const;

function used<T extends { release(): void }>(holder: T, use: (holder: T) => unknown) {
  return { release: () => holder.release(), use: () => use(holder) };
}

function apply(model: Model, work: (x: never, y: never) => void): void {
  const { memory } = model.backend;
  const length = 2 * model.config.D;
  memory.scope(() => work(memory.allocate('f64', length) as never, memory.allocate('f64', length) as never));
}

eachBackend('what holds memory', (backend) => {
  it.each(HOLDERS)('may be released twice, and is named when it is used after that: %s', async (_name, open) => {
    const model = await openModel(tinyCheckpoint({ L: 2 }), { backend });
    const holder = open(model);
    holder.use();
    holder.release();
    holder.release();
    expect(holder.use).toThrow(BackendError);
    model.release();
    model.release();
    expect(() => model.weights).toThrow('must be resident, but it was released');
  });

  it.each(HOLDERS)('may be opened in a scope that ends before its release: %s', async (_name, open) => {
    const model = await openModel(tinyCheckpoint({ L: 2 }), { backend });
    const before = backend.memory.bytesInUse;
    const holder = backend.memory.scope(() => {
      const inside = open(model);
      inside.use();
      return inside;
    });
    expect(backend.memory.bytesInUse).toBe(before);
    expect(holder.use).toThrow(BackendError);
    holder.release();
    model.release();
  });

  it('outlives the scopes in which it grows: a law of histories', async () => {
    const model = await openModel(tinyCheckpoint({ L: 2 }), { backend });
    const before = backend.memory.bytesInUse;
    const law = new LanguageModelLaw(model);
    const histories = Array.from({ length: 90 }, (_, i) => [1, i % 7, Math.floor(i / 7)]);
    // Pages of 64 nodes: some come within the scope.
    backend.memory.scope(() => histories.map((history) => law.probabilities(history).slice()));
    const again = histories.map((history) => law.probabilities([...history, 2]).slice());
    const other = new LanguageModelLaw(model);
    expect(again).toEqual(histories.map((history) => other.probabilities([...history, 2]).slice()));
    other.release();
    law.release();
    expect(backend.memory.bytesInUse).toBe(before);
    model.release();
  });
});
