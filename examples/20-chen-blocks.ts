// A block of two heads from weights and a block from tables, the state that they make in turn, and what its tokens know of one another.
import { fock, openBackend } from '../src/index.ts';

const backend = await openBackend();
const tokens = new fock.TokenSpace(
  ['00', '10', '01', '11'],
  [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
);
const identity = [
  [1, 0],
  [0, 1],
];
// Head 1 attends to the first coordinate and passes it on, head 2 the second; W_O puts them side by side.
const heads = [
  { WQ: [[1, 0]], WK: [[1, 0]], WV: [[1, 0]] },
  { WQ: [[0, 1]], WK: [[0, 1]], WV: [[0, 1]] },
];
const block = new fock.MultiHeadBlock(tokens, { heads, WO: identity });
console.log(`attending to 10 and 01 generates ${tokens.names[block.generated([1, 2])]}`);

const copies = new fock.AttentionBlock(tokens, { scores: Array(4).fill([0, 0, 0, 0]), map: [0, 1, 2, 3] });
const laws = [new fock.MultiHeadLaw(block), new fock.BlockLaw(copies)];
const { final } = fock.propagate(laws, fock.DiagonalState.ofText(4, [1, 2]), 8);
console.log(`${final.count} strings, S = ${fock.vonNeumannEntropy(final).toFixed(6)} nats`);

const { entropy, mutualInformation, reducedState } = fock.quantum;
const last = reducedState(final, [9]);
for (const order of [0.5, 1, 2, Infinity])
  console.log(`last token, order ${order}: ${entropy(backend, last, { order, unit: 'bits' }).toFixed(6)} bits`);
console.log(`tokens 3 and 10 share ${mutualInformation(backend, final, [2], [9], { unit: 'bits' }).toFixed(6)} bits`);
