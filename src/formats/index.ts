/** Files that other programs read and write. @module */
export { parseJson } from '../core/json.ts';
export { type ArrayFile, readAll } from './array-file.ts';
export { crc32 } from './crc32.ts';
export { matrixMarketBytes } from './matrix-market.ts';
export type { ReadOptions } from './memory-budget.ts';
export type { ArrayData, NamedArray } from './named-array.ts';
export { npyBytes, npyRows } from './npy.ts';
export { npzBytes } from './npz.ts';
export { readMatrixMarket } from './read-matrix-market.ts';
export { readNpy } from './read-npy.ts';
export { openNpz } from './read-npz.ts';
export { openSafetensors } from './read-safetensors.ts';
export { openTorch } from './read-torch.ts';
export { safetensorsBytes } from './safetensors.ts';
export { type SentihoodSentence, sentihoodSentences } from './sentihood.ts';
