import { fillUniform } from '../../core/philox.ts';
import { log } from '../../math/log.ts';
import { cos, sin } from '../../math/trig.ts';

/**
 * Independent standard normal numbers from a stream of the seed, two from every pair of uniform ones.
 *
 * @source G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958) 610.
 */
export function gaussianNumbers(length: number, seed: bigint, stream: number): Float64Array {
  const even = length + (length % 2);
  const x = new Float64Array(even);
  fillUniform(x, seed, BigInt(stream), 0, even);
  for (let i = 0; i < even; i += 2) {
    // 1 − u lies in (0, 1].
    const radius = Math.sqrt(-2 * log(1 - x[i]!));
    const angle = 2 * Math.PI * x[i + 1]!;
    x[i] = radius * cos(angle);
    x[i + 1] = radius * sin(angle);
  }
  return length === even ? x : x.slice(0, length);
}
