/**
 * transformer-mechanics: treat a transformer as a physical system.
 *
 * - `fock`: Chen's open quantum system in the Fock space over the tokens
 * - `qlens`: unitary evolution of the state vector ψ = √p
 * - `dyson`: time-ordered product of non-Hermitian operators
 * - `transformer`: checkpoints, forward pass with a trace, lenses
 * - `linalg`: dense products, solves and decompositions
 * - `report`: all three for one prompt, as data and as pages
 * - `formats`: files of arrays, in and out
 *
 * @module
 */
export type { Backend, BackendKind } from './backend/backend.ts';
export type { BackendMemory, Block, ElementKind, Precision, RealBlock } from './backend/memory.ts';
export { type OpenBackendOptions, openBackend } from './backend/open.ts';
export * from './core/errors.ts';
export { SCHEMA, VERSION } from './core/version.ts';
export * as dyson from './dyson/index.ts';
export * as fock from './fock/index.ts';
export * as formats from './formats/index.ts';
export * as linalg from './linalg/index.ts';
export {
  type OpenPoolOptions,
  openPool,
  type RunAllOptions,
  type TaskPool,
  type WorkerPool,
} from './parallel/index.ts';
export * as qlens from './qlens/index.ts';
export * as report from './report/index.ts';
export * as transformer from './transformer/index.ts';
