import { ComplexMatrix } from '../../linalg/matrix/matrix.ts';
import { Channel, checkChannel } from './channel.ts';
import { checkDense } from './complex.ts';

/**
 * a ⊗ b on inputs and outputs in the order of a Kronecker product, those of a more significant: Kraus operators K_e ⊗ L_f. (Qiskit's
 * `a.tensor(b)`, QuTiP's `super_tensor`.)
 *
 * @throws DomainError for what is no channel; CapacityError.
 * @accuracy one product of complex numbers for each element of the Choi matrix.
 */
export function tensorMaps(a: Channel, b: Channel): Channel {
  checkChannel('tensorMaps', 'a', a);
  checkChannel('tensorMaps', 'b', b);
  const [d, e] = [a.inputs, b.inputs];
  const [n, m] = [a.choi.rows, b.choi.rows];
  checkDense('tensorMaps', 'the Choi matrix', n * m, n * m);
  const choi = new ComplexMatrix(n * m, n * m);
  // Rows (out_a, in_a) and (out_b, in_b) meet in (out_a, out_b, in_a, in_b).
  const places = Int32Array.from({ length: n * m }, (_, at) => {
    const [x, y] = [Math.floor(at / m), at % m];
    const output = Math.floor(x / d) * b.outputs + Math.floor(y / e);
    return output * d * e + (x % d) * e + (y % e);
  });
  for (let row = 0; row < n * m; row++) {
    for (let column = 0; column < n * m; column++) {
      const left = 2 * (Math.floor(row / m) * n + Math.floor(column / m));
      const right = 2 * ((row % m) * m + (column % m));
      const [x, y] = [a.choi.data[left]!, a.choi.data[left + 1]!];
      const [u, v] = [b.choi.data[right]!, b.choi.data[right + 1]!];
      choi.data.set([x * u - y * v, x * v + y * u], 2 * (places[row]! * n * m + places[column]!));
    }
  }
  return new Channel(d * e, a.outputs * b.outputs, choi);
}
