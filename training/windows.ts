import { END_OF_TEXT, type Latent, sampleDocument } from './corpus.ts';
import { openStream, type Uniform } from './random.ts';

/** Share of training windows without the leading `END_OF_TEXT`, so that prompts without it occur too. */
const WITHOUT_BOUNDARY = 0.25;

/**
 * `length` tokens that begin at a document boundary: `END_OF_TEXT`, then whole documents, the last one cut off.
 * The window of (seed, index) is always the same.
 */
export function sampleWindow(latents: readonly Latent[], seed: number, index: number, length: number): string[] {
  return continueWindow(latents, openStream(seed, index), [END_OF_TEXT], length);
}

/** As `sampleWindow`, but sometimes beginning with the document's first word: the law of what follows is the same. */
export function sampleTrainingWindow(
  latents: readonly Latent[],
  seed: number,
  index: number,
  length: number,
): string[] {
  const uniform = openStream(seed, index);
  const start = uniform() < WITHOUT_BOUNDARY ? [] : [END_OF_TEXT];
  return continueWindow(latents, uniform, start, length);
}

function continueWindow(latents: readonly Latent[], uniform: Uniform, tokens: string[], length: number): string[] {
  while (tokens.length < length) tokens.push(...sampleDocument(latents, uniform).tokens);
  return tokens.slice(0, length);
}
