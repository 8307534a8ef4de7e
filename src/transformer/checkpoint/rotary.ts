import { isJsonObject, jsonText, quoteName } from '../../formats/json.ts';
import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import type { RotaryTable, TransformerConfig } from '../config.ts';
import { ConfigFields } from './config-fields.ts';
import { type RopeContext, ropeScaling } from './rope-kinds.ts';

const DEFAULT_THETA = 10_000;

/** The names that a family gives to the fields of its rotary positions, and what it takes without them. */
export interface RotaryFields {
  /** The base θ; all that are present must agree. */
  readonly bases: readonly string[];
  /** θ where none is there; 10,000 if absent. */
  readonly base?: number;
  /** The share of a head's coordinates that turn; null where all do. */
  readonly shares: { readonly names: readonly string[]; readonly fallback: number } | null;
  /** Other names of kinds of scaling, with those they mean. */
  readonly kinds?: ReadonlyMap<string, string>;
}

const USUAL_FIELDS: RotaryFields = { bases: ['rope_theta'], shares: null };

/** Sizes that rotary positions depend on. */
export type RotarySizes = Pick<TransformerConfig, 'K' | 'L' | 'maxPositions'>;

/** Positions that turn queries and keys. */
export type RotaryPositions = Extract<TransformerConfig['positions'], { kind: 'rotary' }>;

/** Rotary positions that turn all layers alike, or those of them where `turns` is true. @throws as {@link rotaryTable}. */
export function rotaryPositions(
  fields: ConfigFields,
  sizes: RotarySizes,
  warn: (warning: string) => void,
  names: RotaryFields = USUAL_FIELDS,
  turns?: readonly boolean[],
): RotaryPositions {
  const table = rotaryTable(fields, sizes, warn, names);
  return { kind: 'rotary', layers: Array.from({ length: sizes.L }, (_, i) => ((turns?.[i] ?? true) ? table : null)) };
}

/** Rotary positions of the first R coordinates, all layers alike: ω_c = 10,000^(−2c/R), unscaled. */
export function plainRotation(R: number, L: number): RotaryPositions {
  const table: RotaryTable = { frequencies: plainFrequencies(R, DEFAULT_THETA), factor: 1, long: null };
  return { kind: 'rotary', layers: new Array<RotaryTable>(L).fill(table) };
}

function plainFrequencies(R: number, theta: number): Float64Array {
  return Float64Array.from({ length: R / 2 }, (_, c) => exp(((-2 * c) / R) * log(theta)));
}

/**
 * Angular frequencies of rotary position embeddings, R/2 numbers in radians per position, in f64, for the first R of K coordinates:
 * ω_c = θ^(−2c/R), then scaled as `rope_scaling` or `rope_parameters` asks (rope-kinds.ts).
 *
 * @throws FormatError for a scaling that is not known, by name, and where fields contradict each other.
 * @source Su et al., arXiv:2104.09864, eq. 15.
 */
export function rotaryTable(
  fields: ConfigFields,
  sizes: RotarySizes,
  warn: (warning: string) => void,
  names: RotaryFields = USUAL_FIELDS,
): RotaryTable {
  return tableOf(fields, ropeFields(fields, names), sizes, warn, names);
}

/** The table that the scalings `ropes` give, which must agree, with the base and the share around them; `scaled` false takes only these from them. */
export function tableOf(
  fields: ConfigFields,
  ropes: readonly ConfigFields[],
  { K, maxPositions }: RotarySizes,
  warn: (warning: string) => void,
  { bases, base = DEFAULT_THETA, shares, kinds }: RotaryFields,
  scaled = true,
): RotaryTable {
  const [rope] = ropes;
  const within = (name: string): Place[] => ropes.map((object): Place => [object, name]);
  const theta = agreed([...bases.map((name): Place => [fields, name]), ...within('rope_theta')], base);
  let R = K;
  if (shares !== null) {
    const places = [...shares.names.map((name): Place => [fields, name]), ...within('partial_rotary_factor')];
    const share = agreed(places, shares.fallback);
    R = Math.trunc(K * share.value);
    if (R < 2 || R > K || R % 2 !== 0) throw share.fault(`turn an even number of a head's ${K} coordinates`);
  } else rope?.refuse([['partial_rotary_factor', (value) => value === 1]]);
  const plain = plainFrequencies(R, theta.value);
  const context: RopeContext = { theta: theta.value, maxPositions, outer: fields, kinds };
  const table =
    rope === undefined || !scaled ? { frequencies: plain, factor: 1, long: null } : ropeScaling(rope, plain, context);
  if (scaled)
    for (const name of rope?.unknown() ?? []) warn(`config.json has a field this package does not know: ${name}.`);
  if (![table.frequencies, table.long?.frequencies ?? []].every((set) => [...set].every(Number.isFinite)))
    throw theta.fault('give finite frequencies');
  return table;
}

type Place = readonly [fields: ConfigFields, name: string];

interface Agreed {
  readonly value: number;
  /** An error about the first place where it stands. */
  fault(must: string): Error;
}

/** The positive number that stands at some of the places, the same at all of them. */
function agreed(places: readonly Place[], fallback: number): Agreed {
  const found = places.filter(([fields, name]) => fields.value(name) !== undefined);
  const [[fields, name], ...others] = (found.length > 0 ? found : places) as [Place, ...Place[]];
  const value = fields.positive(name, fallback);
  for (const [where, other] of others) {
    const twin = where.positive(other, value);
    if (twin !== value) throw where.fault(other, `agree with ${name} = ${value}`, twin);
  }
  return { value, fault: (must) => fields.fault(name, must, value) };
}

/** The objects with the scaling: `rope_parameters` in newer files, `rope_scaling` in older ones. Where both are there they must agree. */
export function ropeFields(fields: ConfigFields, { bases, base = DEFAULT_THETA }: RotaryFields): ConfigFields[] {
  const found: ConfigFields[] = [];
  const contents: ReadonlyMap<string, unknown>[] = [];
  for (const name of ['rope_parameters', 'rope_scaling']) {
    const value = fields.value(name);
    if (value === undefined) continue;
    if (!isJsonObject(value)) throw fields.fault(name, 'be an object', value);
    found.push(new ConfigFields(new Map(Object.entries(value)), `${name}.`));
    contents.push(comparable(value));
  }
  const [newer, older] = contents;
  if (newer === undefined || older === undefined) return found;
  const outside = bases.some((name) => fields.value(name) !== undefined);
  for (const key of new Set([...newer.keys(), ...older.keys()])) {
    // The base may stand outside of both.
    if (key === 'rope_theta' && outside) continue;
    const fallback = key === 'rope_theta' ? base : undefined;
    if ((newer.get(key) ?? fallback) !== (older.get(key) ?? fallback)) {
      const advice = `They differ in ${quoteName(key)}. Keep one of the two.`;
      throw fields.fault('rope_scaling', 'agree with rope_parameters', fields.value('rope_scaling'), advice);
    }
  }
  return found;
}

/** The entries of a scaling, as texts and numbers that can be compared, under the names that newer files use. */
function comparable(scaling: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const { type = null, rope_type = null, ...rest } = scaling;
  return new Map(
    Object.entries({ ...rest, rope_type: rope_type ?? type ?? 'default' })
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, typeof value === 'number' ? value : jsonText(value)]),
  );
}
