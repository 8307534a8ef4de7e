import { type fock, formats } from '../index.ts';

/** A trajectory as files hold it, but for its checksum. */
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

/** A trajectory as a line of a file holds it. */
export interface SealedLine extends TrajectoryLine {
  /** By {@link ChecksumChain}; files of before there were checksums lack it. */
  readonly crc?: string;
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

/** What speaks against a value read from a file as trajectory `stream` of a model, as it continues “but”; null for nothing. */
export function faultOfTrajectory(
  { laws, start, steps }: fock.ChenModel,
  value: unknown,
  stream: number,
): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object';
  const { stream: found, text, tokens, labels, logProbability, crc: _, ...others } = value as Partial<SealedLine>;
  const other = Object.keys(others)[0];
  if (other !== undefined) return `it has another field, ${JSON.stringify(other).slice(0, 40)}`;
  if (found !== stream) return `its stream is ${Number.isSafeInteger(found) ? found : 'no whole number'}`;
  if (!isIndex(text, start.texts.length)) return 'its text is none of the model';
  if (!isList(tokens, steps, (token) => isIndex(token, start.V))) return `its tokens are not ${steps} of the model`;
  if (!isList(labels, steps, (label, l) => label === laws[0]!.label(tokens![l]!)))
    return 'its labels are not those of its tokens';
  if (!Number.isFinite(logProbability) || logProbability! > LARGEST_LOG) return 'its logProbability is none';
  return null;
}

/** ln P of a certain trajectory, but for rounding. */
const LARGEST_LOG = 1e-9;

function isIndex(value: unknown, length: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < length;
}

function isList(value: unknown, length: number, isMember: (member: unknown, at: number) => boolean): boolean {
  return Array.isArray(value) && value.length === length && value.every(isMember);
}

/**
 * Checksums of trajectories in their order. That of trajectory k is the CRC-32 of the header's JSON text, then of the JSON texts of
 * trajectories 0 … k, each without its last brace: so it covers everything before it, and a line from elsewhere does not fit.
 */
export class ChecksumChain {
  #sum: number;

  constructor(header: object) {
    this.#sum = formats.crc32(Buffer.from(JSON.stringify(header)));
  }

  /** The checksum of the next trajectory, given as the bytes of its JSON text without the last brace: 8 hexadecimal digits. */
  next(body: Uint8Array): string {
    this.#sum = formats.crc32(body, this.#sum);
    return this.#sum.toString(16).padStart(8, '0');
  }

  /** The same for a trajectory that is no text yet. */
  nextOf(line: TrajectoryLine): string {
    return this.next(bodyOf(line));
  }

  /** The next trajectory as a line of a file. */
  sealed(line: TrajectoryLine): string {
    const body = bodyOf(line);
    return `${body},"crc":"${this.next(body)}"}\n`;
  }
}

function bodyOf(line: TrajectoryLine): Buffer {
  return Buffer.from(JSON.stringify(line).slice(0, -1));
}

/** A line of a file cut into what {@link ChecksumChain} takes and the checksum; null where it ends otherwise. */
export function unsealed(line: Buffer): { readonly body: Buffer; readonly crc: string } | null {
  const end = /^,"crc":"([0-9a-f]{8})"\}$/.exec(line.subarray(-SEAL).toString('latin1'));
  return end === null ? null : { body: line.subarray(0, -SEAL), crc: end[1]! };
}

/** Bytes of `,"crc":"01234567"}`. */
const SEAL = 18;
