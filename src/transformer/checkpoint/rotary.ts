import { exp } from '../../backend/ts/math/exp.ts';
import { log } from '../../backend/ts/math/log.ts';
import { describeJson, isJsonObject, jsonText } from '../../formats/json.ts';
import { ConfigFields } from './config-fields.ts';

const DEFAULT_THETA = 10_000;

/**
 * Angular frequencies of rotary position embeddings, K/2 numbers in radians per position, in f64:
 * ω_c = θ^(−2c/K), then scaled as `rope_scaling` or `rope_parameters` asks.
 *
 * - `default`: as they are.
 * - `linear`: ω_c / factor.
 * - `llama3`: see {@link llama3Frequency}.
 *
 * @throws FormatError for any other scaling, by name, and where fields contradict each other.
 * @source Su et al., arXiv:2104.09864, eq. 15; the scalings as transformers documents them.
 */
export function rotaryFrequencies(fields: ConfigFields, K: number, warn: (warning: string) => void): Float64Array {
  const rope = ropeFields(fields);
  const theta = ropeTheta(fields, rope);
  const frequencies = Float64Array.from({ length: K / 2 }, (_, c) => exp(((-2 * c) / K) * log(theta)));
  if (rope === null) return checked(fields, frequencies, theta);
  rope.refuse([['partial_rotary_factor', (value) => value === 1]]);
  const scaled = frequencies.map(ropeScaling(rope));
  for (const name of rope.unknown()) warn(`config.json has a field this package does not know: ${name}.`);
  return checked(fields, scaled, theta);
}

function checked(fields: ConfigFields, frequencies: Float64Array, theta: number): Float64Array {
  if (!frequencies.every(Number.isFinite)) throw fields.fault('rope_theta', 'give finite frequencies', theta);
  return frequencies;
}

/** The object with the scaling: `rope_parameters` in newer files, `rope_scaling` in older ones. */
function ropeFields(fields: ConfigFields): ConfigFields | null {
  const found: ConfigFields[] = [];
  const texts = new Set<string>();
  for (const name of ['rope_parameters', 'rope_scaling']) {
    const value = fields.value(name);
    if (value === undefined) continue;
    if (!isJsonObject(value)) throw fields.fault(name, 'be an object', value);
    texts.add(jsonText(value));
    found.push(new ConfigFields(new Map(Object.entries(value)), `${name}.`));
  }
  if (texts.size > 1) {
    throw fields.fault(
      'rope_scaling',
      'agree with rope_parameters',
      fields.value('rope_scaling'),
      'Keep one of the two.',
    );
  }
  return found[0] ?? null;
}

function ropeTheta(fields: ConfigFields, rope: ConfigFields | null): number {
  const outer = fields.positive('rope_theta', DEFAULT_THETA);
  const inner = rope?.positive('rope_theta', outer) ?? outer;
  if (fields.value('rope_theta') !== undefined && inner !== outer) {
    throw fields.fault('rope_theta', `agree with the ${inner} inside the rope object`, outer);
  }
  return inner;
}

function ropeScaling(rope: ConfigFields): (frequency: number) => number {
  // The older files call the type `type`.
  const older = rope.value('type');
  const type = rope.value('rope_type') ?? older ?? 'default';
  if (older !== undefined && older !== type)
    throw rope.fault('type', `agree with rope_type ${describeJson(type)}`, older);
  switch (type) {
    case 'default':
      return (frequency) => frequency;
    case 'linear': {
      const factor = rope.positive('factor');
      return (frequency) => frequency / factor;
    }
    case 'llama3':
      return llama3Frequency(rope);
    default:
      throw rope.fault('rope_type', 'be default, linear or llama3', type);
  }
}

/**
 * Llama 3.1's scaling. With r = (original context)·ω/2π, the turns that a pair makes within the original context:
 * r ≥ high: ω stays; r ≤ low: ω/factor; between them s = (r − low)/(high − low) mixes (1 − s)·ω/factor + s·ω.
 */
function llama3Frequency(rope: ConfigFields): (frequency: number) => number {
  const factor = rope.positive('factor');
  const low = rope.positive('low_freq_factor');
  const high = rope.positive('high_freq_factor');
  const context = rope.positive('original_max_position_embeddings');
  if (low >= high) throw rope.fault('low_freq_factor', `be below high_freq_factor = ${high}`, low);
  return (frequency) => {
    const turns = (context * frequency) / (2 * Math.PI);
    const s = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return ((1 - s) * frequency) / factor + s * frequency;
  };
}
