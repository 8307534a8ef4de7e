import { LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Precision } from '../../backend/memory.ts';
import { exp } from '../../math/exp.ts';
import { unitCount } from '../config.ts';
import { PASS_DEFAULTS } from '../defaults.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { LensPass } from './lens-pass.ts';
import { rowsAtOnce, targetsAtOnce } from './lens-sizes.ts';
import { predictingTexts, StageRows } from './stage-rows.ts';
import { checkTexts } from './texts.ts';
import { type ResidentTranslator, residentTranslator } from './translate.ts';
import { checkLens, type TunedLens } from './tuned-lens.ts';

/** How a lens does at one stage, over all tokens of some texts that predict. */
export interface LensStageScore {
  /** Name of the stage, such as `blocks.0.resid_post`. */
  readonly stage: string;
  /** Mean KL(final ‖ lens) in nats. */
  readonly kl: number;
  /** Share of the tokens after which lens and model name the same unit first; of equal logits the lowest id counts. */
  readonly agreement: number;
  /** exp of the mean −log q(next token); null where no text has a second token, or the model does not predict what follows. */
  readonly perplexity: number | null;
}

/** How a lens does at every stage. */
export interface LensEvaluation {
  /** Tokens after which the laws were compared. */
  readonly tokens: number;
  /** One score for each stage, in the order of the pass. */
  readonly stages: readonly LensStageScore[];
}

/** Options of `evaluateLens`. */
export interface EvaluateLensOptions {
  /** Of the passes; default f32. */
  readonly precision?: Precision;
  /** Called after every text. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Looks at every token of some texts through a lens, or through the logit lens where `lens` is null, at every stage.
 *
 * @param texts token ids of each text
 * @throws DomainError for texts that cannot be read or a lens of another model; CapacityError.
 * @cost one pass over the texts and one unembedding per stage and token.
 */
export function evaluateLens(
  model: Model,
  lens: TunedLens | null,
  texts: readonly (readonly number[])[],
  { precision = PASS_DEFAULTS.precision, onProgress }: EvaluateLensOptions = {},
): LensEvaluation {
  checkTexts('evaluateLens', model, texts, 1);
  if (lens !== null) checkLens('evaluateLens', model, lens);
  const names = lensStages(model.config);
  const { memory } = model.backend;
  const sums = names.map(() => ({ kl: 0, agreed: 0, surprise: 0 }));
  const followers: number[] = [];
  let tokens = 0;
  let followed = 0;
  memory.scope(() => {
    const size = { targets: targetsAtOnce(model), rows: rowsAtOnce(model), gradients: false };
    const pass = new LensPass(model, precision, size);
    const rows = new StageRows(model, precision, pass.targets);
    const translators = names.map((name) => {
      const translator = lens?.translators.get(name);
      return translator === undefined ? null : residentTranslator(model.backend, translator, precision);
    });
    const look = () => {
      const next = followers.splice(0, rows.rows);
      addScores(model, pass, rows, translators, next, sums);
      tokens += next.length;
      followed += next.filter((id) => id !== NOTHING).length;
      rows.clear();
    };
    let done = 0;
    for (const group of rows.groups(predictingTexts(model, texts))) {
      for (const { ids, tokens } of group) followers.push(...tokens.map((token) => followerOf(model, ids, token)));
      rows.add(group, look);
      done += group.length;
      onProgress?.(done, texts.length);
    }
    if (rows.rows > 0) look();
  });
  const stages = sums.map(({ kl, agreed, surprise }, s) => ({
    stage: names[s]!,
    kl: kl / tokens,
    agreement: agreed / tokens,
    perplexity: followed === 0 ? null : exp(surprise / followed),
  }));
  return { tokens, stages };
}

/** In place of a token's id, where none follows. */
const NOTHING = -1;

/** The token after another in a text, where the model predicts that one. */
function followerOf({ config: { causal, classes } }: Model, ids: readonly number[], token: number): number {
  return causal && classes === null ? (ids[token + 1] ?? NOTHING) : NOTHING;
}

interface Sums {
  kl: number;
  agreed: number;
  surprise: number;
}

/** Adds what each stage says of some rows, in the order of the rows. */
function addScores(
  model: Model,
  pass: LensPass,
  rows: StageRows,
  translators: readonly (ResidentTranslator | null)[],
  next: readonly number[],
  sums: readonly Sums[],
): void {
  const V = unitCount(model.config);
  const count = next.length;
  let logits = pass.target(rows.stream(rows.last), count);
  const final = pass.score(1, count).slice();
  const add = (sum: Sums, scores: Float64Array, view: Float32Array | Float64Array) => {
    for (const [r, id] of next.entries()) {
      const at = r * LENS_SCORES.length;
      sum.kl += scores[at + LENS_SCORES.kl]!;
      if (scores[at + LENS_SCORES.top] === final[at + LENS_SCORES.top]) sum.agreed++;
      if (id !== NOTHING) sum.surprise += scores[at + LENS_SCORES.logNormaliser]! - view[r * V + id]!;
    }
  };
  add(sums[rows.last]!, final, logits.view());
  const most = pass.stagesAtOnce(count);
  for (let first = 0; first < rows.last; first += most) {
    const stages = Array.from({ length: Math.min(most, rows.last - first) }, (_, i) => first + i);
    logits = pass.forward(
      stages.map((s) => ({ h: rows.stream(s), translator: translators[s]! })),
      count,
    );
    const scores = pass.score(stages.length, count);
    const view = logits.view();
    for (const [i, s] of stages.entries())
      add(
        sums[s]!,
        scores.subarray(i * count * LENS_SCORES.length, (i + 1) * count * LENS_SCORES.length),
        view.subarray(i * count * V, (i + 1) * count * V),
      );
  }
}
