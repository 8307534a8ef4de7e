import { expect, it } from 'vitest';
import { npyBytes } from '../../src/formats/npy.ts';
import { npzBytes } from '../../src/formats/npz.ts';
import { readNpy } from '../../src/formats/read-npy.ts';
import { openNpz } from '../../src/formats/read-npz.ts';
import { openSafetensors } from '../../src/formats/read-safetensors.ts';
import { safetensorsBytes } from '../../src/formats/safetensors.ts';

// A Buffer's slice() is a view, unlike that of every other byte array; readFileSync gives Buffers.
it('the bytes of a file as Node gives them, a Buffer, hold the same numbers and stay as they are', () => {
  const arrays = [
    { name: 'a', shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) },
    { name: 'b', shape: [3], data: Int16Array.of(-1, 2, 300) },
  ];
  const pooled = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
  const [npz, tensors] = [pooled(npzBytes(arrays)), pooled(safetensorsBytes(arrays))];
  for (const array of arrays) {
    expect(readNpy(pooled(npyBytes(array)), `${array.name}.npy`)).toEqual(array);
    expect(openNpz(npz).read(array.name)).toEqual(array);
    expect(openSafetensors(tensors).read(array.name)).toEqual(array);
  }
  const header = Buffer.from("\x93NUMPY\x01\0v\0{'descr': '>i2', 'fortran_order': False, 'shape': (2,)}", 'latin1');
  const bigEndian = Buffer.concat([header, Buffer.alloc(128 - header.length, ' '), Buffer.of(0, 1, 1, 0)]);
  const before = [...bigEndian];
  expect([...(readNpy(bigEndian).data as Int16Array)]).toEqual([1, 256]);
  expect([...bigEndian]).toEqual(before);
});
