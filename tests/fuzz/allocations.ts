/** Bytes that typed arrays and buffers asked for by their length, since the last call of `take`. */
export interface AllocationMeter {
  take(): number;
}

const KINDS = [
  'ArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'BigInt64Array',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'BigUint64Array',
] as const;

/** Puts counting constructors in the place of those of this thread. Must run before the modules that are measured are loaded. */
export function meterAllocations(): AllocationMeter {
  let bytes = 0;
  const scope = globalThis as unknown as Record<string, new (...args: unknown[]) => { readonly byteLength: number }>;
  for (const kind of KINDS) {
    const original = scope[kind]!;
    scope[kind] = new Proxy(original, {
      construct(kindOf, args, newTarget) {
        const made = Reflect.construct(kindOf, args, newTarget) as { readonly byteLength: number };
        if (typeof args[0] === 'number') bytes += made.byteLength;
        return made;
      },
    });
  }
  return {
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
  };
}
