// Dense products on a backend: real and complex, a triangular solve, a sum whose terms cancel, and the same bits from the twin.
import { linalg, openBackend } from '../src/index.ts';

const { ComplexMatrix, Matrix } = linalg;

const backend = await openBackend();
const A = new Matrix(2, 2, Float64Array.of(1, 2, 3, 4));
const B = new Matrix(2, 2, Float64Array.of(5, 6, 7, 8));
console.log(`AB = ${linalg.multiply(backend, A, B).toRows().join(' / ')}`);
console.log(`A†A = ${linalg.gram(backend, A).toRows().join(' / ')}`);

const z = ComplexMatrix.fromRows([[[3, 4]]]);
const { re, im } = linalg.multiply(backend, z, z, { opA: 'conjugate-transpose' }).at(0, 0);
console.log(`conj(z) z = ${re} + ${im}i`);

const L = new Matrix(2, 2, Float64Array.of(2, 0, 3, 4));
const X = linalg.solveTriangular(backend, L, Matrix.fromRows([[2], [11]]), { triangle: 'lower' });
console.log(`LX = B: X = ${X.toRows().join(' / ')}`);

const terms = Float64Array.of(1, 1e100, 1, -1e100);
const plain = terms.reduce((sum, term) => sum + term, 0);
console.log(`plain sum ${plain}, accurate sum ${linalg.accurateSum(backend, terms)}`);

const twin = await openBackend({ kind: 'ts' });
const wide = new Matrix(40, 50).data.map((_, i) => Math.sqrt(i));
const [fast, slow] = [backend, twin].map((on) => linalg.gram(on, new Matrix(40, 50, wide)).data);
console.log(`the same bits from the TypeScript backend: ${fast!.every((value, i) => Object.is(value, slow![i]))}`);
