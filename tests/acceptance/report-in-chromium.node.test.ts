import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { expect, it } from 'vitest';
import { CHROMIUM, CHROMIUM_ARGUMENTS } from '../support/chromium.ts';
import { tmech } from '../support/command-line.ts';

it.skipIf(!existsSync(CHROMIUM))(
  'a report opens in Chromium without a message on the console, a request or a script',
  async () => {
    const work = await mkdtemp(join(tmpdir(), 'tmech-'));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
    try {
      // A prompt that would be markup if it were not escaped.
      const prompt = '<img src=x onerror=alert(1)><script>alert(2)</script>';
      const out = join(work, 'report');
      expect((await tmech('analyze', '--prompt', prompt, '--greedy', '2', '--depth', '1', '--out', out)).code).toBe(0);
      const messages: string[] = [];
      const requests: string[] = [];
      const page = await browser.newPage();
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(String(error)));
      page.on('dialog', (dialog) => messages.push(`dialog ${dialog.message()}`));
      page.on('request', (request) => requests.push(request.url()));
      const url = pathToFileURL(join(out, 'report.html')).href;
      await page.goto(url);
      expect(await page.locator('svg').count()).toBeGreaterThan(8);
      expect(await page.locator('body').innerText()).toContain(prompt);
      expect(await page.locator('script, img, iframe, link').count()).toBe(0);
      expect([messages, requests]).toEqual([[], [url]]);
      // The policy itself holds: a script that somebody adds does not run.
      await writeFile(join(work, 'probe.html'), `${await page.content()}<script>document.title = 'ran'</script>`);
      await page.goto(pathToFileURL(join(work, 'probe.html')).href);
      expect(await page.title()).not.toBe('ran');
    } finally {
      await browser.close();
      await rm(work, { recursive: true, force: true });
    }
  },
);
