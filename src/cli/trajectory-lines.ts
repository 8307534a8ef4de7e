import type { fock } from '../index.ts';

/** A trajectory as files hold it. */
export interface TrajectoryLine {
  /** Its stream of random numbers. */
  readonly stream: number;
  /** Index of the text it was prepared in. */
  readonly text: number;
  readonly tokens: readonly number[];
  readonly labels: readonly string[];
  /** ln P(y_1 … y_L | text), nats. */
  readonly logProbability: number;
}

export function trajectoryLines(
  { count, prepared, tokens, logProbability }: fock.Trajectories,
  first: number,
  { laws, steps: L }: fock.ChenModel,
): TrajectoryLine[] {
  return Array.from({ length: count }, (_, k) => {
    const outcomes = tokens.subarray(k * L, (k + 1) * L);
    return {
      stream: first + k,
      text: prepared[k]!,
      tokens: [...outcomes],
      labels: Array.from(outcomes, (token) => laws[0]!.label(token)),
      logProbability: logProbability[k]!,
    };
  });
}

/** Whether a value read from a file can be trajectory `stream` of a model. */
export function isTrajectoryOf(
  { start, steps }: fock.ChenModel,
  value: unknown,
  stream: number,
): value is TrajectoryLine {
  const line = value as Partial<TrajectoryLine> | null;
  return (
    line?.stream === stream &&
    isIndex(line.text, start.texts.length) &&
    isList(line.tokens, steps, (token) => isIndex(token, start.V)) &&
    isList(line.labels, steps, (label) => typeof label === 'string') &&
    Number.isFinite(line.logProbability)
  );
}

function isIndex(value: unknown, length: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < length;
}

function isList(value: unknown, length: number, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === length && value.every(isMember);
}
