import { DomainError } from '../../core/errors.ts';
import { RandomStream } from '../../core/philox.ts';
import { shuffle } from '../../core/shuffle.ts';

/** Class names by number. */
export const SENTIMENTS = ['negative', 'positive'] as const;

/** A text and the number of its sentiment in {@link SENTIMENTS}. */
export interface Sentence {
  /** The text. */
  readonly text: string;
  /** 0 negative, 1 positive. */
  readonly label: 0 | 1;
}

/** Texts to train and to test on. */
export interface SentenceSplit {
  /** Texts to train on. */
  readonly train: readonly Sentence[];
  /** Texts to test on. */
  readonly test: readonly Sentence[];
}

/** Share of the texts that is trained on. */
const TRAINED = 0.8;
/** Texts of a class below which there is nothing to train and test on. */
const LEAST = 5;

/**
 * As many texts of either class as the rarer one has, drawn and cut 80 : 20 within each class, in a random order.
 *
 * @throws DomainError unless there are five texts of either class.
 * @source QLens, section 5.1 (1,070 texts, 856 to train, 214 to test)
 */
export function balancedSplit(sentences: readonly Sentence[], seed: bigint): SentenceSplit {
  const random = new RandomStream(seed, 2n);
  const classes = SENTIMENTS.map((_, label) =>
    shuffle(
      sentences.filter((sentence) => sentence.label === label),
      random,
    ),
  );
  const count = Math.min(...classes.map((texts) => texts.length));
  if (count < LEAST) {
    const found = classes.map((texts, label) => `${texts.length} ${SENTIMENTS[label]!}`).join(' and ');
    throw new DomainError(
      `balancedSplit: the corpus must have ${LEAST} texts of either sentiment, but it has ${found}. Give a larger one.`,
    );
  }
  const cut = Math.min(count - 1, Math.round(TRAINED * count));
  return {
    train: shuffle(
      classes.flatMap((texts) => texts.slice(0, cut)),
      random,
    ),
    test: shuffle(
      classes.flatMap((texts) => texts.slice(cut, count)),
      random,
    ),
  };
}
