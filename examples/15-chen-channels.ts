// The step of Chen's worked example as a map on all operators: certificates of its three extensions, where two of them differ, and
// what the coherent step entangles.
import { readFileSync } from 'node:fs';
import { fock, openBackend } from '../src/index.ts';

const { FactoredState, StringBasis, stepChannel } = fock.quantum;
const backend = await openBackend();
const file = new URL('chen-two-blocks.json', import.meta.url);
const { laws } = fock.modelOfDescription(JSON.parse(readFileSync(file, 'utf8')), 'chen-two-blocks.json');
const [one, two] = laws as [fock.BlockLaw, fock.BlockLaw];

const basis = StringBasis.sectors(2, 0, 3);
for (const kind of ['history', 'outcome', 'position'] as const) {
  const certificate = fock.quantum.certifyStep(backend, kind, one, basis);
  const residual = Math.max(certificate.krausDisagreement, certificate.traceResidual, -certificate.choiSmallest);
  console.log(`${kind}: ${certificate.krausRank} Kraus operators, Choi ≥ 0 and trace kept: ${residual < 1e-14}`);
}

const witness = fock.quantum.extensionWitness(backend, stepChannel('outcome', one), stepChannel('history', one), basis);
const [h, k] = witness.strings.map((string) => Array.from(string, (token) => `x${token}`).join(' '));
console.log(`outcome and history differ on (|${h}⟩ + |${k}⟩)/√2: T = ${witness.distance.toFixed(6)}`);

const [inputs, outputs] = [StringBasis.sectors(2, 0, 2), StringBasis.sectors(2, 1, 3)];
const [outcome, history] = (['outcome', 'history'] as const).map((kind) =>
  fock.quantum.Channel.ofStrings(stepChannel(kind, one), inputs, outputs),
);
const { value, converged } = fock.quantum.diamondNorm(backend, outcome!, history!);
console.log(`on texts of up to 2 tokens: ‖outcome − history‖◇ = ${value.toFixed(6)}, proven: ${converged}`);

const text = FactoredState.pure(2, [{ text: [0, 1, 0], amplitude: 1 }]);
const psi = [one, two].reduce<fock.quantum.QuantumState>(
  (state, law) => fock.quantum.applyChannel(stepChannel('coherent', law), state),
  text,
);
const { entanglement, classical } = fock.quantum.cutInformation(backend, psi, [4], { unit: 'bits' });
console.log(
  `last token: ${entanglement.toFixed(6)} bits of entanglement, ${classical.toFixed(6)} bits of classical information`,
);
