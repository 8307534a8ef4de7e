/** Measure the stored model against the true law: `npx tsx training/evaluate.ts [folder]`. */
import { readModel } from './artifacts.ts';
import { buildLatents } from './corpus.ts';
import { corpusEntropy } from './entropy.ts';
import { forwardLogits, logSoftmaxRow } from './forward.ts';
import { at } from './indexing.ts';
import { measure } from './measure.ts';
import { HELD_OUT_SEED, HELD_OUT_WINDOWS } from './settings.ts';
import { buildVocabulary } from './vocabulary.ts';

const PROMPTS = [
  'the fisherman rowed the boat across the lake . the bank',
  'the banker counted the coins in the office . the bank',
  'the engineer tested the lamp in the lab . the conductor',
  'the singer sang a new song with the choir . the conductor',
  'the keeper fed the lion at the zoo . he found the seal',
  'the clerk wrote a long letter to the king . he found the seal',
  'the bank',
];

const folder = process.argv[2] ?? new URL('../models/bank', import.meta.url).pathname;
const model = readModel(folder);
const latents = buildLatents();
const { spellings, idOf, endOfText } = buildVocabulary(latents);

const rate = corpusEntropy(latents, HELD_OUT_SEED, 4000).natsPerToken;
const m = measure(model, HELD_OUT_SEED, HELD_OUT_WINDOWS);
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
console.log(`held-out tokens              ${m.tokens} in ${m.windows} windows of seed ${HELD_OUT_SEED}`);
console.log(
  `entropy of the corpus        ${m.entropy.toFixed(4)} nats/token (whole documents, from the grammar: ${rate.toFixed(4)})`,
);
console.log(`loss of the model            ${m.loss.toFixed(4)} nats/token, ${(m.loss - m.entropy).toFixed(4)} above`);
console.log(
  `  without leading boundary   ${m.lossWithoutBoundary.toFixed(4)} nats/token, ${(m.lossWithoutBoundary - m.entropyWithoutBoundary).toFixed(4)} above`,
);
console.log(`ambiguous words resolved     ${percent(m.ambiguity.accuracy)} of ${m.ambiguity.occurrences}`);
console.log(
  `  by earlier sentences only  ${percent(m.ambiguityFromEarlierSentences.accuracy)} of ${m.ambiguityFromEarlierSentences.occurrences}`,
);

for (const prompt of PROMPTS) {
  const words = prompt.split(' ').map((word, index) => (index === 0 ? word : ` ${word}`));
  const ids = [endOfText, ...words.map((word) => idOf.get(word) ?? -1)];
  const row = logSoftmaxRow(forwardLogits(model.weights, model.config, ids), ids.length - 1, model.config.vocab_size);
  const best = [...row.keys()].sort((a, b) => at(row, b) - at(row, a)).slice(0, 5);
  console.log(`\n${prompt} …`);
  console.log(
    best.map((id) => `${at(spellings, id).replace('Ġ', '')} ${Math.exp(at(row, id)).toFixed(3)}`).join('   '),
  );
}
