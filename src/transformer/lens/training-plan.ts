import type { Precision } from '../../backend/memory.ts';
import { BYTES_PER_ELEMENT } from '../../backend/memory.ts';
import type { Model } from '../model.ts';
import { splitOfTexts } from './held-back.ts';
import { gradientFlop, lookFlop, passFlop } from './lens-sizes.ts';
import { predictingRows } from './stage-rows.ts';
import { translatedStages } from './tuned-lens.ts';

/** Operations that a step of Adam, and a look at the texts held back, may take through lenses where nothing is said: a few seconds. */
const [STEP_FLOP, LOOK_FLOP] = [1e11, 2e11];
/** Rows of a stage that a step, and a look, has at least. */
const [FEW_ROWS, FEW_HELD] = [8, 32];
/** Bytes that the streams of a step or of a look may take. */
const STREAM_BYTES = 2 ** 28;

/** What a training takes at a time, and what that costs. */
export interface LensPlan {
  /** Texts of a step. */
  readonly texts: number;
  /** Rows of a step at each stage, drawn from the tokens of its texts; all of them where they are no more. */
  readonly rows: number;
  /** Stages of a step, drawn anew each time where they are not all. */
  readonly stages: number;
  /** Rows of a look, drawn once from the tokens held back; all of them where they are no more. */
  readonly heldRows: number;
  /** Floating-point operations of the passes of one step, for texts of mean length. */
  readonly passFlop: number;
  /** Of the lenses of one step, with their gradients. */
  readonly stepFlop: number;
  /** Of one look. */
  readonly lookFlop: number;
}

/** Bounds of {@link LensPlan} that a caller gives. */
export interface PlanBounds {
  readonly batch: number;
  readonly rows: number | undefined;
  readonly heldRows: number | undefined;
  readonly precision: Precision;
}

/** What training on some texts will take at a time. */
export function planTraining(
  model: Model,
  texts: readonly (readonly number[])[],
  { batch, rows, heldRows, precision }: PlanBounds,
): LensPlan {
  const { config } = model;
  const stages = translatedStages(model).length;
  const lengths = texts.map((ids) => predictingRows(model, ids).length);
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const { trained, held } = splitOfTexts(texts.length);
  const perStep = Math.min(batch, trained);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const resident = Math.floor(STREAM_BYTES / ((stages + 1) * config.D * BYTES_PER_ELEMENT[precision]));
  const affordable = (flop: number, few: number) => Math.max(few, Math.min(resident, Math.floor(flop / stages)));
  const stepRows = rows ?? affordable(STEP_FLOP / gradientFlop(config), FEW_ROWS);
  const usedRows = Math.min(stepRows, perStep * longest);
  const drawnStages =
    rows === undefined && usedRows <= FEW_ROWS ? Math.floor(STEP_FLOP / (usedRows * gradientFlop(config))) : stages;
  const usedStages = Math.max(1, Math.min(stages, drawnStages));
  const held1 = heldRows ?? affordable(LOOK_FLOP / lookFlop(config), FEW_HELD);
  const tokens = texts.reduce((sum, ids) => sum + ids.length, 0) / texts.length;
  const usedHeld = Math.min(held1, Math.min(all, held * longest));
  return {
    texts: perStep,
    rows: usedRows,
    stages: usedStages,
    heldRows: usedHeld,
    passFlop: passFlop(model) * tokens * perStep,
    stepFlop: usedRows * usedStages * gradientFlop(config),
    lookFlop: usedHeld * stages * lookFlop(config),
  };
}
