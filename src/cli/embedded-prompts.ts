/** Beginnings of sentences that the embedded model was trained to finish: every topic, ambiguous words with what resolves them. */
export const EMBEDDED_PROMPTS: readonly string[] = [
  'the fisherman sat on the bank',
  'the banker waited by the bank',
  'the clerk went to the bank for a loan',
  'a sailor rowed the small boat across the',
  'the engineer tested the wire in the lab',
  'a student measured the current through the',
  'the current was fast near the',
  'the charge leaked from the',
  'the singer held the note on the',
  'a player tuned the bass on the',
  'the conductor led the choir in the',
  'the merchant counted the gold in the',
  'the fisherman caught the bass in the net',
  'the keeper watched the lion . the',
];
