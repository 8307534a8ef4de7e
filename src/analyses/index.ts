/** What is computed from more than one part: all three pictures of a prompt, the spectrum of any matrix, the texts of a data set, the sentiment experiment. @module */
export {
  ANALYSIS_DEFAULTS,
  type AnalysePromptOptions,
  type Analysis,
  type AnalysisParameters,
  type AnalysisStage,
  analysePrompt,
} from './analyse-prompt.ts';
export {
  type CheckpointChenModel,
  type CheckpointLawOptions,
  type ChenPictureOptions,
  chenModelOf,
  chenPicture,
} from './chen-picture.ts';
export {
  type CheckpointSummary,
  type Computing,
  labelsOf,
  type Origin,
  originOf,
  type Provenance,
  provenanceOf,
  summaryOf,
  unitLabelsOf,
  WITHOUT_BACKEND,
} from './provenance.ts';
export { type QLensOfTraceOptions, type QLensPictureOptions, qlensOfTrace, qlensPicture } from './qlens-picture.ts';
export { balancedSplit, SENTIMENTS, type Sentence, type SentenceSplit } from './sentiment/corpus.ts';
export {
  reproduceSentiment,
  SENTIMENT_DEFAULTS,
  type SentimentOptions,
  sentimentParameters,
} from './sentiment/experiment.ts';
export { PUBLISHED, SLIPS } from './sentiment/published.ts';
export type { SentimentResult, SentimentRun, SentimentStep } from './sentiment/result.ts';
export { SYNTHETIC_TEXTS, syntheticSentences } from './sentiment/synthetic.ts';
export {
  analyseSpectrum,
  type GridPicture,
  type GrowthPicture,
  SPECTRUM_DEFAULTS,
  type SpectrumOptions,
  type SpectrumReport,
  type StabilityPicture,
} from './spectra/analyse-spectrum.ts';
export type { NamedComparison } from './spectra/named-comparison.ts';
export { plainNumbers } from './spectra/plain.ts';
export { type DataSetPrompt, dataSetPrompt, textStages } from './text-stages.ts';
