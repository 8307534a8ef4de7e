/** Real checkpoints: reading them, running them with a trace, looking through lenses. */
export { type Activation, activationNames, selectActivations } from './activations.ts';
export type {
  ByteSource,
  Checkpoint,
  Fingerprint,
  Folder,
  ReadOptions,
  TensorEntry,
  TensorRows,
  WeightType,
} from './checkpoint/checkpoint.ts';
export { filesFolder, type NamedBlob } from './checkpoint/files-folder.ts';
export { openNodeFolder } from './checkpoint/node-folder.ts';
export { openCheckpoint } from './checkpoint/open-checkpoint.ts';
export type { Family, TransformerConfig } from './config.ts';
export { LanguageModelLaw, type LanguageModelLawOptions } from './language-model-law.ts';
export { logProbabilities, probabilities } from './law.ts';
export { lensOf, lensStages, logitLens } from './logit-lens.ts';
export type { Model } from './model.ts';
export {
  likeliest,
  type NextTokenOptions,
  type NextTokenResult,
  nextToken,
  type RankedToken,
} from './next-token.ts';
export { type OpenModelOptions, openModel } from './open-model.ts';
export { type Prompt, type PromptSource, promptOf } from './prompt.ts';
export { type AppendOptions, type PassResult, Session, type SessionOptions } from './session.ts';
export { openTokenizer, type Tokenizer } from './tokenizer.ts';
export { activationOf, type Trace, type TraceOptions, traceForward } from './trace.ts';
