import { describe, expect, it } from 'vitest';
import { compile, mix, type State } from '../../training/automaton.ts';
import { buildLatents, END_OF_TEXT, namesOf, sampleDocument, sentencesOf } from '../../training/corpus.ts';
import { corpusEntropy } from '../../training/entropy.ts';
import { END_AFTER, LEADING_SPACE } from '../../training/grammar.ts';
import { at } from '../../training/indexing.ts';
import { CorpusLaw, logProbabilities } from '../../training/law.ts';
import { type Expression, parseExpression } from '../../training/notation.ts';
import { openStream } from '../../training/random.ts';
import { senseContinuations } from '../../training/senses.ts';
import { sampleTrainingWindow, sampleWindow } from '../../training/windows.ts';

const latents = buildLatents();
const documentOf = (seed: number, index: number): string[] => sampleDocument(latents, openStream(seed, index)).tokens;

describe('notation', () => {
  it('chooses in proportion to the weights and lets an empty alternative emit nothing', () => {
    const texts = expand(parseExpression('the {a:3|@b:4|} .', { b: 'c|d' }));
    expect([...texts].sort()).toEqual([
      [' the .', 1 / 8],
      [' the a .', 3 / 8],
      [' the c .', 1 / 4],
      [' the d .', 1 / 4],
    ]);
  });

  it('refuses unknown names and unbalanced braces', () => {
    expect(() => parseExpression('the @nobody', {})).toThrow('@nobody must be in the lexicon');
    expect(() => parseExpression('the {a|b', {})).toThrow("'{' must be closed");
    expect(() => parseExpression('the a} b', {})).toThrow('unexpected "}"');
  });
});

describe('the automaton', () => {
  it('adds up equal transitions and drops impossible ones', () => {
    const end: State = [];
    expect(compile(parseExpression('{a|b|a}', {}), end)).toEqual([
      { token: ' a', probability: 2 / 3, to: end },
      { token: ' b', probability: 1 / 3, to: end },
    ]);
    expect(mix([{ probability: 0, state: compile(parseExpression('a', {}), end) }])).toEqual([]);
  });
});

describe('the sampler', () => {
  it('gives the same window for the same seed and index, and another one otherwise', () => {
    const text = (seed: number, index: number): string => sampleWindow(latents, seed, index, 65).join('');
    expect(text(1, 2)).toBe(text(1, 2));
    expect(text(1, 3)).not.toBe(text(1, 2));
    expect(text(2, 2)).not.toBe(text(1, 2));
  });

  it('draws training windows from the same law with and without the leading boundary', () => {
    const law = new CorpusLaw(latents);
    const shares = { bare: latents.map(() => 0), bounded: latents.map(() => 0) };
    const windows = { bare: 0, bounded: 0 };
    for (let index = 0; index < 2000; index++) {
      const tokens = sampleTrainingWindow(latents, 9, index, 65);
      const kind = tokens[0] === END_OF_TEXT ? 'bounded' : 'bare';
      const first = tokens.slice(kind === 'bounded' ? 1 : 0);
      law.restart();
      for (const token of first.slice(0, first.indexOf(END_OF_TEXT))) law.observe(token);
      windows[kind]++;
      law.posterior().forEach((p, z) => {
        shares[kind][z] = at(shares[kind], z) + p;
      });
    }
    expect(windows.bare).toBeGreaterThan(400);
    for (const kind of ['bare', 'bounded'] as const) {
      latents.forEach(({ probability }, z) => {
        const error = Math.sqrt((probability * (1 - probability)) / windows[kind]);
        expect(Math.abs(at(shares[kind], z) / windows[kind] - probability), kind).toBeLessThan(4 * error);
      });
    }
  });

  it('keeps sentences and documents short', () => {
    for (let index = 0; index < 2000; index++) {
      const tokens = documentOf(7, index);
      expect(tokens.length).toBeLessThanOrEqual(48);
      for (const sentence of tokens.slice(0, -1).join('').trim().split(' .').slice(0, -1)) {
        const length = sentence.trim().split(' ').length + 1;
        expect(length).toBeGreaterThanOrEqual(5);
        expect(length).toBeLessThanOrEqual(12);
      }
    }
  });
});

describe('the true law', () => {
  it('is normalised after every prefix', () => {
    const law = new CorpusLaw(latents);
    for (let index = 0; index < 50; index++) {
      for (const token of documentOf(3, index)) {
        const next = law.nextTokens();
        expect(Math.abs(sum([...next.values()]) - 1)).toBeLessThan(1e-12);
        expect(Math.abs(sum(law.posterior()) - 1)).toBeLessThan(1e-12);
        expect(law.observe(token)).toBeCloseTo(Math.log(next.get(token) ?? 0), 12);
      }
    }
  });

  it('agrees with the sum over all latents of products of sentence probabilities', () => {
    const tables = latents.map(({ topic, protagonist }) => ({
      opening: sentenceTable(topic, protagonist, true),
      later: sentenceTable(topic, protagonist, false),
    }));
    for (let index = 0; index < 200; index++) {
      const tokens = documentOf(4, index);
      const text = tokens.slice(0, -1).join('');
      const sentences = text.trim().split(/(?<= \.) /);
      const coin = text.startsWith(' ') ? LEADING_SPACE : 1 - LEADING_SPACE;
      const product = (z: number): number =>
        sentences.reduce((p, sentence, k) => {
          const table = k === 0 ? at(tables, z).opening : at(tables, z).later;
          const last = k === sentences.length - 1;
          return p * (table.get(` ${sentence}`) ?? 0) * (last ? at(END_AFTER, k) : 1 - at(END_AFTER, k));
        }, coin);
      const brute = latents.reduce((sum, { probability }, z) => sum + probability * product(z), 0);
      const filtered = sum(logProbabilities(tokens, new CorpusLaw(latents)));
      expect(Math.abs(filtered - Math.log(brute))).toBeLessThan(1e-10);
    }
  });

  it('rules out what the grammar cannot say', () => {
    expect(logProbabilities(['the', ' the'])[1]).toBe(Number.NEGATIVE_INFINITY);
  });

  it('has the entropy that the grammar gives in closed form', () => {
    const n = 3000;
    const exact = corpusEntropy(latents, 5, n);
    const whole = new CorpusLaw(latents);
    const conditional = new Map(latents.map((latent) => [latent, new CorpusLaw([{ ...latent, probability: 1 }])]));
    const surprisals: number[] = [];
    const informations: number[] = [];
    for (let index = 0; index < n; index++) {
      const { latent, tokens } = sampleDocument(latents, openStream(6, index));
      const given = sum(logProbabilities(tokens, conditional.get(latent)));
      surprisals.push(-given);
      informations.push(given - sum(logProbabilities(tokens, whole)));
    }
    expectMean(surprisals, exact.documentGivenLatent);
    expectMean(informations, exact.latent - exact.latentGivenDocument);
    const perDocument = exact.documentGivenLatent + exact.latent - exact.latentGivenDocument;
    expect(exact.natsPerToken * exact.tokensPerDocument).toBeCloseTo(perDocument, 12);
  });
});

describe('ambiguous words', () => {
  it('have at least two senses, each with continuations of its own', () => {
    const words = senseContinuations(latents);
    expect(words.size).toBe(10);
    for (const senses of words.values()) {
      expect(senses.size).toBeGreaterThanOrEqual(2);
      const tokens = [...senses.values()].flatMap((set) => [...set]);
      expect(new Set(tokens).size).toBe(tokens.length);
      for (const set of senses.values()) expect(set.size).toBeGreaterThan(0);
    }
    expect(words.get(' bank')?.get('finance')?.has(' lent')).toBe(true);
  });

  it('are resolved by context alone', () => {
    const law = new CorpusLaw(latents);
    const topicProbability = (text: string, topic: string): number => {
      law.restart();
      for (const token of text.match(/(^| )\S+/g) ?? []) law.observe(token);
      return law.posterior().reduce((sum, p, z) => (at(latents, z).topic === topic ? sum + p : sum), 0);
    };
    expect(topicProbability('the man sat by the bank', 'river')).toBeCloseTo(0.5, 1);
    expect(topicProbability('the man sat by the bank and watched the water', 'river')).toBeCloseTo(1, 12);
    expect(topicProbability('the man sat by the bank and counted the coins', 'finance')).toBeCloseTo(1, 12);
  });
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The sample mean must be within four standard errors of `expected`. */
function expectMean(samples: readonly number[], expected: number): void {
  const n = samples.length;
  const mean = sum(samples) / n;
  const variance = sum(samples.map((x) => (x - mean) ** 2)) / (n - 1);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / n));
}

/** The probability of every text of an expression, by expanding it as written: no automaton. */
function expand(expression: Expression): Map<string, number> {
  if (expression.kind === 'word') return new Map([[` ${expression.word}`, 1]]);
  const texts = new Map<string, number>();
  const add = (text: string, p: number): void => void texts.set(text, (texts.get(text) ?? 0) + p);
  if (expression.kind === 'choices') {
    for (const choice of expression.choices) {
      for (const [text, p] of expand(choice.expression)) add(text, choice.probability * p);
    }
    return texts;
  }
  const [head, ...tail] = expression.parts;
  if (head === undefined) return new Map([['', 1]]);
  const rest = expand({ kind: 'sequence', parts: tail });
  for (const [first, p] of expand(head)) for (const [text, q] of rest) add(first + text, p * q);
  return texts;
}

/** The probability of every sentence of a latent. */
function sentenceTable(topic: string, protagonist: number, opening: boolean): Map<string, number> {
  const table = new Map<string, number>();
  for (const { probability, text } of sentencesOf(topic)) {
    for (const [sentence, p] of expand(parseExpression(text, namesOf(topic, protagonist, opening)))) {
      table.set(sentence, (table.get(sentence) ?? 0) + probability * p);
    }
  }
  return table;
}
