import { type Backend, dyson, transformer } from '../../../src/index.ts';
import type { Finding } from './finding.ts';
import { historyLaws } from './histories.ts';
import { frozenLaws, tangentLaws } from './laws.ts';
import { comparePoints, lawsOfRows } from './points.ts';
import { type CaseReference, type FamilyReference, referenceFolder, referencePoints } from './reference.ts';

/** What came of a case. */
export interface Comparison {
  readonly findings: readonly Finding[];
  /** What the reader said of the checkpoint. */
  readonly warnings: readonly string[];
}

/**
 * A case of a family in one spelling of config.json, opened through the public API on a backend: every point of the reference, and,
 * unless `laws` is false, the laws of the three pictures.
 */
export async function compareCase(
  backend: Backend,
  family: FamilyReference,
  reference: CaseReference,
  spelling: string,
  { laws = true } = {},
): Promise<Comparison> {
  const model = await transformer.openModel(referenceFolder(family, reference, spelling), { backend });
  try {
    const points = referencePoints(reference);
    const logits = points.get('logits');
    const expected = logits && { ...logits, numbers: lawsOfRows(model, logits.numbers, reference.ids.length) };
    const findings = comparePoints(model, reference.ids, points, expected ?? null);
    const more = laws ? lawsOf(model, reference.ids, logits !== undefined) : [];
    return { findings: [...findings, ...more], warnings: model.warnings };
  } finally {
    model.release();
  }
}

function lawsOf(model: transformer.Model, ids: readonly number[], logits: boolean): Finding[] {
  const keep = new Set([
    ...dyson.frozenActivations(model.config),
    ...dyson.tangentActivations(model.config),
    'blocks.*.resid_pre',
  ]);
  const trace = transformer.traceForward(model, ids, { precision: 'f64', keep });
  const pass = (name: string, data: Float64Array, read: string): ArrayLike<number> => {
    const interventions = [{ kind: 'patch', name, data } as const];
    return transformer
      .traceForward(model, ids, { precision: 'f64', keep: [read], interventions })
      .activations.get(read)!.data;
  };
  const histories = logits && model.config.causal ? historyLaws(model, ids) : [];
  return [...histories, ...frozenLaws(model, trace, logits), ...tangentLaws(model, trace, pass)];
}
