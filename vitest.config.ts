import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { CHROMIUM, CHROMIUM_ARGUMENTS } from './tests/support/chromium.ts';
import { poisonedBackends } from './tests/support/poisoned-backends.ts';

/** Tests named *.node.test.ts need files or processes; all others run in Node and in Chromium alike. */
const NEUTRAL = ['tests/{unit,parity,property,analytic,golden}/**/*.test.ts'];
const NODE_ONLY = ['tests/**/*.node.test.ts'];

/** Test files share the modules that a worker has loaded: loading them anew for each took more than half of the time. */
const isolate = false;

const setupFiles = ['tests/support/property-seed.ts'];
const env = { TMECH_SEED: process.env.TMECH_SEED ?? '20261129', TMECH_RELAXED: process.env.TMECH_RELAXED ?? '0' };

/** Node runs on poisoned memory, Chromium on the plain one. */
const node: TestProjectConfiguration = {
  plugins: [poisonedBackends],
  test: {
    name: 'node',
    include: [...NEUTRAL, ...NODE_ONLY],
    exclude: ['tests/scale/**'],
    testTimeout: 60_000,
    isolate,
    setupFiles: [...setupFiles, 'tests/support/check-heaps.ts'],
    env,
  },
};

const browser: TestProjectConfiguration = {
  optimizeDeps: {
    include: [
      '@assemblyscript/loader',
      'complex.js',
      'zod',
      'fast-check',
      '@huggingface/tokenizers',
      'fflate',
      '@noble/hashes/sha2.js',
      '@observablehq/plot',
      'linkedom',
    ],
  },
  test: {
    name: 'chromium',
    include: [...NEUTRAL, 'tests/browser/**/*.test.ts'],
    exclude: NODE_ONLY,
    testTimeout: 60_000,
    isolate,
    setupFiles,
    env,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: CHROMIUM,
          args: CHROMIUM_ARGUMENTS,
        },
      }),
    },
  },
};

/** Without Chromium a user sees a notice; in CI that is a failure. */
function projects(): TestProjectConfiguration[] {
  if (existsSync(CHROMIUM)) return [node, browser];
  const message = `No Chromium at ${CHROMIUM} (set TMECH_CHROMIUM): the browser tests`;
  if (process.env.CI === 'true') throw new Error(`${message} must run in CI.`);
  process.stderr.write(`\n  NOTICE: ${message} are SKIPPED.\n\n`);
  return [node];
}

export default defineConfig({ test: { projects: projects() } });
