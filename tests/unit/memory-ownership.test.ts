import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/backend/memory.ts';
import { BackendError } from '../../src/core/errors.ts';
import { StringIndex } from '../../src/fock/string-index.ts';
import { lowRankOperator, Matrix, matrixOperator } from '../../src/linalg/index.ts';
import { eachBackend, tsBackend, wasmBackend } from '../support/backends.ts';

eachBackend('blocks', ({ memory, kernels }) => {
  it('are named when they are released twice, or used after that', () => {
    const block = memory.allocate('f64', 100);
    const part = block.part(10, 20).part(5, 5);
    memory.release(block);
    const named = 'the block f64[100] must be allocated, but it was released before, by release';
    expect(() => memory.release(block)).toThrow(`release: ${named}`);
    expect(() => block.view()).toThrow(`view: ${named}`);
    expect(() => part.view()).toThrow(`view: ${named}`);
    expect(() => part.part(0, 1)).toThrow(`part: ${named}`);
    expect(() => memory.release(part)).toThrow(`release: ${named}`);
    expect(() => kernels.mapExp({ src: block, dst: block, n: 100 })).toThrow(`kernels: ${named}`);
    expect(() => kernels.mapExp({ src: part, dst: part, n: 5 })).toThrow(BackendError);
  });

  it('are named when they are used after the end of their scope, however it ended', () => {
    const escaped: Block[] = [];
    memory.scope(() => {
      escaped.push(memory.allocate('i32', 3));
      return memory.scope((keep) => escaped.push(keep(memory.allocate('u8', 4))));
    });
    expect(() =>
      memory.scope(() => {
        escaped.push(memory.allocate('f32', 5));
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    for (const [i, name] of ['i32[3]', 'u8[4]', 'f32[5]'].entries())
      expect(() => escaped[i]!.view()).toThrow(
        `the block ${name} must be allocated, but it was released before, at the`,
      );
  });

  it('can be released only whole, and only by their own memory', () => {
    const block = memory.allocate('f64', 4);
    expect(() => memory.release(block.part(0, 4))).toThrow('but it is a part of one');
    for (const other of [tsBackend, wasmBackend].filter((backend) => backend.memory !== memory))
      expect(() => other.memory.release(block)).toThrow('but it is a block of another backend');
    expect([...block.view()]).toEqual([0, 0, 0, 0]);
    memory.release(block);
  });

  it.each([
    [-1, 1],
    [0, 5],
    [3, 2],
    [0, -1],
  ])('have no part [%d, +%d)', (start, length) => {
    memory.scope(() => {
      expect(() => memory.allocate('f64', 4).part(start, length)).toThrow('part: range must lie in [0, 4)');
    });
  });
});

eachBackend('scopes', ({ memory }) => {
  it('refuse work that goes on after their end', async () => {
    const before = memory.bytesInUse;
    let late: Promise<void> | undefined;
    const work = () => {
      const block = memory.allocate('f64', 1);
      late = Promise.resolve().then(() => void block.view());
      return late;
    };
    expect(() => memory.scope(work)).toThrow('scope: work must be done when it returns, but it returned a promise');
    await expect(late).rejects.toThrow('at the end of its scope');
    expect(memory.bytesInUse).toBe(before);
  });
});

eachBackend('holdings', ({ memory }) => {
  it('keep what is allocated from them in scopes that end, also where these throw', () => {
    const before = memory.bytesInUse;
    const hold = memory.hold();
    const blocks = memory.scope(() => [hold.allocate('f64', 2), memory.scope(() => hold.allocate('f64', 2))]);
    expect(() =>
      memory.scope(() => {
        blocks.push(hold.allocate('f64', 2));
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    for (const block of blocks) expect([...block.view()]).toEqual([0, 0]);
    memory.release(blocks[0]!);
    hold.release();
    hold.release();
    expect(() => blocks[1]!.view()).toThrow('released before, with its holding');
    expect(() => hold.allocate('f64', 1)).toThrow('allocate: the holding must be open');
    expect(memory.bytesInUse).toBe(before);
  });

  it('end with the scope in which they were opened, unless they are kept', () => {
    const before = memory.bytesInUse;
    const [lost, kept, block] = memory.scope((keep) => {
      const [a, b] = [memory.hold(), keep(memory.hold())];
      a.allocate('f64', 2);
      return [a, b, b.allocate('f64', 2)];
    });
    expect(() => lost.allocate('f64', 1)).toThrow('the holding must be open');
    lost.release();
    expect(memory.bytesInUse).toBe(before + 16);
    expect([...block.view()]).toEqual([0, 0]);
    kept.release();
    expect(memory.bytesInUse).toBe(before);
  });
});

eachBackend('what grows while it is used', (backend) => {
  const { memory } = backend;

  it.each([500, 1023, 1024, 1025, 3000])('numbers %d strings that come in scopes of their own', (count) => {
    const before = memory.bytesInUse;
    memory.scope(() => {
      const index = new StringIndex(backend);
      const text = (i: number) => [i % 7, Math.floor(i / 7) % 11, Math.floor(i / 77)];
      const nodes = Int32Array.from({ length: count }, (_, i) =>
        memory.scope(() => index.nodesOfStrings([text(i)])[0]!),
      );
      expect(new Set(nodes).size).toBe(count);
      expect(index.nodesOfStrings(Array.from({ length: count }, (_, i) => text(i)))).toEqual(nodes);
      expect([...index.tokensOf(nodes, 3)]).toEqual(Array.from({ length: count }, (_, i) => text(i)).flat());
    });
    expect(memory.bytesInUse).toBe(before);
  });
});

eachBackend('operators', (backend) => {
  const { memory } = backend;
  const column = Matrix.fromRows([[1], [2]]);

  it.each([
    ['matrixOperator', () => matrixOperator(backend, Matrix.fromRows([[1, 2]]))],
    ['lowRankOperator', () => lowRankOperator(backend, column, column)],
  ] as const)('may be released twice, in a scope and after it: %s', (_name, open) => {
    const before = memory.bytesInUse;
    const operator = memory.scope(open);
    expect(memory.bytesInUse).toBe(before);
    expect(() => operator.apply(Float64Array.of(1, 1))).toThrow(BackendError);
    operator.release();
    operator.release();
    const other = open();
    other.release();
    other.release();
    expect(memory.bytesInUse).toBe(before);
    expect(() => other.apply(Float64Array.of(1, 1))).toThrow('the operator must be in use, but it was released');
  });
});

describe('the two memories', () => {
  it('take allocations of nothing', () => {
    for (const { memory } of [tsBackend, wasmBackend]) {
      const block = memory.allocate('f64', 0);
      expect(block.view()).toHaveLength(0);
      memory.release(block);
    }
  });
});
