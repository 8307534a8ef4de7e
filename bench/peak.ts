/**
 * What this engine and machine can do at most without fusing: thirteen vectors of two f64 in registers, each multiplied by a
 * constant and added to itself, round after round, with no loads. Fewer wait for their own sums, more leave the registers.
 * AssemblyScript of the loop, compiled with asc -O3 --enable simd --runtime stub --initialMemory 1:
 *
 *     for (let i = 0; i < rounds; i++) {
 *       s0 = f64x2.add(s0, f64x2.mul(s0, x)); … s12 = f64x2.add(s12, f64x2.mul(s12, x));
 *     }
 */
import type { Rival } from './case.ts';

const LOOP = [
  'AGFzbQEAAAABBgFgAn9/AAMCAQAFAwEAAQcYAgttdWx0aXBseUFkZAAABm1lbW9yeQIACrcDAbQDAg57AX8gAP0ABAAhAiAA/QAEECEDIAD9AAQgIQQg',
  'AP0ABDAhBSAA/QAEQCEGIAD9AARQIQcgAP0ABGAhCCAA/QAEcCEJIAD9AASAASEKIAD9AASQASELIAD9AASgASEMIAD9AASwASENIAD9AATAASEOIAD9',
  'AATQASEPA0AgASAQSgRAIAMgAyAC/fIB/fABIQMgBCAEIAL98gH98AEhBCAFIAUgAv3yAf3wASEFIAYgBiAC/fIB/fABIQYgByAHIAL98gH98AEhByAI',
  'IAggAv3yAf3wASEIIAkgCSAC/fIB/fABIQkgCiAKIAL98gH98AEhCiALIAsgAv3yAf3wASELIAwgDCAC/fIB/fABIQwgDSANIAL98gH98AEhDSAOIA4g',
  'Av3yAf3wASEOIA8gDyAC/fIB/fABIQ8gEEEBaiEQDAELCyAAIAP9CwQQIAAgBP0LBCAgACAF/QsEMCAAIAb9CwRAIAAgB/0LBFAgACAI/QsEYCAAIAn9',
  'CwRwIAAgCv0LBIABIAAgC/0LBJABIAAgDP0LBKABIAAgDf0LBLABIAAgDv0LBMABIAAgD/0LBNABCw==',
].join('');
const FLOPS_PER_ROUND = 13 * 2 * 2;
/** Where the vectors lie: zeros, so that no round meets an infinity. */
const ADDRESS = 1024;

let compiled: WebAssembly.Module | undefined;

/** The yardstick of a product of so many floating-point operations: as many of them, rounded down to whole rounds. */
export function registerLoop(flops: number): Rival {
  return {
    name: 'registers',
    yardstick: true,
    prepare: () => {
      compiled ??= new WebAssembly.Module(Buffer.from(LOOP, 'base64'));
      const { exports } = new WebAssembly.Instance(compiled);
      const { multiplyAdd } = exports as { multiplyAdd: (address: number, rounds: number) => void };
      const rounds = Math.floor(flops / FLOPS_PER_ROUND);
      return { run: () => multiplyAdd(ADDRESS, rounds), outputs: () => [] };
    },
  };
}
