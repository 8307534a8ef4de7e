/** Files that other programs read. */
export type { ArrayData, NamedArray } from './named-array.ts';
export { npyBytes } from './npy.ts';
export { npzBytes } from './npz.ts';
export { safetensorsBytes } from './safetensors.ts';
