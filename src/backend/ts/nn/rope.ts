/**
 * Rotary positions: the pair (c, c + R/2) of the first R of a head's K coordinates turns by position · frequency[c].
 *
 * @source J. Su et al., RoFormer, arXiv 2104.09864, in the half-split pairing of the Llama and GPT-NeoX checkpoints.
 */
import { cos, sin } from '../../../math/trig.ts';

export function ropeTable(
  frequency: Float64Array,
  cosTable: Float64Array,
  sinTable: Float64Array,
  first: number,
  T: number,
  half: number,
): void {
  for (let t = 0; t < T; t++) {
    for (let c = 0; c < half; c++) {
      const angle = (first + t) * frequency[c]!;
      cosTable[t * half + c] = cos(angle);
      sinTable[t * half + c] = sin(angle);
    }
  }
}

export function ropeRotate(
  x: Float32Array | Float64Array,
  cosTable: Float64Array,
  sinTable: Float64Array,
  rows: number,
  heads: number,
  K: number,
  R: number,
): void {
  const half = R >> 1;
  for (let t = 0; t < rows; t++) {
    for (let h = 0; h < heads; h++) {
      const head = (t * heads + h) * K;
      for (let c = 0; c < half; c++) {
        const a = x[head + c]!;
        const b = x[head + c + half]!;
        const cosine = cosTable[t * half + c]!;
        const sine = sinTable[t * half + c]!;
        x[head + c] = a * cosine - b * sine;
        x[head + c + half] = b * cosine + a * sine;
      }
    }
  }
}
