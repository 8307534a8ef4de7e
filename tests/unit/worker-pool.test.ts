import { expect, it } from 'vitest';
import { BackendError } from '../../src/core/errors.ts';
import { openPool } from '../../src/parallel/index.ts';

/** A worker of one module, in Node and in a page alike. */
const worker = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

it.each([
  ['hears nothing', 'setInterval(() => {}, 1000);', /it said nothing for 1 seconds/],
  ['never gets so far', 'for (;;);', /it said nothing for 1 seconds/],
  ['throws', "throw new Error('on purpose');", /on purpose/],
  ['cannot be parsed', 'const = 1;', /Unexpected token|its script did not load/],
])('a worker that does not open is named within bounded time: %s', async (_name, text, reason) => {
  const silent = reason.source.includes('nothing');
  const error = await openPool({ workers: 2, startWithin: silent ? 1 : 20, url: worker(text) }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(BackendError);
  expect((error as Error).message).toMatch(
    /^WorkerPool: every worker must be running, but one is not: .*\. Open another pool\.$/s,
  );
  expect((error as Error).message).toMatch(reason);
});
