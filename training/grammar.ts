import type { Lexicon } from './notation.ts';

/**
 * What the documents may say, in the notation of `notation.ts`.
 *
 * A document has a topic and a protagonist, both latent. Its sentences are about the topic's scene, about one of the
 * topic's ambiguous words, or about nothing in particular. `@S` is the subject of a sentence: the protagonist.
 */
export interface Topic {
  /** Extra names for the topic's expressions; `person` is required. */
  readonly lexicon: Lexicon & { readonly person: string };
  /** Sentences without an ambiguous word; most of them give the topic away. */
  readonly scenes: readonly string[];
  /** Sentences with an ambiguous word, by word: what the word means in this topic. */
  readonly senses: Readonly<Record<string, readonly string[]>>;
}

/** Probability that a document ends after its k-th sentence, k = 1, 2, … */
export const END_AFTER: readonly number[] = [0, 0.25, 0.5, 1];

/** Relative frequency of the three kinds of sentences. */
export const KIND_WEIGHTS = { scene: 3, sense: 5, idle: 1 } as const;

/** Share of documents whose first word is spelled with a leading space, so that prompts of either spelling occur. */
export const LEADING_SPACE = 0.125;

/** The two protagonists: what they are called, and by which pronouns. */
export const PROTAGONISTS: readonly Lexicon[] = [
  { they: 'he', them: 'him', their: 'his', plain: 'man:2|boy|old man' },
  { they: 'she', them: 'her', their: 'her', plain: 'woman:2|girl|old woman' },
];

/** Expressions that every topic shares. */
export const SHARED: Lexicon = {
  subject: '{the:3|a} {@person:2|@plain}',
  again: '@they:3|the {@person:2|@plain}',
  go: 'walked|went|came|ran',
  stay: 'sat|stood|waited',
  daytime: 'morning|evening',
  dull: 'old|small|good',
};

/** Sentences that say nothing about the topic. */
export const IDLE: readonly string[] = [
  'it was a {cold|warm|long|quiet} {day|@daytime} .',
  '@S waited there for {an hour|a long time} .',
];

export const TOPICS: Readonly<Record<string, Topic>> = {
  river: {
    lexicon: { person: 'fisherman:2|sailor|captain', water: 'river:2|lake', wet: 'water|boat|fish' },
    scenes: [
      '@S @go to the @water {in the @daytime|with a {rod|friend}|to {fish|swim}} .',
      '@S rowed {the|@their} {old|small} boat {across|along} the @water .',
      'the @water was {calm|frozen|deep} in the @daytime .',
    ],
    senses: {
      bank: [
        '@S @stay {on|by} the bank {of the @water:2|and watched the @wet:2|under the {trees|bridge}} .',
        'the bank {of the @water was|was} {muddy|steep|green|@dull} {after the rain|near the bridge} .',
        '@S @go to the bank {of the @water|to {fish|swim}|with a {rod|net}} .',
      ],
      current: [
        'the current {carried|pulled} the @wet {to|past} the {shore|bridge|bank} .',
        '@S {felt|watched|followed} the current {along the {shore|bank}|under the {boat|bridge}|of the river} .',
        'the current was {deep|fast|strong} near the {bridge|rocks} .',
      ],
      bass: [
        'the bass {swam|jumped|hid} {under|near} the {boat|bridge|rocks} .',
        '@S {caught|saw|carried|lost} {a|the} bass {in the {net|@water}|with a rod|near the rocks} .',
      ],
      net: [
        '@S {threw|mended|carried} the net {into the {water|boat}|full of fish|along the shore} .',
        'the net {held many fish|was {wet|full of fish|@dull}} in the @daytime .',
      ],
    },
  },
  finance: {
    lexicon: { person: 'banker:2|clerk|merchant', cash: 'money:2|gold|coins' },
    scenes: [
      '@S @go to the {market|office} {with @their @cash|to {borrow|save} money} .',
      '@S {counted|saved|lost} {the|@their} @cash {in the office|at the market|in the @daytime} .',
    ],
    senses: {
      bank: [
        '@S @stay {in|by} the bank {for a loan:2|and counted the @cash:2|until it opened} .',
        'the bank was {closed|rich|busy|@dull} {after the crash|near the market} .',
        '@S @go to the bank {for a loan|to {borrow|save} money|with @their @cash} .',
        'the bank {lent|paid|offered} @them {some @cash|a loan} in the @daytime .',
      ],
      note: [
        '@S {held|found|lost} {a|the} note {worth ten coins|from the bank|for the loan} .',
        'the note {bought {some|the} {bread|gold}|was {worth ten coins|@dull}} at the market .',
      ],
      charge: [
        '@S {paid|noticed|found} the charge {on the loan|at the {bank|office}|for the loan} .',
        'the charge {doubled after the crash|was {monthly|@dull} for the loan} .',
      ],
    },
  },
  electricity: {
    lexicon: { person: 'engineer:2|student', part: 'wire|lamp|motor|circuit|battery' },
    scenes: [
      '@S {joined|tested|fixed} the {wire|lamp|motor} {in the lab|with @their meter|to the battery} .',
      '@S @go to the lab {to test the @part|with a {meter|friend}|in the @daytime} .',
    ],
    senses: {
      current: [
        'the current {flowed|passed} through the @part {in the lab|to the lamp} .',
        '@S {felt|watched|measured} the current {through the @part|in the {wire|motor}|with @their meter} .',
        'the current was {weak|steady|strong} in the {wire|lamp} .',
      ],
      charge: [
        'the charge {flowed|leaked} {through|from} the {wire|battery} .',
        '@S {measured|noticed|found} the charge {in the {battery|wire}|of the battery|with @their meter} .',
      ],
      conductor: [
        'the conductor {melted|was hot|was copper|was @dull} {in|near} the {lamp|motor} .',
        '@S {touched|watched|needed} the conductor {of copper|in the {motor|lamp}|with a {wire|meter}} .',
      ],
    },
  },
  music: {
    lexicon: { person: 'singer:2|player|student', group: 'choir|band', tune: 'song:2|tune' },
    scenes: [
      '@S {played|sang|heard} a {quiet|new|long} @tune {in the hall|with the @group} .',
      '@S @go to the {hall|stage} {to {sing|play} a song|with the @group|in the @daytime} .',
    ],
    senses: {
      note: [
        '@S {held|played|sang} {a|the} note {on the {piano|violin}|with the @group|again and again} .',
        'the note {rang|faded|was {high|low|@dull}} in the {hall|song} .',
      ],
      bass: [
        'the bass {sounded|played|rang} {softly|loudly} in the {hall|band} .',
        '@S {tuned|heard|carried|lost} {a|the} bass {on the stage|for the {band|song}|and played a @tune} .',
      ],
      pitch: [
        '@S {found|checked|lost} the pitch {of the {@tune|choir}|and sang {softly|again}|with the piano} .',
        'the pitch {{rose|fell} {in|after}|was {high|low|@dull} {in|for}} the song .',
      ],
      conductor: [
        'the conductor {led|thanked|heard} the @group {in the hall|on the stage} .',
        '@S {thanked|watched|needed} the conductor {of the @group|and began to {sing|play}|on the stage} .',
      ],
    },
  },
  animals: {
    lexicon: { person: 'keeper:2|farmer', beast: 'lion|horse|bird|monkey|owl' },
    scenes: [
      '@S {fed|saw|watched} the @beast {at the zoo|in the {cave|forest}} .',
      '@S @go to the {zoo|forest} {to {feed|see} the @beast|with a friend|in the @daytime} .',
    ],
    senses: {
      bat: [
        'the bat {flew|slept|hid} in the {cave|forest} {at night|in the @daytime} .',
        '@S {held|found|saw|watched} {a|the} bat {in the {cave|forest}|over the trees|at night} .',
      ],
      seal: [
        'the seal {swam|slept|barked} {on|near} the {ice|rocks} .',
        '@S {fed|touched|found|saw} the seal {at the zoo|with a fish|near the {ice|rocks}} .',
        'the seal was {wet|hungry|@dull} at the zoo .',
      ],
    },
  },
  sport: {
    lexicon: { person: 'player:2|captain|coach', match: 'game:2|match' },
    scenes: [
      '@S {won|lost|watched} the @match {in the {rain|@daytime}|with the team} .',
      '@S {hit|threw|caught|kicked} the ball {over the wall|in the @match|again and again} .',
    ],
    senses: {
      bat: [
        '@S {held|found|swung} {a|the} bat {and hit the ball:2|before the @match|on the field} .',
        'the bat {broke|hit the ball|was @dull} in the @match .',
      ],
      pitch: [
        '@S {checked|crossed|left} the pitch {after the {goal|@match}|with the {team|ball}|in the rain} .',
        'the pitch {dried|was {muddy|green|@dull}} {before|after} the {@match|rain} .',
      ],
      net: [
        '@S {mended|carried|crossed} the net {before the @match|and scored a goal|behind the goal} .',
        'the net {shook|was {behind the goal|@dull}} in the @match .',
      ],
    },
  },
  letters: {
    lexicon: { person: 'clerk:2|poet', kin: 'friend|brother|sister|king' },
    scenes: [
      '@S {wrote|read|sent} a {long|new} letter to {the|@their} @kin .',
      '@S {sat|wrote} at {the|@their} desk with {ink|wax} and paper .',
    ],
    senses: {
      seal: [
        '@S {broke|touched|found|saw} the seal {on the {letter|paper}|of the king|in red wax} .',
        'the seal {cracked|was {red|broken|royal|@dull}} on the {letter|paper} .',
      ],
      note: [
        '@S {held|wrote|read|found} {a|the} note {to @their @kin|on the desk|in {red|black} ink} .',
        'the note {asked @them to {wait|write} again|was {sealed|secret|@dull} on the desk} .',
      ],
    },
  },
};
