import type { Precision } from '../../backend/memory.ts';
import { DomainError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';
import { LENS_TRAINING_DEFAULTS, PASS_DEFAULTS, RIDGE_PENALTIES } from '../defaults.ts';
import type { Model } from '../model.ts';
import { drawRows, HeldBack, splitOfTexts } from './held-back.ts';
import { LeastSquaresSums, SUM_ROWS, sumsWork } from './least-squares-sums.ts';
import { LensPass } from './lens-pass.ts';
import { type LensRun, type LensRunOptions, runInTurns, runThrough } from './lens-run.ts';
import { rowsAtOnce, targetsAtOnce } from './lens-sizes.ts';
import { type RidgeFit, solveRidge } from './solve-ridge.ts';
import { predictingRows, predictingTexts, StageRows } from './stage-rows.ts';
import { checkTexts } from './texts.ts';
import { planTraining } from './training-plan.ts';
import { residentTranslator } from './translate.ts';
import { type Translator, type TunedLens, translatedStages, zeroLens } from './tuned-lens.ts';

/** Bytes of the sums of the stages that are read for in one sweep over the texts. */
const SUMS_BYTES = 2 ** 30;

/** Options of `trainRidgeLens`. */
export interface RidgeLensOptions extends LensRunOptions {
  /** Values of ρ to choose from, each stage for itself; default 10, 1, 0.1 … 1e-6. */
  readonly penalties?: readonly number[];
  /** Rows whose laws are compared, drawn from the tokens of the texts held back; default those that take a few seconds. */
  readonly heldRows?: number;
  /** An unsigned 64-bit integer that chooses the texts held back, and those rows. Default 1. */
  readonly seed?: bigint;
  /** Of the passes; sums and fits are in f64. Default f32. */
  readonly precision?: Precision;
}

/** A stage of a ridge lens. */
export interface RidgeStage {
  /** Name of the stage. */
  readonly stage: string;
  /** Tokens fitted. */
  readonly tokens: number;
  /** ρ, chosen by the squared error over all tokens of the texts held back. */
  readonly penalty: number;
  /** Σ ‖y − ŷ‖²/Σ ‖y − ȳ‖² over those tokens, y the final stream; null where it does not vary. */
  readonly unexplained: number | null;
  /** Mean KL(final ‖ logit lens) over the rows looked at, in nats. */
  readonly logitKl: number;
  /** Mean KL(final ‖ ridge lens) over them. */
  readonly kl: number;
}

/** A ridge lens, and how it does. */
export interface RidgeLens {
  /** Its translators in f32, as they are in its file. */
  readonly lens: TunedLens;
  /** Values of ρ that were tried. */
  readonly penalties: readonly number[];
  /** Texts fitted and texts held back. */
  readonly texts: { readonly trained: number; readonly held: number };
  /** Tokens of the texts held back, and those of them whose laws were compared. */
  readonly held: { readonly tokens: number; readonly rows: number };
  /** Whether a signal ended it: stages are then missing, or were fitted to fewer tokens. */
  readonly stopped: boolean;
  /** The stages, in the order of the pass. */
  readonly stages: readonly RidgeStage[];
}

/**
 * A lens by least squares: for every stage but the last the affine map h ↦ h + A h + b that comes closest to the final stream, over all tokens that predict in some texts but a tenth,
 * by which ρ is chosen (`solveRidge`). It needs one pass over the texts and no gradient, and is used like a tuned lens; training can begin with it.
 *
 * @param texts token ids, at least two texts
 * @throws DomainError for texts or options out of range; CapacityError; NonFiniteError where streams overflow.
 * @accuracy sums and fits in f64, the lens rounded to f32; the same bits from both backends.
 * @cost a pass over the texts, 3·D² flops of f64 per token and stage, about 40·D³ per stage; where the sums of all stages, 32·D² bytes each, exceed 1 GiB, a pass for each group of stages that does not.
 * @source A. Y. Din, T. Karidi, L. Choshen, M. Geva, Jump to Conclusions: Short-Cutting Transformers With Linear Transformations, arXiv 2303.09435.
 */
export function trainRidgeLens(
  model: Model,
  texts: readonly (readonly number[])[],
  options: RidgeLensOptions = {},
): RidgeLens {
  return runThrough(ridge('trainRidgeLens', model, texts, options), options);
}

/** {@link trainRidgeLens}, with turns of the event loop between its parts, so that a signal can end it. @throws as {@link trainRidgeLens}. */
export function trainRidgeLensInTurns(
  model: Model,
  texts: readonly (readonly number[])[],
  options: RidgeLensOptions = {},
): Promise<RidgeLens> {
  return runInTurns(ridge('trainRidgeLensInTurns', model, texts, options), options);
}

/** Stages whose sums are held at once. */
export function ridgeStagesAtOnce({ config: { D } }: Pick<Model, 'config'>): number {
  return Math.max(1, Math.floor(SUMS_BYTES / (32 * D * D)));
}

function* ridge(
  where: string,
  model: Model,
  texts: readonly (readonly number[])[],
  options: RidgeLensOptions,
): LensRun<RidgeLens> {
  const { penalties = RIDGE_PENALTIES, seed = LENS_TRAINING_DEFAULTS.seed, heldRows } = options;
  const { precision = PASS_DEFAULTS.precision } = options;
  checkTexts(where, model, texts, 2);
  checkPenalties(where, penalties);
  const random = new RandomStream(seed);
  const shuffled = shuffle(texts, random);
  const split = splitOfTexts(texts.length);
  const [held, trained] = [shuffled.slice(0, split.held), shuffled.slice(split.held)];
  const plan = planTraining(model, texts, { batch: 1, rows: undefined, heldRows, precision });
  const looked = drawRows(model, held, plan.heldRows, random);
  const stages = translatedStages(model);
  const most = ridgeStagesAtOnce(model);
  const found = new Map<string, { readonly fit: RidgeFit; readonly tokens: number }>();
  const sweeps = Math.ceil(stages.length / most);
  for (let sweep = 0; sweep < sweeps && !options.signal?.aborted; sweep++) {
    const some = stages.slice(sweep * most, (sweep + 1) * most);
    const share = { sweep, sweeps, fitted: sweep * most, stages: stages.length };
    yield* fitStages(model, some, { held, trained }, { precision, penalties, signal: options.signal }, share, found);
  }
  const translators = new Map([...found].map(([stage, { fit }]) => [stage, inSingle(fit)]));
  const lens: TunedLens = { ...zeroLens(model, 'ridge'), translators };
  const { logit, fitted, rows } = yield* compare(model, lens, stages, looked, precision);
  return {
    lens,
    penalties,
    texts: split,
    held: { tokens: held.reduce((sum, ids) => sum + predictingRows(model, ids).length, 0), rows },
    stopped: options.signal?.aborted ?? false,
    stages: stages.flatMap((stage, s) => {
      const one = found.get(stage);
      if (one === undefined) return [];
      const { penalty, unexplained } = one.fit;
      return { stage, tokens: one.tokens, penalty, unexplained, logitKl: logit[s]!, kl: fitted[s]! };
    }),
  };
}

function checkPenalties(where: string, penalties: readonly number[]): void {
  const falling = penalties.every((value, i) => value > 0 && value < Infinity && !(value >= penalties[i - 1]!));
  if (penalties.length > 0 && falling) return;
  throw new DomainError(
    `${where}: penalties must be positive, finite and from the largest on, but they are ${penalties.join(', ') || 'none'}.`,
  );
}

function inSingle({ weight, bias }: RidgeFit): Translator {
  return { weight: Float32Array.from(weight), bias: Float32Array.from(bias) };
}

/** What a sweep is of the whole. */
interface Share {
  readonly sweep: number;
  readonly sweeps: number;
  readonly fitted: number;
  readonly stages: number;
}

/** One sweep over the texts, and the fits of its stages. */
function* fitStages(
  model: Model,
  stages: readonly string[],
  {
    held,
    trained,
  }: { readonly held: readonly (readonly number[])[]; readonly trained: readonly (readonly number[])[] },
  settings: {
    readonly precision: Precision;
    readonly penalties: readonly number[];
    readonly signal: AbortSignal | undefined;
  },
  share: Share,
  found: Map<string, { readonly fit: RidgeFit; readonly tokens: number }>,
): LensRun<void> {
  const { backend, config } = model;
  const hold = backend.memory.hold();
  try {
    const rows = new StageRows(model, settings.precision, SUM_ROWS, hold);
    const work = sumsWork(hold, config.D);
    const sums = stages.map(() => ({
      trained: new LeastSquaresSums(backend, config.D, hold),
      held: new LeastSquaresSums(backend, config.D, hold),
    }));
    const texts = held.length + trained.length;
    let done = share.sweep * texts;
    for (const [part, some] of [
      ['held', held],
      ['trained', trained],
    ] as const) {
      const flush = () => {
        const y = rows.stream(rows.last);
        for (const [i, both] of sums.entries()) both[part].add(rows.stream(share.fitted + i), y, rows.rows, work);
        rows.clear();
      };
      for (const group of rows.groups(predictingTexts(model, some))) {
        // A fit needs a token of either part.
        if (settings.signal?.aborted && sums[0]![part].count + rows.rows > 0) break;
        rows.add(group, flush);
        done += group.length;
        yield { phase: 'read', done, total: share.sweeps * texts };
      }
      if (rows.rows > 0) flush();
    }
    for (const [i, stage] of stages.entries()) {
      const { trained, held } = sums[i]!;
      found.set(stage, { fit: solveRidge(backend, trained, held, settings.penalties), tokens: trained.count });
      yield { phase: 'fit', done: share.fitted + i + 1, total: share.stages };
    }
  } finally {
    hold.release();
  }
}

/** KL of the logit lens and of a lens over some rows. */
function* compare(
  model: Model,
  lens: TunedLens,
  stages: readonly string[],
  texts: ReturnType<typeof drawRows>,
  precision: Precision,
): LensRun<{ readonly logit: number[]; readonly fitted: number[]; readonly rows: number }> {
  const { backend } = model;
  const hold = backend.memory.hold();
  try {
    const size = { targets: targetsAtOnce(model), rows: rowsAtOnce(model), gradients: false };
    const pass = new LensPass(model, precision, size, hold);
    const held = new HeldBack(model, pass, precision, texts, hold);
    yield* held.read();
    const logit = yield* held.kl(stages.map(() => null));
    const translators = stages.map((stage) => {
      const translator = lens.translators.get(stage);
      return translator === undefined ? null : residentTranslator(backend, translator, precision, hold);
    });
    const fitted = yield* held.kl(translators);
    return { logit, fitted, rows: held.rows };
  } finally {
    hold.release();
  }
}
