import { checkInteger } from '../core/checks.ts';
import { BackendError } from '../core/errors.ts';
import type { BackendMemory, Block, ElementKind, Holding } from './memory.ts';
import { OwnedBlock } from './owned-block.ts';

/** What lives in a scope or a holding. */
type Member = Block | Holding;

/**
 * The part of a backend memory that both backends share: who owns which block. A block belongs to the holding it was allocated
 * from, else to the innermost scope, else to nobody, until it is released by name; so does a holding.
 */
export abstract class ScopedMemory implements BackendMemory {
  readonly #owners = new Map<Member, Set<Member> | null>();
  readonly #holdings = new WeakMap<Holding, Set<Member>>();
  readonly #scopes: Set<Member>[] = [];

  protected abstract allocateBlock<K extends ElementKind>(kind: K, length: number): OwnedBlock<K>;
  protected abstract releaseBlock(block: OwnedBlock): void;
  abstract readonly bytesInUse: number;

  allocate<K extends ElementKind>(kind: K, length: number): Block<K> {
    return this.#allocateIn(this.#scopes.at(-1) ?? null, kind, length);
  }

  release(block: Block): void {
    if (this.#owners.has(block)) {
      this.#end(block, 'by release');
      return;
    }
    if (block instanceof OwnedBlock) block.checkLives('release');
    const what = block instanceof OwnedBlock && block.isPart ? 'a part of one' : 'a block of another backend';
    throw new BackendError(`release: block must be one that this memory allocated, but it is ${what}.`);
  }

  hold(): Holding {
    const members = new Set<Member>();
    const holding: Holding = {
      allocate: (kind, length) => {
        if (this.#owners.has(holding)) return this.#allocateIn(members, kind, length);
        throw new BackendError(
          'allocate: the holding must be open, but it was released before, or at the end of its scope. Open another.',
        );
      },
      release: () => {
        if (this.#owners.has(holding)) this.#end(holding, 'with its holding');
      },
    };
    this.#holdings.set(holding, members);
    this.#adopt(holding, this.#scopes.at(-1) ?? null);
    return holding;
  }

  scope<T>(work: (keep: <M extends Member>(member: M) => M) => T): T {
    const members = new Set<Member>();
    const kept = new Set<Member>();
    const outer = this.#scopes.at(-1) ?? null;
    this.#scopes.push(members);
    let done = false;
    try {
      const result = work((member) => {
        kept.add(member);
        return member;
      });
      if (result instanceof Promise)
        throw new BackendError(
          'scope: work must be done when it returns, but it returned a promise. Allocate from a holding.',
        );
      done = true;
      return result;
    } finally {
      this.#scopes.pop();
      for (const member of members) {
        if (done && kept.has(member)) this.#adopt(member, outer);
        else this.#end(member, 'at the end of its scope');
      }
    }
  }

  #allocateIn<K extends ElementKind>(owner: Set<Member> | null, kind: K, length: number): Block<K> {
    checkInteger('allocate', 'length', length, 0);
    const block = this.allocateBlock(kind, length);
    this.#adopt(block, owner);
    return block;
  }

  #adopt(member: Member, owner: Set<Member> | null): void {
    this.#owners.set(member, owner);
    owner?.add(member);
  }

  /** Releases what lives, and what lives in it. */
  #end(member: Member, how: string): void {
    this.#owners.get(member)?.delete(member);
    this.#owners.delete(member);
    if (member instanceof OwnedBlock) {
      this.releaseBlock(member);
      member.end(how);
    } else for (const own of this.#holdings.get(member as Holding)!) this.#end(own, how);
  }
}
