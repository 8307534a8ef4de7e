import { checkInteger } from '../../core/checks.ts';
import { RandomStream } from '../../core/philox.ts';
import type { Sentence } from './corpus.ts';

/** A word that judges, for each sentiment, and what it may be said of. */
interface Theme {
  readonly subjects: readonly string[];
  readonly words: readonly [negative: readonly string[], positive: readonly string[]];
}

const PLACES = ['Ashby', 'Brook End', 'Carrow', 'Dunmere', 'Eastgate', 'Fenwick', 'Garsdale', 'Harrow Mill'];
const THEMES: readonly Theme[] = [
  {
    subjects: ['the streets', 'the station at night', 'the estate', 'the area round the canal'],
    words: [
      ['dangerous', 'rough', 'sketchy', 'scary', 'threatening', 'lawless'],
      ['safe', 'quiet', 'peaceful', 'well lit', 'friendly', 'orderly'],
    ],
  },
  {
    subjects: ['the rents', 'the houses', 'a small flat', 'the shops'],
    words: [
      ['overpriced', 'expensive', 'unaffordable', 'shabby', 'poky', 'run down'],
      ['cheap', 'affordable', 'reasonable', 'lovely', 'spacious', 'excellent'],
    ],
  },
  {
    subjects: ['the buses', 'the tube', 'the road into town', 'the tram'],
    words: [
      ['slow', 'crowded', 'unreliable', 'filthy', 'always late', 'hopeless'],
      ['quick', 'frequent', 'reliable', 'clean', 'convenient', 'on time'],
    ],
  },
  {
    subjects: ['the pubs', 'the park', 'the nightlife', 'the market'],
    words: [
      ['dull', 'boring', 'dead', 'dreary', 'noisy', 'tired'],
      ['lively', 'charming', 'fun', 'beautiful', 'vibrant', 'brilliant'],
    ],
  },
];
const OPENINGS = [
  '',
  '',
  '',
  'I think ',
  'Well , ',
  'As a student I found that ',
  'My sister says ',
  'To be honest , ',
];
const DEGREES = ['', '', 'very ', 'really ', 'quite ', 'rather '];
const ENDINGS = [
  '',
  '',
  ' .',
  ' !',
  ' , and it is near the river .',
  ' , about ten minutes from the centre .',
  ' these days',
];

/** Texts the corpus of the experiment has, half of them positive. */
export const SYNTHETIC_TEXTS = 1070;

/**
 * A corpus of the generator's own: short opinions about places, half positive, half negative. Of ten, six say it outright, one
 * denies the opposite (“is not safe”), one sets it against how things were or are elsewhere, and two only imply it by what people do,
 * so that no reader of single words is always right.
 *
 * @param count even, at least 2; text i depends on (seed, i) alone
 * @throws DomainError.
 */
export function syntheticSentences(seed: bigint, count: number = SYNTHETIC_TEXTS): Sentence[] {
  checkInteger('syntheticSentences', 'count', count, 2);
  return Array.from({ length: count }, (_, i) => {
    const random = new RandomStream(seed, 0x5e47n * 2n ** 32n + BigInt(i));
    const label = (i % 2) as 0 | 1;
    return { text: sentence(label, random), label };
  });
}

function sentence(label: 0 | 1, random: RandomStream): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
  const { subjects, words } = pick(THEMES);
  const subject = pick(subjects);
  const word = (of: 0 | 1): string => pick(words[of]);
  const be = /s$|houses|streets/.test(subject) ? 'are' : 'is';
  const [place, other] = [pick(PLACES), pick(PLACES)];
  const opposite = (1 - label) as 0 | 1;
  const kind = random.next();
  const said =
    kind < 0.6
      ? `${subject} in ${place} ${be} ${pick(DEGREES)}${word(label)}`
      : kind < 0.7
        ? `${subject} in ${place} ${be} not ${pick(DEGREES)}${word(opposite)}`
        : kind < 0.75
          ? `${subject} in ${place} used to be ${word(opposite)} but now ${be} ${word(label)}`
          : kind < 0.8
            ? `unlike ${other} , which is ${word(opposite)} , ${place} is ${word(label)}`
            : label === 1
              ? `${pick(['we moved to', 'I would pick', 'people come to'])} ${place} for ${subject}`
              : `${pick(['we moved from', 'I would leave', 'people avoid'])} ${place} for ${subject}`;
  return `${pick(OPENINGS)}${said}${pick(ENDINGS)}`;
}
