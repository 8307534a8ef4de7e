/**
 * transformer-mechanics: treat a transformer as a physical system.
 *
 * - `fock`: Chen's open quantum system in the Fock space over the tokens
 * - `qlens`: unitary evolution of the state vector ψ = √p
 * - `dyson`: time-ordered product of non-Hermitian operators
 * - `transformer`: checkpoints, forward pass with a trace, lenses
 * - `linalg`: dense products, solves and decompositions
 * - `analyses`: all three for one prompt, spectra, data sets, as data
 * - `report`: results as pages, figures and texts
 * - `formats`: files of arrays, in and out
 *
 * @module
 */
export * as analyses from './analyses/index.ts';
export * from './backend/index.ts';
export * from './core/errors.ts';
export { SCHEMA, VERSION } from './core/version.ts';
export * as dyson from './dyson/index.ts';
export * as fock from './fock/index.ts';
export * as formats from './formats/index.ts';
export * as linalg from './linalg/index.ts';
export * as qlens from './qlens/index.ts';
export * as report from './report/index.ts';
export * as transformer from './transformer/index.ts';
