/**
 * The control block that a team of threads shares: a few words, then a slot for every part of the call that runs. A part is one call of an
 * exported function of the core.
 *
 * `WORK` holds the number of parts in its upper half and the first that nobody took in its lower; whoever raises it by one has that part for
 * itself. Slots are written before `WORK` and not again until `DONE` has reached the number of parts, so whoever has a part reads its slot safely.
 */

/** Indices of the 32-bit words. */
export const WORK = 0;
/** Parts that are finished. */
export const DONE = 1;
/** 0, or 1 + the part that failed. */
export const FAULT = 2;
/** 1: the threads are to end. */
export const STOP = 3;
/** Workers that have started. */
export const STARTED = 4;

/** Parts that one call may record. */
export const MOST_PARTS = 512;
/** Arguments that one part may have. */
const MOST_ARGUMENTS = 30;

/** Numbers of 64 bits in a slot: index of the function, how many arguments, which of them are integers of 64 bits, then the arguments. */
export const SLOT = 2 + MOST_ARGUMENTS;
const SLOTS_AT = 64;

/** How often a thread looks before it sleeps. */
const LOOKS = 20_000;

/** The control block, seen as what it holds. */
export interface Control {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly integers: BigInt64Array;
}

/** Bytes of a control block. */
export const CONTROL_BYTES = SLOTS_AT + 8 * SLOT * MOST_PARTS;

export function viewsOf(buffer: SharedArrayBuffer): Control {
  return {
    words: new Int32Array(buffer, 0, SLOTS_AT / 4),
    numbers: new Float64Array(buffer, SLOTS_AT),
    integers: new BigInt64Array(buffer, SLOTS_AT),
  };
}

/** `count` parts of which the first `taken` are taken. */
export function workOf(count: number, taken: number): number {
  return (count << 16) | taken;
}

/** Takes a part of the call that runs, and says which and how many it has; null if there is none left. */
function take(words: Int32Array): { part: number; count: number } | null {
  for (;;) {
    const work = Atomics.load(words, WORK);
    const [part, count] = [work & 0xffff, work >>> 16];
    if (part >= count) return null;
    if (Atomics.compareExchange(words, WORK, work, work + 1) === work) return { part, count };
  }
}

/** Runs parts of the call that runs until none is left. Its end wakes whoever waits for it. */
export function runParts({ words, numbers, integers }: Control, functions: readonly Exported[]): void {
  for (let own = take(words); own !== null; own = take(words)) {
    const slot = own.part * SLOT;
    const [count, wide] = [numbers[slot + 1]! % 64, Math.floor(numbers[slot + 1]! / 64)];
    const list: (number | bigint)[] = [];
    for (let i = 0; i < count; i++) {
      const at = slot + 2 + i;
      list.push((wide >>> i) & 1 ? integers[at]! : numbers[at]!);
    }
    try {
      functions[numbers[slot]!]!(...list);
    } catch {
      Atomics.store(words, FAULT, own.part + 1);
    }
    if (Atomics.add(words, DONE, 1) + 1 === own.count) Atomics.notify(words, DONE);
  }
}

/** A function of the core. */
export type Exported = (...list: (number | bigint)[]) => unknown;

/** Waits until word `index` is no longer `value`: looks first, then sleeps. False if it slept for `milliseconds` in vain. */
export function waitWhile(words: Int32Array, index: number, value: number, milliseconds: number): boolean {
  for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, index) !== value) return true;
  return Atomics.wait(words, index, value, milliseconds) !== 'timed-out';
}

/** The functions of a module, in an order that all its instances share. */
export function functionNames(module: WebAssembly.Module): readonly string[] {
  return WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);
}
