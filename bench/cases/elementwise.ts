/** Norms, gates, rotations and the rest that touches every activation once: GPT-2-small's width, 128 tokens. */
import type { Activation } from '../../src/backend/contract/network.ts';
import type { Backend, Precision } from '../../src/index.ts';
import type { Case, Prepared } from '../case.ts';
import { numbersOf, put, putReal, randomNumbers } from './blocks.ts';

const [T, D, H, K] = [128, 768, 12, 64];
const GATED = 65_536;
const V = 50_257;
const EPS = 1e-5;
const ACTIVATIONS: readonly Activation[] = ['gelu_tanh', 'silu', 'gelu', 'relu', 'gelu_bloom'];

export const elementwiseCases: readonly Case[] = [
  ...(['f32', 'f64'] as const).flatMap((precision) => [...normCases(precision), ...otherCases(precision)]),
  ropeTableCase(),
];

function elementwise(
  kernel: string,
  shape: string,
  precision: Precision,
  elements: number,
  prepare: (backend: Backend) => Prepared,
): Case {
  const name = `${kernel} ${precision} ${shape}`;
  return { group: 'network', name, precision, work: { amount: elements, unit: 'M elements/s' }, prepare };
}

function normCases(precision: Precision): Case[] {
  const norm = (kernel: 'layerNorm' | 'rmsNorm' | 'frozenNorm') =>
    elementwise(kernel, `${T}x${D}`, precision, T * D, (backend) => {
      const { kernels } = backend;
      const x = putReal(backend, precision, randomNumbers(T * D, 1));
      const [gamma, beta] = [put(backend, 'f64', randomNumbers(D, 2)), put(backend, 'f64', randomNumbers(D, 3))];
      const y = putReal(backend, precision, T * D);
      const scale = put(backend, 'f64', randomNumbers(T, 4, 0.5, 2));
      return {
        run: {
          layerNorm: () => kernels.layerNorm({ x, gamma, beta, y, scale, rows: T, D, eps: EPS }),
          rmsNorm: () => kernels.rmsNorm({ x, gamma, y, scale, rows: T, D, eps: EPS }),
          frozenNorm: () => kernels.frozenNorm({ x, gamma, scale, y, rows: T, T, D, centred: true }),
        }[kernel],
        outputs: () => [
          { name: 'y', data: numbersOf(y) },
          { name: 'scale', data: numbersOf(scale) },
        ],
      };
    });
  return [norm('layerNorm'), norm('rmsNorm'), norm('frozenNorm')];
}

function otherCases(precision: Precision): Case[] {
  return [
    ...ACTIVATIONS.map((activation) =>
      elementwise('gate', `${activation} ${GATED}`, precision, GATED, (backend) => {
        const [z, r] = [
          putReal(backend, precision, randomNumbers(GATED, 5, -6, 6)),
          putReal(backend, precision, GATED),
        ];
        return {
          run: () => backend.kernels.gate({ z, r, n: GATED, activation }),
          outputs: () => [{ name: 'r', data: numbersOf(r) }],
        };
      }),
    ),
    elementwise('multiply', `${4 * T}x${D} period ${T}x${D}`, precision, 4 * T * D, (backend) => {
      const n = 4 * T * D;
      const [x, r] = [
        putReal(backend, precision, randomNumbers(n, 6)),
        putReal(backend, precision, randomNumbers(T * D, 7)),
      ];
      const y = putReal(backend, precision, n);
      return {
        run: () => backend.kernels.multiply({ x, r, y, n, period: T * D }),
        outputs: () => [{ name: 'y', data: numbersOf(y) }],
      };
    }),
    elementwise('add', `${T}x${D}`, precision, T * D, (backend) => {
      const x = putReal(backend, precision, randomNumbers(T * D, 8));
      const y = putReal(backend, precision, randomNumbers(T * D, 9));
      return {
        run: () => backend.kernels.add({ x, y, n: T * D }),
        outputs: () => [{ name: 'y', data: numbersOf(y) }],
      };
    }),
    elementwise('softCap', `${V}`, precision, V, (backend) => {
      const logits = putReal(backend, precision, randomNumbers(V, 13, -60, 60));
      const y = putReal(backend, precision, V);
      return {
        run: () => backend.kernels.softCap({ x: logits, y, n: V, cap: 30 }),
        outputs: () => [{ name: 'y', data: numbersOf(y) }],
      };
    }),
    elementwise('ropeRotate', `${T}x${H}x${K}`, precision, T * D, (backend) => {
      const x = putReal(backend, precision, randomNumbers(T * D, 10));
      const angles = randomNumbers((T * K) / 2, 11, -3, 3);
      const cos = put(backend, 'f64', angles.map(Math.cos));
      const sin = put(backend, 'f64', angles.map(Math.sin));
      return {
        run: () => backend.kernels.ropeRotate({ x, cosTable: cos, sinTable: sin, rows: T, heads: H, K, R: K }),
        outputs: () => [{ name: 'x', data: numbersOf(x) }],
      };
    }),
    elementwise('logSoftmax', `${V}`, precision, V, (backend) => {
      const logits = putReal(backend, precision, randomNumbers(V, 12, -8, 8));
      const logP = put(backend, 'f64', V);
      return {
        run: () => backend.kernels.logSoftmax({ logits, logP, n: V }),
        outputs: () => [{ name: 'logP', data: numbersOf(logP) }],
      };
    }),
  ];
}

function ropeTableCase(): Case {
  const half = K / 2;
  return elementwise('ropeTable', `${T}x${half}`, 'f64', T * half, (backend) => {
    const frequency = put(
      backend,
      'f64',
      Array.from({ length: half }, (_, c) => 10_000 ** (-c / half)),
    );
    const [cos, sin] = [put(backend, 'f64', T * half), put(backend, 'f64', T * half)];
    return {
      run: () => backend.kernels.ropeTable({ frequency, cosTable: cos, sinTable: sin, first: 100, T, half }),
      outputs: () => [
        { name: 'cos', data: numbersOf(cos) },
        { name: 'sin', data: numbersOf(sin) },
      ],
    };
  });
}
