import { complexSchurWork, realSchurWork } from '../../backend/contract/eigen.ts';
import type { Block } from '../../backend/memory.ts';
import type { EigenWorkspace, Loaded, Width } from './eigen-workspace.ts';

/** What the stages up to the Schur form left in memory. */
export interface SchurForm {
  readonly t: Block<'f64'>;
  /** Null if only eigenvalues were wanted; then only the diagonal (blocks) of t mean anything. */
  readonly q: Block<'f64'> | null;
  /** A block of t's size that later stages may use. */
  readonly spare: Block<'f64'>;
  readonly work: Block<'f64'>;
  /** Balancing: first and last index of the block that was scaled, and the factors and exchanges. */
  readonly lo: number;
  readonly hi: number;
  readonly scale: Block<'f64'>;
  /** Rows 0 … failed−1 have not converged; 0 is success. */
  readonly failed: number;
  readonly sweeps: number;
}

export interface SchurFormOptions {
  readonly balance: boolean;
  readonly basis: boolean;
  readonly limit: number;
}

/** Balancing, Hessenberg form and QR on a loaded matrix, which is overwritten. */
export function schurForm(
  space: EigenWorkspace,
  { block: t }: Loaded,
  width: Width,
  options: SchurFormOptions,
): SchurForm {
  const { n, backend } = space;
  const { kernels } = backend;
  const ld = space.ld(width);
  const scale = space.numbers(n);
  const info = space.numbers(2);
  if (options.balance) kernels.balance({ a: t, ld, n, width, scale, info });
  else {
    scale.view().fill(1);
    info.view()[1] = n - 1;
  }
  const [lo = 0, hi = 0] = info.view();
  const [hessenberg, schur, length] =
    width === 2
      ? ([kernels.complexHessenberg, kernels.complexSchur, complexSchurWork(n)] as const)
      : ([kernels.realHessenberg, kernels.realSchur, realSchurWork(n)] as const);
  const work = space.numbers(Math.max(6 * n + 8, length));
  const spare = space.matrix(width);
  const q = options.basis ? space.matrix(width) : null;
  hessenberg({ a: t, ld, n, lo, hi, q, v: spare, tau: space.numbers(n), work });
  const failed = schur({ h: t, ld, n, lo, hi, q, limit: options.limit, work, info });
  return { t, q, spare, work, lo, hi, scale, failed, sweeps: info.view()[0]! };
}

/** The complex triangular form of a real one. */
export function complexForm(
  space: EigenWorkspace,
  form: SchurForm,
  q: Block<'f64'>,
): SchurForm & { readonly q: Block<'f64'> } {
  const [t, basis] = [space.matrix(2), space.matrix(2)];
  const { kernels } = space.backend;
  kernels.complexFromRealSchur({
    t: form.t,
    q,
    ld: space.ld(1),
    n: space.n,
    tc: t,
    qc: basis,
    lc: space.ld(2),
    rot: form.work,
  });
  return { ...form, t, q: basis, spare: space.matrix(2) };
}
