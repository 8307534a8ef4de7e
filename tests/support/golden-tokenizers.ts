import golden from '../golden/tokenizers.json' with { type: 'json' };

/** A tokenizer.json, and what the reference makes of each text with it. */
export interface GoldenTokenizer {
  readonly name: string;
  readonly file: object;
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
}

/** The tokenizers of tests/golden/tokenizers.json. */
export function goldenTokenizers(): {
  readonly texts: readonly string[];
  readonly tokenizers: readonly GoldenTokenizer[];
} {
  const models: Readonly<Record<string, object>> = golden.models;
  const tokenizers = golden.tokenizers.map(({ name, model, overrides, fields, ids, decoded }) => ({
    name,
    file: {
      version: '1.0',
      ...fields,
      model: Object.fromEntries(
        Object.entries({ ...models[model], ...overrides }).filter(([key, value]) => key !== 'type' || value !== null),
      ),
    },
    ids,
    decoded: decoded.map((text, i) => (typeof text === 'number' ? golden.texts[i]! : text)),
  }));
  return { texts: golden.texts, tokenizers };
}
