/**
 * The random numbers of one case: they depend on the seed, the target's name and the case's number alone, so any case can be made again.
 *
 * @source G. L. Steele, D. Lea, C. H. Flood, “Fast splittable pseudorandom number generators”, OOPSLA 2014 (SplitMix, here of 32 bits)
 */
export class CaseRandom {
  #state: number;

  constructor(seed: number, target: string, number: number) {
    this.#state = seed >>> 0;
    for (const character of `${target} ${number}`) this.#state = (this.next() ^ character.charCodeAt(0)) >>> 0;
  }

  /** 32 random bits. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }

  /** An integer from 0 to n − 1. */
  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability * 2 ** 32;
  }
}
