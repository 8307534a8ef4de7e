/** Real checkpoints: reading them, running them with a trace, looking through lenses. @module */
export { type Activation, activationNames, selectActivations } from './activations.ts';
export type {
  BlockType,
  ByteSource,
  Checkpoint,
  Fingerprint,
  FloatType,
  Folder,
  ReadOptions,
  TensorEntry,
  TensorRows,
  WeightType,
} from './checkpoint/checkpoint.ts';
export type { Family } from './checkpoint/family-table.ts';
export { filesFolder, type NamedBlob } from './checkpoint/files-folder.ts';
export { openNodeFolder } from './checkpoint/node-folder.ts';
export { openCheckpoint } from './checkpoint/open-checkpoint.ts';
export { type RotaryTable, rotaryWidth, type TransformerConfig, unitCount } from './config.ts';
export {
  ENCODER_TRAINING_DEFAULTS,
  LENS_TRAINING_DEFAULTS,
  type LensTrainingDefaults,
  NEXT_TOKEN_DEFAULTS,
  PASS_DEFAULTS,
  RIDGE_PENALTIES,
  SAMPLING_DEFAULTS,
} from './defaults.ts';
export { encoderFiles } from './encoder/files.ts';
export { type EmbeddingTables, type PretrainedEmbeddings, readEmbeddings } from './encoder/pretrained.ts';
export { type EncoderShape, TOY_SHAPE } from './encoder/shape.ts';
export { type EncoderTokenizer, extendedTokenizer, wordTokenizer } from './encoder/tokenizer.ts';
export { type LabelledText, type TrainEncoderOptions, type TrainedEncoder, trainEncoder } from './encoder/train.ts';
export { encodeWords, vocabularyOf } from './encoder/words.ts';
export type { Intervention } from './interventions.ts';
export { LanguageModelLaw, type LanguageModelLawOptions } from './language-model-law.ts';
export { logProbabilities, probabilities } from './law.ts';
export type { Computation } from './lens/computation.ts';
export {
  type EvaluateLensOptions,
  evaluateLens,
  type LensEvaluation,
  type LensStageScore,
} from './lens/evaluate-lens.ts';
export { splitOfTexts } from './lens/held-back.ts';
export { estimateSeconds, type LensFlop, ridgeFlop, trainingFlop } from './lens/lens-cost.ts';
export { lensBytes, type ReadLensOptions, readLens } from './lens/lens-file.ts';
export { type LensRowsOptions, lensRows } from './lens/lens-rows.ts';
export type { LensRunOptions, LensWork } from './lens/lens-run.ts';
export { rowsAtOnce } from './lens/lens-sizes.ts';
export { tunedLens } from './lens/look.ts';
export { openLens } from './lens/open-lens.ts';
export {
  type RidgeLens,
  type RidgeLensOptions,
  type RidgeStage,
  trainRidgeLens,
  trainRidgeLensInTurns,
} from './lens/ridge-lens.ts';
export { type SampleTextsOptions, sampleTexts } from './lens/sample-texts.ts';
export { cutTexts } from './lens/texts.ts';
export {
  type LensCheck,
  type LensTraining,
  lensTrainingPlan,
  type TrainLensOptions,
  trainLens,
  trainLensInTurns,
} from './lens/train-lens.ts';
export type { LensPlan } from './lens/training-plan.ts';
export { LENS_KINDS, type LensKind, marksOf, type Translator, type TunedLens, zeroLens } from './lens/tuned-lens.ts';
export { lensOf, lensStages, logitLens, stageNames } from './logit-lens.ts';
export { type MaskedWordOptions, type MaskedWordResult, maskedWord } from './masked-word.ts';
export type { Model, StreamedWeights } from './model.ts';
export {
  likeliest,
  type NextTokenAfterOptions,
  type NextTokenOptions,
  type NextTokenResult,
  nextToken,
  nextTokenAfter,
  type RankedToken,
} from './next-token.ts';
export { type OpenModelOptions, openModel } from './open-model.ts';
export { predictedRow, predictingRow, predictsMasked } from './position.ts';
export { type Prompt, type PromptSource, promptOf } from './prompt.ts';
export { residentBytes } from './resident-plan.ts';
export { type AppendOptions, type PassResult, Session, type SessionOptions } from './session.ts';
export { type BudgetOutcome, underBudget } from './streaming-plan.ts';
export { openTokenizer, type Tokenizer } from './tokenizer.ts';
export {
  activationOf,
  type Trace,
  type TracedText,
  type TraceOptions,
  type TraceTogetherOptions,
  traceForward,
  traceIn,
  traceTogether,
} from './trace.ts';
export { wiringOf } from './wiring.ts';
