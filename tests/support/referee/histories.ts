import { transformer } from '../../../src/index.ts';
import { distance, type Finding } from './finding.ts';

/**
 * What a model says of a prompt does not depend on how it is read: token by token, or as one history among its own prefixes in one pass.
 * Both against a pass over each prefix alone, in f64.
 */
export function historyLaws(model: transformer.Model, ids: readonly number[]): Finding[] {
  const prefixes = ids.map((_, t) => ids.slice(0, t + 1));
  const logits = prefixes.map((prefix) => transformer.traceForward(model, prefix, { precision: 'f64' }).logits);
  const session = new transformer.Session(model, { precision: 'f64', capacity: ids.length });
  const law = new transformer.LanguageModelLaw(model, { precision: 'f64', capacity: ids.length });
  try {
    const read = ids.map((id) => session.append([id]).logits);
    const laws = lawsOf(law, prefixes);
    return prefixes.flatMap((_, t): Finding[] => [
      { subject: 'histories', name: `token by token, ${t + 1}`, deviation: distance(read[t]!, logits[t]!) },
      {
        subject: 'histories',
        name: `one among others, ${t + 1}`,
        deviation: distance(laws[t]!, transformer.probabilities(model.backend, logits[t]!)),
      },
    ]);
  } finally {
    law.release();
    session.release();
  }
}

/** Together; one by one where the model turns short and long histories differently, which are refused together by name. */
function lawsOf(law: transformer.LanguageModelLaw, histories: readonly (readonly number[])[]): readonly Float64Array[] {
  try {
    return law.batch.probabilities(histories);
  } catch (error) {
    if (!/histories must turn alike/.test((error as Error).message)) throw error;
    return histories.map((history) => law.probabilities(history).slice());
  }
}
