import type { ChenModel } from './chen-model.ts';
import type { LabelledToken, ModelHead } from './chen-result.ts';
import { likeliestTokens } from './measurement.ts';

/** Name of a token. */
export type Label = (token: number) => string;

/** Names of the tokens of a model. */
export function labelOf({ laws }: Pick<ChenModel, 'laws'>): Label {
  return (token) => laws[0]!.label(token);
}

/** Tokens as plain data, with their names. */
export function labelled(tokens: Int32Array, label: Label): { tokens: number[]; labels: string[] } {
  return { tokens: [...tokens], labels: Array.from(tokens, label) };
}

/** The head of a model's results but for the parameters of the run. */
export function frameOfModel(model: ChenModel): Omit<ModelHead, 'parameters'> {
  const { name, start, steps, vacuumToken } = model;
  const label = labelOf(model);
  return {
    name,
    V: start.V,
    texts: start.texts.map((text, i) => ({ ...labelled(text, label), weight: start.weight[i]! })),
    steps,
    vacuum: { token: vacuumToken, label: label(vacuumToken) },
  };
}

/** The heaviest entries of a law over tokens. */
export function likeliest(
  law: Float64Array,
  top: number,
  label: Label,
): (LabelledToken & { readonly probability: number })[] {
  return likeliestTokens(law, top).map((token) => ({ token, label: label(token), probability: law[token]! }));
}
