// Matrices to files and back: a complex matrix as .npy, two arrays as .npz, and a MatrixMarket text as another program may write it.
import { formats, linalg } from '../src/index.ts';

const a = linalg.ComplexMatrix.fromRows([
  [1, [0, 2]],
  [[0, -2], 3],
]);
const file = formats.npyBytes(linalg.arrayFrom('a', a));
const back = linalg.readMatrix(file, 'a.npy');
console.log(
  `${file.length} bytes hold a ${back.rows}×${back.columns} ${back.field} matrix, a[0, 1] = ${back.at(0, 1)}`,
);

const both = formats.npzBytes([linalg.arrayFrom('a', a), { name: 'b', shape: [2, 1], data: Int32Array.of(5, 7) }]);
console.log(`arrays: ${formats.openNpz(both, 'both.npz').names.join(', ')}`);
console.log(`b = ${linalg.readMatrix(both, 'both.npz', { tensor: 'b' }).toRows().join(' / ')}`);

const text = '%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 4\n2 1 0.5\n';
console.log(`MatrixMarket: ${linalg.readMatrix(new TextEncoder().encode(text), 'm.mtx').toRows().join(' / ')}`);

try {
  linalg.readMatrix(both, 'both.npz');
} catch (error) {
  console.log(String(error));
}
