/** Points that are treated at once: row i of a panel holds the real parts of their numbers i, then the imaginary parts. */
export const LANES: i32 = 4;
export const ROW: i32 = 2 * LANES;
