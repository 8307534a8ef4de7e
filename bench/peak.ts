/**
 * What this engine and machine can do at most without fusing: twelve vectors of two f64 in registers, each multiplied by a
 * constant and added to itself, round after round, with no loads. Products are judged by it. AssemblyScript of the loop,
 * compiled with asc -O3 --enable simd --runtime stub --initialMemory 1:
 *
 *     for (let i = 0; i < k; i++) {
 *       s0 = f64x2.add(s0, f64x2.mul(s0, x)); … s11 = f64x2.add(s11, f64x2.mul(s11, x));
 *     }
 */
const LOOP = [
  'AGFzbQEAAAABBgFgAn9/AAMCAQAFAwEAAQcRAgRwZWFrAAAGbWVtb3J5AgAK8QIB7gICDXsBfyAA/QAEACECIAD9AAQQIQMgAP0A',
  'BCAhBCAA/QAEMCEFIAD9AARAIQYgAP0ABFAhByAA/QAEYCEIIAD9AARwIQkgAP0ABIABIQogAP0ABJABIQsgAP0ABKABIQwgAP0A',
  'BLABIQ0gAP0ABMABIQ4DQCABIA9KBEAgAyADIAL98gH98AEhAyAEIAQgAv3yAf3wASEEIAUgBSAC/fIB/fABIQUgBiAGIAL98gH9',
  '8AEhBiAHIAcgAv3yAf3wASEHIAggCCAC/fIB/fABIQggCSAJIAL98gH98AEhCSAKIAogAv3yAf3wASEKIAsgCyAC/fIB/fABIQsg',
  'DCAMIAL98gH98AEhDCANIA0gAv3yAf3wASENIA4gDiAC/fIB/fABIQ4gD0EBaiEPDAELCyAAIAMgBP3wASAFIAb98AH98AEgByAI',
  '/fABIAkgCv3wAf3wASALIAz98AEgDSAO/fAB/fAB/fAB/fAB/QsEEAs=',
].join('');
const VECTORS = 12;
const FLOPS_PER_ROUND = VECTORS * 2 * 2;
const ROUNDS = 20_000;
const SAMPLES = 51;

/** Median and largest rate over some samples, GFLOP/s. */
export async function multiplyAddPeak(): Promise<{ median: number; best: number }> {
  const module = await WebAssembly.compile(Buffer.from(LOOP, 'base64'));
  const { exports } = await WebAssembly.instantiate(module);
  const { peak } = exports as { peak: (address: number, rounds: number) => void };
  const rates = Array.from({ length: SAMPLES }, () => {
    const start = process.hrtime.bigint();
    peak(1024, ROUNDS);
    return (FLOPS_PER_ROUND * ROUNDS) / Number(process.hrtime.bigint() - start);
  }).sort((a, b) => a - b);
  return { median: rates[SAMPLES >> 1]!, best: rates.at(-1)! };
}
