import { describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backend/backend.ts';
import type { Allocator, BackendMemory, Block, ElementKind, Holding } from '../../src/backend/memory.ts';
import { MAX_PAGES } from '../../src/backend/wasm/heap.ts';
import { BackendError, CapacityError, NonFiniteError } from '../../src/core/errors.ts';
import { FrozenOperators, frozenActivations } from '../../src/dyson/frozen-operators.ts';
import { openModel } from '../../src/transformer/open-model.ts';
import { promptOf } from '../../src/transformer/prompt.ts';
import { Session } from '../../src/transformer/session.ts';
import { traceForward } from '../../src/transformer/trace.ts';
import { eachBackend } from '../support/backends.ts';
import { memoryFolder, tinyCheckpoint, tinyFiles } from '../support/tiny-checkpoint.ts';

/** The backend with a memory that refuses after `allowed` more allocations. */
function exhausted(backend: Backend, allowed: number): Backend {
  let left = allowed;
  const { memory } = backend;
  const refusing = <K extends ElementKind>(from: Allocator, kind: K, length: number): Block<K> => {
    if (left-- <= 0) throw new CapacityError('allocate: the machine must give more, but it refused.');
    return from.allocate(kind, length);
  };
  const holdings = new Map<unknown, Holding>();
  const starved: BackendMemory = {
    allocate: (kind, length) => refusing(memory, kind, length),
    hold: () => {
      const whole = memory.hold();
      const hold: Holding = {
        allocate: (kind, length) => refusing(whole, kind, length),
        release: () => whole.release(),
      };
      holdings.set(hold, whole);
      return hold;
    },
    release: (block) => memory.release(block),
    scope: (work) =>
      memory.scope((keep) =>
        work((member) => {
          keep(holdings.get(member) ?? member);
          return member;
        }),
      ),
    get bytesInUse() {
      return memory.bytesInUse;
    },
  };
  return { ...backend, memory: starved };
}

function expectRefusal(error: unknown): null {
  expect(error).toBeInstanceOf(CapacityError);
  return null;
}

function usable(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    return expectRefusal(error) !== null;
  }
}

eachBackend('when something goes wrong', (backend) => {
  it('memory that runs out anywhere leaks nothing', async () => {
    const before = backend.memory.bytesInUse;
    let refused = 0;
    for (let allowed = 0; ; allowed++) {
      const starved = exhausted(backend, allowed);
      const model = await openModel(tinyCheckpoint({ L: 1 }), { backend: starved }).catch(expectRefusal);
      const done =
        model !== null &&
        usable(() => {
          const trace = traceForward(model, [1, 2], { keep: frozenActivations(model.config) });
          new FrozenOperators(model, trace).release();
        });
      model?.release();
      expect(backend.memory.bytesInUse).toBe(before);
      if (done) break;
      refused++;
    }
    expect(refused).toBeGreaterThan(40);
  });

  it('a released session and a part of a block are refused; a second release is harmless', async () => {
    const model = await openModel(tinyCheckpoint(), { backend });
    const session = new Session(model);
    session.append([1]);
    session.release();
    expect(() => session.append([2])).toThrow(BackendError);
    session.release();
    const block = backend.memory.allocate('f64', 8);
    expect(() => backend.memory.release(block.part(0, 4))).toThrow('part of one');
    backend.memory.release(block);
    expect(() => backend.memory.release(block)).toThrow('released before');
    model.release();
  });

  it('a pass that overflows says so, and leaves the session as it was', async () => {
    const model = await openModel(tinyCheckpoint({ family: 'llama', scale: 1e12 }), { backend });
    const session = new Session(model);
    expect(() => session.append([1, 2])).toThrow(NonFiniteError);
    expect(session.ids).toEqual([]);
    session.release();
    model.release();
  });

  it('a tokenizer that cannot be read is a warning, and an error only for text', async () => {
    const files = tinyFiles({ V: 300 });
    files.set('tokenizer.json', new TextEncoder().encode('{"a": 1}'));
    const model = await openModel(memoryFolder(files), { backend });
    expect(model.warnings.join()).toContain('tokenizer.json');
    expect(promptOf(model, { ids: [1] }).ids).toEqual([1]);
    expect(() => promptOf(model, { text: 'a' })).toThrow('tokenizer.json');
    model.release();
  });
});

describe('the address space', () => {
  it('ends a page before 2³², so that the end of an array is never address 0', () => {
    expect(MAX_PAGES * 65536).toBeLessThan(2 ** 32);
  });
});
