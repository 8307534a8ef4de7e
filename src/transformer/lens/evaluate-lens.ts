import { LENS_SCORES } from '../../backend/contract/lens.ts';
import type { Precision } from '../../backend/memory.ts';
import { exp } from '../../math/exp.ts';
import { unitCount } from '../config.ts';
import { PASS_DEFAULTS } from '../defaults.ts';
import { lensStages } from '../logit-lens.ts';
import type { Model } from '../model.ts';
import { LensPass, rowsAtOnce } from './lens-pass.ts';
import { eachStageRows } from './stage-rows.ts';
import { checkTexts } from './texts.ts';
import { residentTranslator } from './translate.ts';
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
  const V = unitCount(model.config);
  const { memory } = model.backend;
  const sums = names.map(() => ({ kl: 0, agreed: 0, surprise: 0 }));
  let tokens = 0;
  let followed = 0;
  memory.scope(() => {
    const pass = new LensPass(model, precision, rowsAtOnce(model), { gradients: false });
    const translators = names.map((name) => {
      const translator = lens?.translators.get(name);
      return translator === undefined ? null : residentTranslator(model.backend, translator, precision);
    });
    eachStageRows(model, texts, precision, {
      most: pass.rows,
      use: ({ rows, tokens: read, streams }, text) => {
        const ids = texts[text]!;
        const { causal, classes } = model.config;
        const next = causal && classes === null ? ids.slice(read[0]! + 1, read[0]! + 1 + rows) : [];
        const last = names.length - 1;
        let logits = pass.target(streams[last]!, rows);
        const final = pass.score(rows).slice();
        for (let s = last; s >= 0; s--) {
          if (s < last) logits = pass.forward(streams[s]!, translators[s]!, rows);
          const view = logits.view();
          const scores = s === last ? final : pass.score(rows);
          const sum = sums[s]!;
          for (let r = 0; r < rows; r++) {
            const at = r * LENS_SCORES.length;
            sum.kl += scores[at + LENS_SCORES.kl]!;
            if (scores[at + LENS_SCORES.top] === final[at + LENS_SCORES.top]) sum.agreed++;
            if (r < next.length) sum.surprise += scores[at + LENS_SCORES.logNormaliser]! - view[r * V + next[r]!]!;
          }
        }
        tokens += rows;
        followed += next.length;
      },
      done: (text) => onProgress?.(text + 1, texts.length),
    });
  });
  const stages = sums.map(({ kl, agreed, surprise }, s) => ({
    stage: names[s]!,
    kl: kl / tokens,
    agreement: agreed / tokens,
    perplexity: followed === 0 ? null : exp(surprise / followed),
  }));
  return { tokens, stages };
}
