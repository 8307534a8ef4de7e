// Functions of matrices: a rotation and its generator, roots, powers, and the nearest unitary matrix.
import { linalg, openBackend } from '../src/index.ts';

const { Matrix } = linalg;
const backend = await openBackend();
const shown = (a: linalg.AnyMatrix) =>
  a
    .toRows()
    .map((row) => row.map((x) => x.toFixed(4)).join(' '))
    .join(' | ');

const generator = Matrix.fromRows([
  [0, -1],
  [1, 0],
]);
const turn = linalg.expm(backend, generator).value;
console.log(`e^J = ${shown(turn)}`);
console.log(`log e^J = ${shown(linalg.logm(backend, turn, { negative: 'refuse' }).value)}`);

// Squaring this one would lose digits; norms of its powers show that none is needed.
const steep = Matrix.fromRows([
  [1, 1e6],
  [0, -1],
]);
const { degree, squarings } = linalg.expm(backend, steep);
console.log(`degree ${degree}, squarings ${squarings}`);

const step = Matrix.fromRows([
  [0.9, 0.1],
  [0.2, 0.8],
]);
console.log(`half a step ${shown(linalg.sqrtm(backend, step).value)}`);
console.log(`ten steps   ${shown(linalg.matrixPower(backend, step, 10).value)}`);

const { u } = linalg.polar(backend, step);
console.log(`nearest rotation ${shown(u)}`);

const reflection = linalg.logm(backend, Matrix.fromRows([[-2]])).value;
console.log(`log(−2) = ${shown(reflection)} (re im), ‖log‖ = ${linalg.normFrobenius(reflection).toFixed(4)}`);
