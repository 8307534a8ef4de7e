import { transformer } from '../../../src/index.ts';
import { distance, type Finding, type Subject } from './finding.ts';

/** Every point of the reference against a pass in f64, and the log-probabilities against one in f32. */
export function comparePoints(
  model: transformer.Model,
  ids: readonly number[],
  points: ReadonlyMap<string, Float64Array>,
): Finding[] {
  const trace = transformer.traceForward(model, ids, { precision: 'f64', keep: points.keys() });
  const findings = [...points].map(
    ([name, expected]): Finding => ({
      subject: subjectOf(name),
      name,
      deviation: distance(transformer.activationOf(trace, name).data, expected),
    }),
  );
  const logits = points.get('logits');
  if (logits === undefined) return findings;
  const fast = transformer.activationOf(transformer.traceForward(model, ids, { keep: ['logits'] }), 'logits').data;
  const width = logits.length / ids.length;
  const deviations = ids.map((_, t) => {
    const row = (of: Float32Array | Float64Array) =>
      transformer.logProbabilities(model.backend, of.subarray(t * width, (t + 1) * width));
    return distance(row(fast), row(logits), 1);
  });
  return [
    ...findings,
    ...deviations.map((deviation, t): Finding => ({ subject: 'logProbabilities', name: `token ${t}`, deviation })),
  ];
}

function subjectOf(name: string): Subject {
  return name === 'logits' ? 'logits' : name.endsWith('.pattern') ? 'patterns' : 'streams';
}
