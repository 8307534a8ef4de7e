// A matrix whose eigenvalues mislead: all lie at 0.5, yet its powers grow before they decay. Pseudospectra and the Kreiss constant
// say so beforehand; then the same for what one attention head moves.
import { fileURLToPath } from 'node:url';
import { dyson, linalg, openBackend, transformer } from '../src/index.ts';

const backend = await openBackend();
const n = 8;
const a = new linalg.Matrix(n, n);
for (let i = 0; i < n; i++) a.data.set(i + 1 < n ? [0.5, 1] : [0.5], i * (n + 1));

const { radius, warnings } = linalg.spectralSummary(backend, a);
console.log(`spectral radius ${radius}; ${warnings.at(-1)}`);

const reach = linalg.pseudospectralRadius(backend, a, 1e-3);
console.log(`perturbations of norm 0.001 move eigenvalues out to ${reach.value.toFixed(6)}`);

const { lower, upper, profile } = linalg.kreissConstant(backend, a, 'disc');
const { times, norms } = linalg.transientPowers(backend, a, 40);
console.log(`Kreiss constant between ${lower.toFixed(6)} and ${upper.toFixed(6)}`);
console.log(`largest power ${Math.max(...norms).toFixed(4)}, at most e·n·K = ${(Math.E * n * upper).toFixed(1)}`);
const bounds = linalg.transientLowerBounds({ profile, region: 'disc' }, times);
console.log(`after 10 steps at least ${bounds[10]!.toFixed(4)} by the resolvent, in fact ${norms[10]!.toFixed(4)}`);

const model = await transformer.openModel(
  await transformer.openNodeFolder(fileURLToPath(new URL('../models/bank', import.meta.url))),
);
const { core, compressed } = dyson.outputValueProduct(model, 2, 3);
const moved = linalg.singularValues(backend, compressed)[0]!;
console.log(
  `OV of layer 2, head 3: radius ${linalg.spectralRadius(backend, core).toFixed(4)}, norm ${moved.toFixed(4)}`,
);
