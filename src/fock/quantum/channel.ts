import type { Backend } from '../../backend/backend.ts';
import { checkInteger } from '../../core/checks.ts';
import { DomainError, ShapeError } from '../../core/errors.ts';
import { checkFunction, kindOf } from '../../core/kinds.ts';
import { eigh } from '../../linalg/eigen/eigh.ts';
import { type AnyMatrix, ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { multiply } from '../../linalg/products.ts';
import { checkMatrix, checkOperators, checkSize } from './arguments.ts';
import { adjointOf, checkDense, complexIdentity, largestDifference, toComplex } from './complex.ts';
import { denseKraus, krausTables } from './kraus-tables.ts';
import { checkBasis, type StringBasis } from './string-basis.ts';
import type { StringChannel } from './string-channel.ts';

/**
 * A linear map E from d×d to D×D matrices, stored as its Choi matrix
 *
 *     J = Σ_ij E(|i⟩⟨j|) ⊗ |i⟩⟨j|,   J[(a,i),(b,j)] = ⟨a|E(|i⟩⟨j|)|b⟩,   row (a,i) = a·d + i,
 *
 * of order D·d: output first. With vec(A) the rows of A one after another, J = Σ_e vec(K_e) vec(K_e)† for Kraus operators K_e. Any
 * linear map has one; completely positive maps are those with J ≥ 0.
 *
 * @source M.-D. Choi, Linear Algebra Appl. 10 (1975) 285; conventions of J. Watrous, The Theory of Quantum Information (2018), §2.2.
 */
export class Channel {
  /** d */
  readonly inputs: number;
  /** D */
  readonly outputs: number;
  /** J, of order D·d. */
  readonly choi: ComplexMatrix;

  /** @throws ShapeError unless J is square of order D·d; NonFiniteError. */
  constructor(inputs: number, outputs: number, choi: AnyMatrix) {
    checkInteger('Channel', 'inputs', inputs, 1);
    checkInteger('Channel', 'outputs', outputs, 1);
    checkSize('Channel', 'choi', choi, outputs * inputs, outputs * inputs);
    this.inputs = inputs;
    this.outputs = outputs;
    this.choi = toComplex(choi);
  }

  /** ρ ↦ Σ_e K_e ρ K_e†. @throws DomainError unless there are operators, all of them matrices; ShapeError unless all have one shape; NonFiniteError; CapacityError. */
  static ofKraus(kraus: readonly AnyMatrix[]): Channel {
    checkOperators('Channel.ofKraus', kraus);
    const { rows: D, columns: d } = kraus[0]!;
    checkDense('Channel.ofKraus', 'the Choi matrix', D * d, D * d);
    const choi = new ComplexMatrix(D * d, D * d);
    for (const k of kraus) {
      const { data } = toComplex(k);
      for (let x = 0; x < D * d; x++) {
        const [xr, xi] = [data[2 * x]!, data[2 * x + 1]!];
        if (xr === 0 && xi === 0) continue;
        for (let y = 0; y < D * d; y++) {
          const [yr, yi] = [data[2 * y]!, data[2 * y + 1]!];
          const at = 2 * (x * D * d + y);
          choi.data[at]! += xr * yr + xi * yi;
          choi.data[at + 1]! += xi * yr - xr * yi;
        }
      }
    }
    return new Channel(d, D, choi);
  }

  /** The map whose superoperator S is given: vec E(ρ) = S vec ρ, S of D²×d². */
  static ofSuperoperator(inputs: number, outputs: number, superoperator: AnyMatrix): Channel {
    checkInteger('Channel.ofSuperoperator', 'inputs', inputs, 1);
    checkInteger('Channel.ofSuperoperator', 'outputs', outputs, 1);
    checkSize('Channel.ofSuperoperator', 'superoperator', superoperator, outputs ** 2, inputs ** 2);
    return new Channel(inputs, outputs, reshuffle(toComplex(superoperator), [outputs, outputs, inputs, inputs]));
  }

  /** ρ ↦ Tr_env WρW† with W of D·r×d, row a·r + e for output a and environment e. @throws ShapeError unless D divides the rows. */
  static ofStinespring(outputs: number, dilation: AnyMatrix): Channel {
    checkInteger('Channel.ofStinespring', 'outputs', outputs, 1);
    checkMatrix('Channel.ofStinespring', 'dilation', dilation);
    const r = dilation.rows / outputs;
    if (!Number.isInteger(r) || r === 0)
      throw new ShapeError(
        `Channel.ofStinespring: dilation must have a multiple of ${outputs} rows, but it has ${dilation.rows}.`,
      );
    const { columns: d, data } = toComplex(dilation);
    const kraus = Array.from({ length: r }, (_, e) => {
      const k = new ComplexMatrix(outputs, d);
      for (let a = 0; a < outputs; a++)
        k.data.set(data.subarray(2 * (a * r + e) * d, 2 * (a * r + e + 1) * d), 2 * a * d);
      return k;
    });
    return Channel.ofKraus(kraus);
  }

  /** Any linear map, by its action on the d² matrix units |i⟩⟨j|. */
  static ofMap(inputs: number, outputs: number, map: (unit: ComplexMatrix) => AnyMatrix): Channel {
    checkInteger('Channel.ofMap', 'inputs', inputs, 1);
    checkInteger('Channel.ofMap', 'outputs', outputs, 1);
    checkFunction('Channel.ofMap', 'map', map);
    checkDense('Channel.ofMap', 'the Choi matrix', outputs * inputs, outputs * inputs);
    const order = outputs * inputs;
    const choi = new ComplexMatrix(order, order);
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < inputs; j++) {
        const unit = new ComplexMatrix(inputs, inputs);
        unit.data[2 * (i * inputs + j)] = 1;
        const image = map(unit);
        checkSize('Channel.ofMap', 'the image of a matrix unit', image, outputs, outputs);
        const { data } = toComplex(image);
        for (let a = 0; a < outputs; a++) {
          for (let b = 0; b < outputs; b++) {
            const from = 2 * (a * outputs + b);
            choi.data.set(data.subarray(from, from + 2), 2 * ((a * inputs + i) * order + b * inputs + j));
          }
        }
      }
    }
    return new Channel(inputs, outputs, choi);
  }

  /** A channel on strings restricted to some of them, onto the strings in `output` (default: those it reaches). */
  static ofStrings(channel: StringChannel, input: StringBasis, output?: StringBasis): Channel {
    if (output !== undefined) checkBasis('Channel.ofStrings', 'output', output);
    const tables = krausTables(channel, input);
    const basis = output ?? tables.output;
    checkDense('Channel.ofStrings', 'the Choi matrix', basis.size * input.size, basis.size * input.size);
    if (basis === tables.output) return Channel.ofKraus(denseKraus(tables));
    const places = tables.output.strings.map((string) => basis.placeOf(string));
    const lost = places.indexOf(-1);
    if (lost >= 0)
      throw new DomainError(
        `Channel.ofStrings: output must hold every string that is reached, but (${tables.output.strings[lost]!.join(', ')}) is not in it.`,
      );
    const moved = tables.tables.map(({ environment, elements }) => ({
      environment,
      elements: elements.map((element) => ({ ...element, row: places[element.row]! })),
    }));
    return Channel.ofKraus(denseKraus({ input, output: basis, tables: moved }));
  }

  /** S of D²×d² with vec E(ρ) = S vec ρ, vec row by row: S = Σ_e K_e ⊗ conj K_e. */
  superoperator(): ComplexMatrix {
    return reshuffle(this.choi, [this.outputs, this.inputs, this.outputs, this.inputs]);
  }

  /** E(a) for a d×d matrix a. @throws ShapeError unless a has that size. */
  apply(a: AnyMatrix): ComplexMatrix {
    const { inputs: d, outputs: D, choi } = this;
    checkSize('Channel.apply', 'a', a, d, d);
    const { data } = toComplex(a);
    const image = new ComplexMatrix(D, D);
    for (let x = 0; x < D * d; x++) {
      for (let y = 0; y < D * d; y++) {
        const [from, at] = [2 * (x * D * d + y), 2 * ((x % d) * d + (y % d))];
        const to = 2 * (Math.floor(x / d) * D + Math.floor(y / d));
        const [re, im] = [choi.data[from]!, choi.data[from + 1]!];
        image.data[to]! += re * data[at]! - im * data[at + 1]!;
        image.data[to + 1]! += re * data[at + 1]! + im * data[at]!;
      }
    }
    return image;
  }
}

/** Refuses what is no dense channel. @throws DomainError. */
export function checkChannel(where: string, name: string, value: unknown): asserts value is Channel {
  if (value instanceof Channel) return;
  throw new DomainError(
    `${where}: ${name} must be a Channel, but it is ${kindOf(value)}. Make it with Channel.ofKraus, .ofMap or new Channel.`,
  );
}

/** Refuses two channels that cannot be compared. @throws DomainError unless both are dense channels; ShapeError unless they go between the same dimensions. */
export function checkAlike(where: string, a: Channel, b: Channel): void {
  checkChannel(where, 'a', a);
  checkChannel(where, 'b', b);
  if (a.inputs === b.inputs && a.outputs === b.outputs) return;
  throw new ShapeError(
    `${where}: both channels must go between the same dimensions, but one goes from ${a.inputs} to ${a.outputs} and the other from ${b.inputs} to ${b.outputs}.`,
  );
}

/** Eigenvalues of J up to this much of the largest count as 0. */
const RANK_TOLERANCE = 1e-12;
/** How negative an eigenvalue of J may be, relative to the largest, for rounding. */
const POSITIVITY_TOLERANCE = 1e-10;

/**
 * The fewest Kraus operators of a completely positive map, √λ_e times the eigenvectors of J as D×d matrices, heaviest first. They are
 * orthogonal: Tr K_e†K_f = λ_e δ_ef.
 *
 * @throws DomainError if J is not Hermitian or has an eigenvalue below −1e-10 of the largest: the map is not completely positive.
 * @accuracy ‖Σ vec K vec K† − J‖ ≤ 4·n·u·‖J‖ and the eigenvalues below 1e-12·λ_max, which are dropped; n = D·d.
 */
export function krausOperators(backend: Backend, channel: Channel): ComplexMatrix[] {
  checkChannel('krausOperators', 'channel', channel);
  const { inputs, outputs, choi } = channel;
  const { values, vectors } = eigh(backend, choi);
  const largest = Math.max(values.at(-1)!, 0);
  if (values[0]! < -POSITIVITY_TOLERANCE * largest || largest === 0)
    throw new DomainError(
      `krausOperators: the map must be completely positive and not 0, but its Choi matrix has eigenvalues from ${values[0]} to ${largest}.`,
    );
  const order = inputs * outputs;
  const kraus: ComplexMatrix[] = [];
  for (let e = order - 1; e >= 0 && values[e]! > RANK_TOLERANCE * largest; e--) {
    const size = Math.sqrt(values[e]!);
    const k = new ComplexMatrix(outputs, inputs);
    for (let x = 0; x < order; x++)
      k.data.set([size * vectors.data[2 * (x * order + e)]!, size * vectors.data[2 * (x * order + e) + 1]!], 2 * x);
    kraus.push(k);
  }
  return kraus;
}

/**
 * W = Σ_e K_e ⊗ |e⟩ of D·r×d, row a·r + e for output a and environment e: an isometry where the map keeps the trace.
 *
 * @throws DomainError unless there are operators; ShapeError unless all have one shape.
 */
export function stinespringOf(kraus: readonly AnyMatrix[]): ComplexMatrix {
  checkOperators('stinespringOf', kraus);
  const { rows: D, columns: d } = kraus[0]!;
  const r = kraus.length;
  const dilation = new ComplexMatrix(D * r, d);
  for (const [e, k] of kraus.entries()) {
    const { data } = toComplex(k);
    for (let a = 0; a < D; a++) dilation.data.set(data.subarray(2 * a * d, 2 * (a + 1) * d), 2 * (a * r + e) * d);
  }
  return dilation;
}

/** after ∘ before, by the product of superoperators. @throws ShapeError unless the dimensions meet. */
export function composeMaps(backend: Backend, after: Channel, before: Channel): Channel {
  checkChannel('composeMaps', 'after', after);
  checkChannel('composeMaps', 'before', before);
  if (after.inputs !== before.outputs)
    throw new ShapeError(
      `composeMaps: after must take the ${before.outputs} dimensions that before gives, but it takes ${after.inputs}.`,
    );
  const product = multiply(backend, after.superoperator(), before.superoperator());
  return Channel.ofSuperoperator(before.inputs, after.outputs, product);
}

/** The map E* of Heisenberg's picture, Tr[E*(O) ρ] = Tr[O E(ρ)] for Hermitian O: S* = S†. */
export function adjointMap(channel: Channel): Channel {
  checkChannel('adjointMap', 'channel', channel);
  const { inputs, outputs, choi } = channel;
  const superoperator = reshuffle(choi, [outputs, inputs, outputs, inputs]);
  return Channel.ofSuperoperator(outputs, inputs, adjointOf(superoperator));
}

/**
 * The complementary channel ρ ↦ Tr_out WρW†: what the environment of these Kraus operators gets, [E^c(ρ)]_ef = Tr K_e ρ K_f†.
 *
 * @throws as {@link stinespringOf}
 */
export function complementaryMap(kraus: readonly AnyMatrix[]): Channel {
  checkOperators('complementaryMap', kraus);
  const { rows: D, columns: d } = kraus[0]!;
  const dilation = stinespringOf(kraus);
  const r = kraus.length;
  const operators = Array.from({ length: D }, (_, a) => {
    const rows = dilation.data.slice(2 * a * r * d, 2 * (a + 1) * r * d);
    return new ComplexMatrix(r, d, rows);
  });
  return Channel.ofKraus(operators);
}

/** max |Σ_e K_e†K_e − 1|, element by element: 0 for a map that keeps the trace. */
export function completenessResidual(backend: Backend, kraus: readonly AnyMatrix[]): number {
  checkOperators('completenessResidual', kraus);
  const w = stinespringOf(kraus);
  return largestDifference(multiply(backend, w, w, { opA: 'conjugate-transpose' }), complexIdentity(w.columns));
}

/** Element ((p,q),(r,s)) moves to ((p,r),(q,s)); between J and S it is its own inverse. */
function reshuffle({ data }: ComplexMatrix, [P, Q, R, S]: readonly [number, number, number, number]): ComplexMatrix {
  const moved = new ComplexMatrix(P * R, Q * S);
  for (let p = 0; p < P; p++) {
    for (let q = 0; q < Q; q++) {
      for (let r = 0; r < R; r++) {
        for (let s = 0; s < S; s++) {
          const from = 2 * ((p * Q + q) * R * S + r * S + s);
          moved.data.set(data.subarray(from, from + 2), 2 * ((p * R + r) * Q * S + q * S + s));
        }
      }
    }
  }
  return moved;
}
