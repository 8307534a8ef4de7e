/** Scaled numbers (m, e) = m·2^(512e). Mathematics and source: src/backend/ts/fock/scaled.ts. */
export const UP: f64 = 1.3407807929942597e154;
export const DOWN: f64 = 7.458340731200207e-155;
export const LOW: f64 = 8.636168555094445e-78;
export const HIGH: f64 = 1.157920892373162e77;
