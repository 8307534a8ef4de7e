import { transformer } from '../../../src/index.ts';
import type { Finding, Subject } from './finding.ts';

/** Numbers that a point must have: all of them, or every stride-th. */
export interface Expected {
  /** How many the point has. */
  readonly size: number;
  readonly stride: number;
  /** The largest of the point. */
  readonly scale: number;
  readonly numbers: Float64Array;
}

/** Every point of the reference against a pass in f64, and the log-probabilities against one in f32. */
export function comparePoints(
  model: transformer.Model,
  ids: readonly number[],
  points: ReadonlyMap<string, Expected>,
  logProbabilities: Expected | null,
): Finding[] {
  const trace = transformer.traceForward(model, ids, { precision: 'f64', keep: points.keys() });
  const findings = [...points].map(
    ([name, expected]): Finding => ({
      subject: subjectOf(name),
      name,
      deviation: deviationOf(transformer.activationOf(trace, name).data, expected),
    }),
  );
  if (logProbabilities === null) return findings;
  const fast = transformer.traceForward(model, ids, { precision: 'f32', keep: ['logits'] });
  const laws = lawsOfRows(model, transformer.activationOf(fast, 'logits').data, ids.length);
  const deviation = deviationOf(laws, { ...logProbabilities, scale: 1 });
  return [...findings, { subject: 'logProbabilities', name: 'all tokens', deviation }];
}

/** log softmax of each of some rows. */
export function lawsOfRows(model: transformer.Model, logits: Float32Array | Float64Array, rows: number): Float64Array {
  const width = logits.length / rows;
  const laws = new Float64Array(logits.length);
  for (let at = 0; at < logits.length; at += width)
    laws.set(transformer.logProbabilities(model.backend, logits.subarray(at, at + width)), at);
  return laws;
}

/** max |actual − expected| / scale; NaN where there are more numbers, or fewer, or a number is none. */
function deviationOf(actual: ArrayLike<number>, { size, stride, scale, numbers }: Expected): number {
  if (actual.length !== size) return Number.NaN;
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    const error = Math.abs(actual[i * stride]! - numbers[i]!);
    if (!(error <= most)) most = error;
  }
  return most === 0 ? 0 : most / scale;
}

function subjectOf(name: string): Subject {
  return name === 'logits' ? 'logits' : name.endsWith('.pattern') ? 'patterns' : 'streams';
}
