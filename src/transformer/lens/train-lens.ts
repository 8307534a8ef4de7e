import { KL_MEASURES } from '../../backend/contract/lens.ts';
import type { Precision } from '../../backend/memory.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, NonFiniteError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';
import { LENS_TRAINING_DEFAULTS, PASS_DEFAULTS } from '../defaults.ts';
import type { Model } from '../model.ts';
import { countRows, drawRows, HeldBack, splitOfTexts } from './held-back.ts';
import { LensPass } from './lens-pass.ts';
import { type LensRun, type LensRunOptions, runInTurns, runThrough } from './lens-run.ts';
import { rowsAtOnce, targetsAtOnce } from './lens-sizes.ts';
import { StageRows, type TextRows } from './stage-rows.ts';
import { checkTexts } from './texts.ts';
import { Trainee } from './trainee.ts';
import { type LensPlan, planTraining } from './training-plan.ts';
import { checkLens, hasMatrices, type TunedLens, translatedStages, zeroLens } from './tuned-lens.ts';

/** Options of `trainLens`. */
export interface TrainLensOptions extends LensRunOptions {
  /** Default `affine`. */
  readonly kind?: 'affine' | 'bias';
  /** Steps of Adam at most; default 300. */
  readonly steps?: number;
  /** Texts of one step; default 8. */
  readonly batch?: number;
  /** Rows of one step at each stage, drawn from the tokens of its texts; default those that take a few seconds. */
  readonly rows?: number;
  /** Rows of one look, drawn from the tokens of the texts held back; default those that take a few seconds. */
  readonly heldRows?: number;
  /** Rate of the first step; it falls linearly to 0. Default 0.003. */
  readonly rate?: number;
  /** An unsigned 64-bit integer that orders the texts and draws rows and stages. Default 1. */
  readonly seed?: bigint;
  /** Steps between two looks at the texts held back; default 25. */
  readonly every?: number;
  /** Looks in a row at which no stage gains a thousandth, after which training stops; default 5. */
  readonly patience?: number;
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Where training begins, such as a ridge lens of the same model; default the logit lens. */
  readonly start?: TunedLens;
  /** Called after every step with the mean loss of its rows over its stages, in nats. */
  readonly onProgress?: (done: number, total: number, loss: number) => void;
}

/** Mean KL(final ‖ lens) over the tokens looked at in the texts held back, per stage, in nats. */
export interface LensCheck {
  /** Steps done before it. */
  readonly step: number;
  /** Mean KL of each trained stage. */
  readonly kl: readonly number[];
}

/** A trained lens, and how training went. */
export interface LensTraining {
  /** The best translator of every stage. */
  readonly lens: TunedLens;
  /** Stages that were trained, in the order of every `kl`. */
  readonly stages: readonly string[];
  /** Texts trained on and texts held back. */
  readonly texts: { readonly trained: number; readonly held: number };
  /** Rows and stages of a step, and rows of a look. */
  readonly sampled: { readonly rows: number; readonly stages: number; readonly held: number };
  /** Steps done; fewer than asked for if it stopped early. */
  readonly steps: number;
  /** Whether a signal ended it. */
  readonly stopped: boolean;
  /** The logit lens before the first step, then the lens that training began with where that is another, and every look. */
  readonly checks: readonly LensCheck[];
  /** For each stage the check whose translator was kept: the one with the lowest KL, the first of equals. */
  readonly best: readonly number[];
}

/** A smaller share of the loss does not keep training going. */
const LEAST_GAIN = 1e-3;

/**
 * Trains a translator for every stage but the last, mid-layer stages included, to make KL(final ‖ lens) small at every token that
 * predicts in some texts: Adam from the logit lens or from `start`, on minibatches of texts in a seeded order. A step takes all tokens of its texts at all stages where that costs
 * little, else rows and stages drawn from them uniformly, so that its gradient has the right mean; a stage that is not drawn stays as it is, its moments too. A tenth of the texts is
 * held back; each stage keeps the translator that did best on them, so none does worse there than the logit lens.
 *
 * @param texts token ids, at least two texts
 * @throws DomainError for texts or options out of range, or a start of another model; CapacityError; NonFiniteError if training diverges.
 * @accuracy deterministic: the same texts, options and backend give the same bits, and the baseline core those of TypeScript.
 * @cost `lensTrainingPlan` says it; memory for the unembedding once more and four times the translators.
 * @source N. Belrose et al., arXiv 2303.08112, §2–3; Adam: D. P. Kingma, J. Ba, arXiv 1412.6980.
 */
export function trainLens(
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions = {},
): LensTraining {
  return runThrough(training('trainLens', model, texts, options), options);
}

/** {@link trainLens}, with turns of the event loop between its parts, so that a signal can end it. @throws as {@link trainLens}. */
export function trainLensInTurns(
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions = {},
): Promise<LensTraining> {
  return runInTurns(training('trainLensInTurns', model, texts, options), options);
}

/** What {@link trainLens} will take at a time, and what it costs. @throws DomainError for texts or options out of range. */
export function lensTrainingPlan(
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions = {},
): LensPlan {
  return planTraining(model, texts, checked('lensTrainingPlan', model, texts, options));
}

function* training(
  where: string,
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions,
): LensRun<LensTraining> {
  const settings = checked(where, model, texts, options);
  const { kind, seed, precision, steps, rate, every, patience, start } = settings;
  const plan = planTraining(model, texts, settings);
  const random = new RandomStream(seed);
  const shuffled = shuffle(texts, random);
  const { trained: trainedCount, held: heldCount } = splitOfTexts(texts.length);
  const heldTexts = drawRows(model, shuffled.slice(0, heldCount), plan.heldRows, random);
  let queue: (readonly number[])[] = [];
  const next = (): readonly number[] => {
    if (queue.length === 0) queue = shuffle(shuffled.slice(heldCount), random);
    return queue.pop()!;
  };
  const stages = translatedStages(model);
  const zero = zeroLens(model, kind);
  const hold = model.backend.memory.hold();
  try {
    const size = { targets: targetsAtOnce(model), rows: rowsAtOnce(model), gradients: true };
    const pass = new LensPass(model, precision, size, hold);
    const rows = new StageRows(model, precision, plan.rows, hold);
    const held = new HeldBack(model, pass, precision, heldTexts, hold);
    const trainees = stages.map((stage) => {
      const logit = zero.translators.get(stage)!;
      return new Trainee(model.backend, precision, logit, start?.translators.get(stage) ?? logit, hold);
    });
    const checks: LensCheck[] = [];
    const best = stages.map(() => 0);
    /** Keeps what did best, and says whether a stage gained. */
    const judge = (check: LensCheck): boolean => {
      checks.push(check);
      let gained = false;
      for (const [s, value] of check.kl.entries()) {
        const lowest = checks[best[s]!]!.kl[s]!;
        if (!(value < lowest)) continue;
        best[s] = checks.length - 1;
        trainees[s]!.keep();
        if (value < (1 - LEAST_GAIN) * lowest) gained = true;
      }
      return gained;
    };
    const look = function* (step: number): LensRun<boolean> {
      const kl = yield* held.kl(trainees.map(({ parameters }) => parameters));
      return judge({ step, kl: kl.map(checkedLoss) });
    };
    yield* held.read();
    if (start === undefined) yield* look(0);
    else {
      const kl = yield* held.kl(stages.map(() => null));
      judge({ step: 0, kl });
      yield* look(0);
    }
    const stopped = () => options.signal?.aborted ?? false;
    let done = 0;
    let idle = 0;
    while (done < steps && idle < patience && !stopped()) {
      const chosen = drawRows(model, Array.from({ length: plan.texts }, next), plan.rows, random);
      const drawn = drawStages(stages.length, plan.stages, random);
      const some = drawn.map((s) => trainees[s]!);
      const loss = yield* gradients(pass, rows, drawn, some, chosen, { done, steps });
      for (const trainee of some) trainee.step(model.backend, rate * (1 - done / steps));
      done++;
      options.onProgress?.(done, steps, loss);
      yield { phase: 'train', done, total: steps };
      if (done % every !== 0 && done !== steps && !stopped()) continue;
      idle = (yield* look(done)) ? 0 : idle + 1;
    }
    return {
      lens: { ...zero, translators: new Map(stages.map((stage, s) => [stage, trainees[s]!.kept])) },
      stages,
      texts: { trained: trainedCount, held: heldCount },
      sampled: { rows: plan.rows, stages: plan.stages, held: held.rows },
      steps: done,
      stopped: stopped(),
      checks,
      best,
    };
  } finally {
    hold.release();
  }
}

type Checked = Required<
  Pick<TrainLensOptions, 'kind' | 'seed' | 'precision' | 'steps' | 'batch' | 'rate' | 'every' | 'patience'>
> & { readonly rows: number | undefined; readonly heldRows: number | undefined; readonly start: TunedLens | undefined };

function checked(
  where: string,
  model: Model,
  texts: readonly (readonly number[])[],
  options: TrainLensOptions,
): Checked {
  const defaults = LENS_TRAINING_DEFAULTS;
  const { kind = defaults.kind, seed = defaults.seed, precision = PASS_DEFAULTS.precision } = options;
  const { steps = defaults.steps, batch = defaults.batch, rate = defaults.rate } = options;
  const { every = defaults.every, patience = defaults.patience, rows, heldRows, start } = options;
  checkTexts(where, model, texts, 2);
  checkInteger(where, 'steps', steps, 0);
  checkInteger(where, 'batch', batch, 1);
  checkInteger(where, 'every', every, 1);
  checkInteger(where, 'patience', patience, 1);
  if (rows !== undefined) checkInteger(where, 'rows', rows, 1);
  if (heldRows !== undefined) checkInteger(where, 'heldRows', heldRows, 1);
  if (!(rate > 0 && rate < Infinity))
    throw new DomainError(`${where}: rate must be positive and finite, but it is ${rate}.`);
  if (start !== undefined) {
    checkLens(where, model, start);
    if (hasMatrices(start.kind) !== hasMatrices(kind))
      throw new DomainError(
        `${where}: start must have ${hasMatrices(kind) ? 'matrices' : 'no matrices'}, as kind ${kind} says, but it is a lens of kind ${start.kind}.`,
      );
  }
  return { kind, seed, precision, steps, batch, rate, every, patience, rows, heldRows, start };
}

/** Some of the stages, in order; all where they are to be all. */
function drawStages(count: number, most: number, random: RandomStream): number[] {
  const all = Array.from({ length: count }, (_, s) => s);
  if (most >= count) return all;
  return shuffle(all, random)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** The gradient of the mean loss over some rows, in every trainee; returns that mean over the stages. */
function* gradients(
  pass: LensPass,
  rows: StageRows,
  stages: readonly number[],
  trainees: readonly Trainee[],
  texts: readonly TextRows[],
  { done, steps }: { readonly done: number; readonly steps: number },
): LensRun<number> {
  for (const trainee of trainees) trainee.forget();
  rows.clear();
  const count = countRows(texts);
  let loss = 0;
  let read = 0;
  for (const group of rows.groups(texts)) {
    rows.add(group);
    read += group.length;
    yield { phase: 'train', done: done + read / (2 * texts.length), total: steps };
  }
  for (let first = 0; first < count; first += pass.targets) {
    const some = Math.min(pass.targets, count - first);
    pass.target(rows.stream(rows.last, first, some), some);
    const most = pass.stagesAtOnce(some);
    for (let s = 0; s < stages.length; s += most) {
      const group = trainees.slice(s, s + most);
      const looks = group.map(({ parameters }, i) => ({
        h: rows.stream(stages[s + i]!, first, some),
        translator: parameters,
      }));
      pass.forward(looks, some);
      const measures = pass.measure(group.length, some, 1 / count);
      for (let at = KL_MEASURES.kl; at < measures.length; at += KL_MEASURES.length) loss += measures[at]!;
      pass.backward(
        looks,
        group.map(({ gradient }) => gradient),
        some,
      );
      const share = (first + (some * Math.min(s + most, stages.length)) / stages.length) / count;
      yield { phase: 'train', done: done + (1 + share) / 2, total: steps };
    }
  }
  return checkedLoss(loss / (count * stages.length));
}

function checkedLoss(loss: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new NonFiniteError(`trainLens: the loss must stay finite, but it became ${loss}. Lower the rate.`);
}
