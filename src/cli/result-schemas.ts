import { SCHEMA } from '../index.ts';

/**
 * For each schema from 1 on and each kind of result, the fields that cannot be compared with those of the schema before: they are new, gone,
 * or mean something else. `[]` stands for any entry of a list. docs/json.md says what changed.
 */
export const CHANGED_FIELDS: readonly Readonly<Record<string, readonly string[]>>[] = [
  {
    analysis: ['chen.trajectories.entropies', 'chen.table[].entropy', 'chen.table[].conditionalEntropy'],
    chen: ['trajectories.entropies', 'table[].entropy', 'table[].conditionalEntropy'],
    'chen-quantum': ['coherentRefused'],
    next: ['parameters.least'],
    qlens: ['parameters.alpha', 'parameters.lensMarks'],
    'qlens-data-set': ['parameters.lensMarks'],
    spectra: [
      'stability[].kreiss.certifiedFrom',
      'stability[].kreiss.limitAt',
      'stability[].kreiss.onBoundary',
      'stability[].kreiss.outside',
      'summary.asymmetry',
    ],
    'lens-train': ['file', 'parameters.init', 'sampled', 'stopped'],
    info: ['resident', 'budget', 'head', 'wiring'],
  },
];

/** Fields that a result of a kind and an older schema does not share with a fresh one. */
export function fieldsChangedSince(schema: number, kind: unknown): readonly string[] {
  return CHANGED_FIELDS.slice(schema, SCHEMA).flatMap((byKind) =>
    typeof kind === 'string' && Object.hasOwn(byKind, kind) ? (byKind[kind] ?? []) : [],
  );
}
