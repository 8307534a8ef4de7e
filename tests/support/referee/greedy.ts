import { type Precision, transformer } from '../../../src/index.ts';
import { fromBase64 } from '../base64.ts';
import type { Finding } from './finding.ts';

/** Greedy text of a published checkpoint (validator/greedy.py). */
export interface GreedyReference {
  readonly prompt: string;
  /** Of the prompt. */
  readonly ids: readonly number[];
  readonly greedyIds: readonly number[];
  /** Base64 of doubles: of each token that was taken. */
  readonly logProbabilities: string;
  /** By how much the closest call was won, in nats. */
  readonly lead: number;
}

/** The text in f64 and f32: the largest deviation of the log-probability of a token; NaN where ids are others, those of the prompt included. */
export function compareGreedy(model: transformer.Model, reference: GreedyReference): Finding[] {
  const ids = transformer.promptOf(model, { text: reference.prompt }).ids;
  const same = ids.join() === reference.ids.join();
  const deviation = (precision: Precision) => (same ? deviationOf(model, reference, precision) : Number.NaN);
  return [
    { subject: 'greedy', name: reference.prompt, deviation: deviation('f64') },
    { subject: 'fastGreedy', name: reference.prompt, deviation: deviation('f32') },
  ];
}

function deviationOf(model: transformer.Model, reference: GreedyReference, precision: Precision): number {
  const { ids, greedyIds } = reference;
  const expected = new Float64Array(fromBase64(reference.logProbabilities).buffer);
  if (expected.length !== greedyIds.length) return Number.NaN;
  const session = new transformer.Session(model, { precision, capacity: ids.length + greedyIds.length });
  try {
    let most = 0;
    let { logits } = session.append(ids);
    for (const [i, id] of greedyIds.entries()) {
      const law = transformer.logProbabilities(model.backend, logits);
      if (law.indexOf(law.reduce((a, b) => Math.max(a, b))) !== id) return Number.NaN;
      const error = Math.abs(law[id]! - expected[i]!);
      if (!(error <= most)) most = error;
      if (i + 1 < greedyIds.length) logits = session.append([id]).logits;
    }
    return most;
  } finally {
    session.release();
  }
}
