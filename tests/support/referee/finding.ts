import type { Precision } from '../../../src/backend/memory.ts';

/** What is compared: points of the pass with those of the reference, and laws with themselves. */
export const SUBJECTS = {
  streams: { title: 'streams', precision: 'f64', bound: 1e-12 },
  patterns: { title: 'patterns', precision: 'f64', bound: 1e-12 },
  logits: { title: 'logits', precision: 'f64', bound: 1e-12 },
  logProbabilities: { title: 'log-probabilities', precision: 'f32', bound: 1e-4 },
  greedy: { title: 'greedy text', precision: 'f64', bound: 1e-10 },
  fastGreedy: { title: 'greedy text, f32', precision: 'f32', bound: 1e-4 },
  histories: { title: 'histories', precision: 'f64', bound: 1e-12 },
  orders: { title: 'Σ T_k', precision: 'f64', bound: 1e-12 },
  sublayers: { title: 'sublayers', precision: 'f64', bound: 1e-12 },
  paths: { title: 'paths', precision: 'f64', bound: 1e-12 },
  attribution: { title: 'attribution', precision: 'f64', bound: 1e-12 },
  adjoints: { title: 'adjoints', precision: 'f64', bound: 1e-12 },
  tangents: { title: 'tangents', precision: 'f64', bound: 1e-6 },
} as const satisfies Record<string, { title: string; precision: Precision; bound: number }>;

export type Subject = keyof typeof SUBJECTS;

/** A deviation, relative to the size of what is compared (of log-probabilities: absolute, in nats). */
export interface Finding {
  readonly subject: Subject;
  /** Point, step, or law. */
  readonly name: string;
  readonly deviation: number;
}

/** The largest deviation of each subject that was looked at; NaN beats all. */
export function largest(findings: readonly Finding[]): ReadonlyMap<Subject, Finding> {
  const worst = new Map<Subject, Finding>();
  for (const finding of findings) {
    const before = worst.get(finding.subject);
    if (before === undefined || !(finding.deviation <= before.deviation)) worst.set(finding.subject, finding);
  }
  return worst;
}

/** Those beyond their bound, NaN among them. */
export function beyond(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ subject, deviation }) => !(deviation <= SUBJECTS[subject].bound));
}

/** One line for people. */
export function told({ subject, name, deviation }: Finding): string {
  return `${SUBJECTS[subject].title}, ${name}: ${deviation.toExponential(1)}`;
}

/** max |a − b| / scale; NaN where lengths differ or a number is none. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>, scale = sizeOf(b)): number {
  if (a.length !== b.length) return Number.NaN;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const error = Math.abs(a[i]! - b[i]!);
    if (!(error <= most)) most = error;
  }
  return most === 0 ? 0 : most / scale;
}

/** max |a|. */
export function sizeOf(a: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!));
  return most;
}
