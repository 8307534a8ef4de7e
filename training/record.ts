import { readFileSync } from 'node:fs';
import type { Latent } from './corpus.ts';
import { corpusEntropy } from './entropy.ts';
import { TOPICS } from './grammar.ts';
import type { Measurement } from './measure.ts';
import { ADAM, BATCH, HELD_OUT_SEED, PEAK_RATE, SEED, SHAPE, WARM_UP } from './settings.ts';

const round = (value: number): number => Number(value.toFixed(5));

/** `training.json`: how the model was made, what it reaches, and how to make it again. */
export function trainingRecord(latents: readonly Latent[], measured: Measurement, steps: number, seconds: number) {
  const entropy = corpusEntropy(latents, HELD_OUT_SEED, 20000);
  const senses = (word: string): string[] =>
    Object.entries(TOPICS).flatMap(([topic, { senses }]) => (word in senses ? [topic] : []));
  const words = new Set(Object.values(TOPICS).flatMap((topic) => Object.keys(topic.senses)));
  const ambiguity = ({ occurrences, accuracy }: Measurement['ambiguity']) => ({
    occurrences,
    accuracy: round(accuracy),
  });
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return {
    description: 'GPT-2 trained on documents whose ambiguous words are resolved by the topic of the document',
    date: new Date().toISOString().slice(0, 10),
    reproduce: 'npx tsx training/train.ts && npx tsx training/evaluate.ts',
    library: `@jax-js/jax ${manifest.devDependencies['@jax-js/jax']}, wasm, float32`,
    seed: SEED,
    steps,
    batch: { windows: BATCH, positions: SHAPE.T },
    tokensSeen: steps * BATCH * SHAPE.T,
    optimizer: { name: 'Adam', ...ADAM, peakRate: PEAK_RATE, warmUpSteps: WARM_UP, schedule: 'cosine to zero' },
    seconds: Math.round(seconds),
    corpus: {
      topics: Object.keys(TOPICS),
      ambiguousWords: Object.fromEntries([...words].map((word) => [word, senses(word)])),
      tokensPerDocument: round(entropy.tokensPerDocument),
      entropyRateNatsPerToken: round(entropy.natsPerToken),
    },
    heldOut: {
      seed: HELD_OUT_SEED,
      windows: measured.windows,
      tokens: measured.tokens,
      entropyNatsPerToken: round(measured.entropy),
      lossNatsPerToken: round(measured.loss),
      gapNatsPerToken: round(measured.loss - measured.entropy),
      gapWithoutBoundaryNatsPerToken: round(measured.lossWithoutBoundary - measured.entropyWithoutBoundary),
      ambiguity: ambiguity(measured.ambiguity),
      ambiguityFromEarlierSentences: ambiguity(measured.ambiguityFromEarlierSentences),
    },
  };
}
