/**
 * Train the embedded model: `npx tsx training/train.ts [steps] [folder]`. Progress goes to standard error.
 *
 * Everything is seeded; on the same machine and library the weights come out the same bit for bit.
 */
import { mkdirSync } from 'node:fs';
import { defaultDevice, init, numpy as np } from '@jax-js/jax';
import { type AdamState, compileStep } from './adam.ts';
import { modelConfig, readModel, writeJson } from './artifacts.ts';
import { trainingBatch } from './batches.ts';
import { buildLatents } from './corpus.ts';
import { named } from './indexing.ts';
import { measure } from './measure.ts';
import type { Parameters } from './model.ts';
import { trainingRecord } from './record.ts';
import { type Tensor, writeSafetensors } from './safetensors.ts';
import { ADAM, BATCH, HELD_OUT_SEED, HELD_OUT_WINDOWS, learningRate, SEED, SHAPE, STEPS } from './settings.ts';
import { initialWeights, parameterShapes, type Shape } from './shape.ts';
import { tokenizerConfig, tokenizerFile } from './tokenizer.ts';
import { buildVocabulary } from './vocabulary.ts';

const steps = Number(process.argv[2] ?? STEPS);
const folder = process.argv[3] ?? new URL('../models/bank', import.meta.url).pathname;
const latents = buildLatents();
const vocabulary = buildVocabulary(latents);
const shape: Shape = { ...SHAPE, V: vocabulary.spellings.length };

mkdirSync(folder, { recursive: true });
await init('wasm');
defaultDevice('wasm');
const started = performance.now();
const parameters = optimize();
const seconds = (performance.now() - started) / 1000;
writeSafetensors(`${folder}/model.safetensors`, storedTensors(parameters));
writeJson(`${folder}/config.json`, modelConfig(shape, vocabulary.endOfText));
writeJson(`${folder}/tokenizer.json`, tokenizerFile(vocabulary));
writeJson(`${folder}/tokenizer_config.json`, tokenizerConfig(shape.T));
const measured = measure(readModel(folder), HELD_OUT_SEED, HELD_OUT_WINDOWS);
writeJson(`${folder}/training.json`, trainingRecord(latents, measured, steps, seconds));

/** All steps of Adam; returns the final parameters. */
function optimize(): Parameters {
  const step = compileStep(shape, ADAM);
  let state = initialState();
  let recent = 0;
  for (let t = 1; t <= steps; t++) {
    const [tokens, targets] = trainingBatch(latents, vocabulary, SEED, t, BATCH, shape.T);
    const scales = np.array(Float32Array.of(learningRate(t, steps), 1 - ADAM.beta1 ** t, 1 - ADAM.beta2 ** t));
    const [loss, next] = step(state, tokens, targets, scales);
    state = next;
    recent += Number(loss.dataSync()[0]);
    const interval = t <= 100 ? 10 : 100;
    if (t % interval === 0) {
      const elapsed = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`step ${t}/${steps}  loss ${(recent / interval).toFixed(5)}  ${elapsed} s\n`);
      recent = 0;
    }
  }
  return state.parameters;
}

function initialState(): AdamState {
  const created: AdamState = { parameters: {}, first: {}, second: {} };
  const weights = initialWeights(shape, SEED);
  for (const [name, dimensions] of parameterShapes(shape)) {
    created.parameters[name] = np.array(weights.get(name) ?? []).reshape(dimensions);
    created.first[name] = np.zeros(dimensions);
    created.second[name] = np.zeros(dimensions);
  }
  return created;
}

function storedTensors(parameters: Parameters): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, dimensions] of parameterShapes(shape)) {
    tensors.set(name, { shape: dimensions, values: Float32Array.from(named(parameters, name).dataSync()) });
  }
  return tensors;
}
