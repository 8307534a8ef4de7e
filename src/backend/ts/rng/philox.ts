import { fillUniform } from '../../../core/philox.ts';

/**
 * dst[i] = uniform number first+i of stream `stream` under key `seed`. Mathematics and source: src/core/philox.ts.
 *
 * @accuracy exact: multiples of 2⁻⁵³.
 */
export function philoxUniform(dst: Float64Array, seed: bigint, stream: bigint, first: number, n: number): void {
  fillUniform(dst, seed, stream, first, n);
}
