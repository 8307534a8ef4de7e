import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { analyseDataSet } from '../../qlens/data-set/analyse.ts';
import { collectOperators } from '../../qlens/data-set/operators.ts';
import type { DataSetResult, StepRow } from '../../qlens/data-set/result.ts';
import { QLENS_DEFAULTS } from '../../qlens/defaults.ts';
import { ENCODER_TRAINING_DEFAULTS } from '../../transformer/defaults.ts';
import type { PretrainedEmbeddings } from '../../transformer/encoder/pretrained.ts';
import { evaluateLens } from '../../transformer/lens/evaluate-lens.ts';
import { lensBytes } from '../../transformer/lens/lens-file.ts';
import { trainLens } from '../../transformer/lens/train-lens.ts';
import { textStages } from '../text-stages.ts';
import { balancedSplit, type Sentence, type SentenceSplit } from './corpus.ts';
import { accuracyOn, type ToyModel, toyTraining, trainToyModel } from './model.ts';
import { PUBLISHED_ACCURACY } from './published.ts';
import type { OverSeeds, SentimentResult, SentimentRun, SentimentStep } from './result.ts';

/** Adam on the biases of the lenses. */
const LENS_TRAINING = { kind: 'bias', steps: 300, batch: 16, rate: 0.005, patience: 12, precision: 'f64' } as const;
/** What is fixed about training, as results carry it. */
export function sentimentParameters(embeddings: PretrainedEmbeddings | null) {
  const { steps, batch, rate } = LENS_TRAINING;
  return { ...toyTraining(embeddings), lensSteps: steps, lensBatch: batch, lensRate: rate };
}
/** Standard errors by which the mean accuracy may lie below the published one. */
const MARGIN = 3;

/** What the experiment takes where nothing is said. */
export const SENTIMENT_DEFAULTS = {
  seeds: 5,
  seed: 1n,
  epochs: ENCODER_TRAINING_DEFAULTS.epochs,
  permutations: QLENS_DEFAULTS.permutations,
} as const;

/** Options of `reproduceSentiment`. */
export interface SentimentOptions {
  /** Models to train, each with its own split. Defaults: {@link SENTIMENT_DEFAULTS}. */
  readonly seeds?: number;
  /** The first seed; the others follow. */
  readonly seed?: bigint;
  /** Times every text is seen. */
  readonly epochs?: number;
  /** Relabellings of every test. */
  readonly permutations?: number;
  /** Tokenizer, embeddings and positions to start from, under a trained map to the model's width, as in the paper. Default: words, learned from nothing. */
  readonly embeddings?: PretrainedEmbeddings | null;
  /** Called with each model's folder, by file name: the checkpoint, lens.safetensors, test.jsonl. */
  readonly onModel?: (seed: string, files: ReadonlyMap<string, Uint8Array>) => Promise<void>;
  /** Called with what is being done, its parts done, and all its parts. */
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/**
 * The sentiment experiment of the QLens paper, start to end, once for each seed: a balanced split, a post-norm encoder trained on it,
 * bias-only lenses at the embedding and after attention, Householder operators of attention and MLP on the test texts with V = 2, and
 * their statistics.
 *
 * @param name of the corpus, for people
 * @throws DomainError if the corpus has fewer than five texts of either sentiment, or for options out of range.
 * @accuracy f64; the same bits on every machine and backend but wasm-relaxed
 * @cost about ten seconds for each seed of 1,070 sentences
 * @source QLens, section 5.
 */
export async function reproduceSentiment(
  backend: Backend,
  name: string,
  sentences: readonly Sentence[],
  {
    seeds = SENTIMENT_DEFAULTS.seeds,
    seed = SENTIMENT_DEFAULTS.seed,
    epochs = SENTIMENT_DEFAULTS.epochs,
    permutations = SENTIMENT_DEFAULTS.permutations,
    embeddings = null,
    onModel,
    onProgress,
  }: SentimentOptions = {},
): Promise<SentimentResult> {
  checkInteger('reproduceSentiment', 'seeds', seeds, 1);
  const runs: SentimentRun[] = [];
  let first: DataSetResult | null = null;
  for (let i = 0; i < seeds; i++) {
    const own = seed + BigInt(i);
    const of = `seed ${own}`;
    const split = balancedSplit(sentences, own);
    const onEpoch = (done: number, total: number) => onProgress?.(`${of}, epochs`, done, total);
    const toy = await trainToyModel(backend, split, { seed: own, epochs, embeddings, onEpoch });
    try {
      const { run, statistics, lens } = await runOf(backend, toy, split, own, permutations, (done, total) =>
        onProgress?.(`${of}, lens`, done, total),
      );
      runs.push(run);
      first ??= statistics;
      await onModel?.(
        run.seed,
        new Map([...toy.files, ['lens.safetensors', lens], ['test.jsonl', linesOf(split.test)]]),
      );
    } finally {
      toy.model.release();
    }
  }
  return { corpus: corpusOf(name, sentences), embeddings: startOf(embeddings), runs, ...overRuns(runs), first: first! };
}

async function runOf(
  backend: Backend,
  toy: ToyModel,
  { train, test }: SentenceSplit,
  seed: bigint,
  permutations: number,
  onProgress: (done: number, total: number) => void,
) {
  const { model, encode } = toy;
  const ids = (texts: readonly Sentence[]) => texts.map(({ text }) => encode(text));
  const { lens } = trainLens(model, ids(train), { ...LENS_TRAINING, seed, onProgress });
  const read = ids(test);
  const [logit, tuned] = [null, lens].map((which) =>
    evaluateLens(model, which, read, { precision: 'f64' })
      .stages.slice(0, -1)
      .map(({ kl }) => kl),
  );
  const prompts = read.map((tokens, i) => ({ ids: tokens, place: `text ${i}` }));
  const operators = await collectOperators(backend, textStages(model, prompts, { precision: 'f64', lens }));
  const statistics = analyseDataSet(backend, operators, { permutations, seed, top: 2 });
  const [attention, mlp] = statistics.steps.map(stepOf);
  const [a, b] = [attention!.similarityH, mlp!.similarityH];
  const dependence = statistics.dependence[0];
  const run: SentimentRun = {
    seed: String(seed),
    texts: { train: train.length, test: test.length },
    vocabulary: toy.vocabulary,
    trainingLoss: toy.loss,
    accuracy: { train: accuracyOn(toy, train), test: accuracyOn(toy, test) },
    lens: { logit: logit!, tuned: tuned! },
    attention: attention!,
    mlp: mlp!,
    dependence: { correlation: dependence?.correlation ?? null, p: dependence?.permutationTest?.p ?? null },
    attentionAbove: a === null || b === null ? null : a > b,
  };
  return { run, statistics, lens: lensBytes(lens) };
}

function stepOf({ operators, coinciding, statistics, meanLength, meanChange }: StepRow): SentimentStep {
  return {
    operators,
    coinciding,
    similarityU: statistics?.similarityU ?? null,
    similarityH: statistics?.similarityH ?? null,
    meanLength,
    meanChange,
    baselines: (statistics?.baselines ?? []).map(
      ({ baseline, similarityU, similarityH, effectSize, similarityTest }) => ({
        baseline,
        similarityU,
        similarityH,
        effectSize,
        p: similarityTest.p,
      }),
    ),
  };
}

function startOf(embeddings: PretrainedEmbeddings | null): SentimentResult['embeddings'] {
  if (embeddings === null) return null;
  const { label, width, fingerprint } = embeddings;
  return { label, width, fingerprint };
}

function corpusOf(name: string, sentences: readonly Sentence[]): SentimentResult['corpus'] {
  const positive = sentences.filter(({ label }) => label === 1).length;
  return { name, texts: sentences.length, positive, negative: sentences.length - positive };
}

function overRuns(runs: readonly SentimentRun[]): Omit<SentimentResult, 'corpus' | 'embeddings' | 'runs' | 'first'> {
  const accuracy = overSeeds(runs.map((run) => run.accuracy.test));
  const p = PUBLISHED_ACCURACY;
  const standardError = Math.sqrt((p * (1 - p)) / runs[0]!.texts.test);
  const least = p - MARGIN * standardError;
  const similarities = (step: 'attention' | 'mlp') => ({
    similarityU: overSeeds(runs.map((run) => run[step].similarityU)),
    similarityH: overSeeds(runs.map((run) => run[step].similarityH)),
  });
  const compared = runs.filter(({ attentionAbove }) => attentionAbove !== null);
  return {
    accuracy: { ...accuracy, published: p, standardError, least, passes: accuracy.mean! >= least },
    attention: similarities('attention'),
    mlp: similarities('mlp'),
    attentionAbove: { seeds: compared.filter(({ attentionAbove }) => attentionAbove).length, of: compared.length },
  };
}

function overSeeds(values: readonly (number | null)[]): OverSeeds {
  const found = values.filter((value) => value !== null);
  const n = found.length;
  const mean = n === 0 ? null : found.reduce((sum, value) => sum + value, 0) / n;
  const square = found.reduce((sum, value) => sum + (value - mean!) * (value - mean!), 0);
  return { mean, deviation: n < 2 ? null : Math.sqrt(square / (n - 1)), seeds: n };
}

function linesOf(sentences: readonly Sentence[]): Uint8Array {
  return new TextEncoder().encode(sentences.map((sentence) => `${JSON.stringify(sentence)}\n`).join(''));
}
