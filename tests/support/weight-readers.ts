/** What is compared between models whose weights lie in different ways: everything that reads weights. */
import { expect } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Precision, RealBlock } from '../../src/backend/memory.ts';
import { CapacityError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { HeadChannels } from '../../src/dyson/head-channels.ts';
import { keyQueryProduct, outputValueProduct } from '../../src/dyson/head-products.ts';
import { runDyson } from '../../src/dyson/run-dyson.ts';
import type { LinearSteps } from '../../src/dyson/steps.ts';
import { TangentOperators } from '../../src/dyson/tangent-operators.ts';
import { activationNames } from '../../src/transformer/activations.ts';
import type { Checkpoint, Folder } from '../../src/transformer/checkpoint/checkpoint.ts';
import { trainLens } from '../../src/transformer/lens/train-lens.ts';
import { unembedHashes } from '../../src/transformer/lens/unembed-hash.ts';
import { logitLens } from '../../src/transformer/logit-lens.ts';
import { Model } from '../../src/transformer/model.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { type LoadOptions, loadWeights, type MachineMemory } from '../../src/transformer/weight-loader.ts';
import { ggufBytes } from './gguf-file.ts';
import { converted, ggufEntries } from './gguf-model.ts';
import { DRAWN_TYPES, drawnBlocks, quantised } from './gguf-quantise.ts';
import { testNumbers } from './numbers.ts';
import { memoryFolder, type TinyOptions, tinyConfig, tinyTensors } from './tiny-checkpoint.ts';

const IDS = [3, 1, 4, 1, 5, 9];

/** A model of a checkpoint, on a machine with this memory. */
export async function loadModel(
  backend: Backend,
  checkpoint: Checkpoint,
  options: LoadOptions = {},
  machine: MachineMemory = {},
): Promise<Model> {
  const { weights, fingerprint, streaming } = await loadWeights(backend, checkpoint, options, machine);
  return new Model(backend, checkpoint, weights, fingerprint, streaming);
}

/** The least budget under which a checkpoint opens. */
export async function leastBudgetOf(backend: Backend, checkpoint: Checkpoint): Promise<number> {
  const refusal = await loadWeights(backend, checkpoint, { memory: 1 }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(CapacityError);
  return (refusal as CapacityError).bytes!;
}

/** A map and its adjoint on a state of T×D. */
type LinearMap = { apply(x: RealBlock, y: RealBlock): void; applyAdjoint(x: RealBlock, y: RealBlock): void };

/** Everything that reads weights: passes, frozen and tangent maps with their adjoints, heads, lenses. */
export function computed(model: Model) {
  const { config } = model;
  const { L, H, classes } = config;
  const passes = (['f32', 'f64'] as const).map((precision) =>
    traceForward(model, IDS, { precision, keep: activationNames(config) }),
  );
  const trace = passes[1]!;
  const frozen = new FrozenOperators(
    model,
    traceForward(model, IDS, { precision: 'f32', keep: frozenActivations(config) }),
  );
  const wide = new FrozenOperators(model, trace);
  const channels = new HeadChannels(wide);
  const tangent = new TangentOperators(model, trace);
  const stepsOf = (steps: LinearSteps): LinearMap[] =>
    steps.names.map((_, i) => ({
      apply: (x, y) => steps.apply(i, x, y, 1),
      applyAdjoint: (x, y) => steps.applyAdjoint(i, x, y, 1),
    }));
  const heads = channels.steps.flat().flatMap(({ map }) => (map === null ? [] : [map]));
  const inHeads = heads.map(
    (map): LinearMap => ({ apply: (x, y) => map.apply(x, y, 1), applyAdjoint: (x, y) => map.applyAdjoint(x, y, 1) }),
  );
  const result = {
    passes,
    frozen: appliedTo(model, 'f32', stepsOf(frozen)),
    maps: appliedTo(model, 'f64', [...stepsOf(wide), ...inHeads, ...stepsOf(tangent)]),
    dyson: runDyson(model, IDS, { precision: 'f64' }),
    heads: [outputValueProduct(model, L - 1, H - 1), keyQueryProduct(model, 0, 0)].map(({ left, right }) => [
      left.data,
      right.data,
    ]),
    hashes: unembedHashes(model),
    lens: classes === null ? logitLens(model, trace, 'blocks.0.resid_post') : null,
    trained:
      classes === null ? trainLens(model, [IDS, [2, 7, 1], [5, 5]], { steps: 2, batch: 1, every: 1 }).checks : null,
  };
  for (const held of [tangent, channels, wide, frozen]) held.release();
  return result;
}

function appliedTo({ backend: { memory }, config }: Model, precision: Precision, maps: readonly LinearMap[]) {
  return memory.scope(() => {
    const length = IDS.length * config.D;
    const [x, y] = [memory.allocate(precision, length), memory.allocate(precision, length)] as [RealBlock, RealBlock];
    x.view().set(testNumbers(length, 3));
    return maps.flatMap((map) =>
      [map.apply, map.applyAdjoint].map((run) => {
        run(x, y);
        return y.view().slice();
      }),
    );
  });
}

/** A llama in GGUF, whole or in shards; `dtypeOf` says how the matrices are stored. */
export function drawnModel(options: TinyOptions, dtypeOf: (name: string, index: number) => string, shards = 1): Folder {
  const config = tinyConfig(options);
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const tensors = [...tinyTensors(options).values()].map((tensor, i) => {
    const { name, shape, values } = converted(tensor, config);
    const dtype = shape.length === 1 ? 'F32' : dtypeOf(name, i);
    const bytes = DRAWN_TYPES.includes(dtype)
      ? drawnBlocks(dtype, values.length, 0.1, random)
      : quantised(dtype, values);
    return { name, shape, dtype, bytes };
  });
  if (shards === 1)
    return memoryFolder(new Map([['model', ggufBytes({ entries: ggufEntries(config), tensors })]]), 'model');
  const shard = (i: number) =>
    ggufBytes({
      entries: [
        ...(i === 0 ? ggufEntries(config) : []),
        ['split.no', i, 'u16'],
        ['split.count', shards, 'u16'],
        ['split.tensors.count', tensors.length, 'i32'],
      ],
      tensors: tensors.filter((_, k) => k % shards === i),
    });
  const number = (i: number) => String(i).padStart(5, '0');
  return memoryFolder(
    new Map(Array.from({ length: shards }, (_, i) => [`m-${number(i + 1)}-of-${number(shards)}.gguf`, shard(i)])),
    'model',
  );
}
