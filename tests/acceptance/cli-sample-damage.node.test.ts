import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crc32 as ours } from '../../src/formats/crc32.ts';
import { tmech } from '../support/command-line.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const HEADS = join(root, 'examples/chen-two-heads.json');

let work = '';
let good: string[] = [];
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tmech-'));
  await sample('good.jsonl', 30);
  good = (await readFile(join(work, 'good.jsonl'), 'utf8')).trimEnd().split('\n');
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function sample(name: string, count: number, ...args: readonly string[]) {
  const file = join(work, name);
  return tmech('chen', HEADS, '--sample', file, '--trajectories', String(count), ...args);
}

/** Continues a file with this content; the file must be left as it is where the run fails. */
async function continued(content: string | Uint8Array, name = 'damaged.jsonl') {
  const path = join(work, name);
  await writeFile(path, content);
  const { code, stderr } = await sample(name, 40);
  if (code !== 0) expect((await readFile(path)).equals(Buffer.from(content))).toBe(true);
  return { code, stderr, path };
}

const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;
const withLine = (at: number, line: string) => text(good.map((one, i) => (i === at ? line : one)));
const changed = (at: number, from: RegExp, to: string) => {
  const line = good[at]!.replace(from, to);
  expect(line).not.toBe(good[at]);
  return withLine(at, line);
};

describe('chen --sample on a damaged file', () => {
  it('names the line, whatever the damage, and leaves the file alone', { timeout: 60_000 }, async () => {
    const other = await otherSeed();
    const cases: readonly (readonly [string, string | Uint8Array, number, string])[] = [
      ['no JSON', withLine(4, 'garbage <<< not json'), 5, 'no JSON'],
      ['an empty line', withLine(4, ''), 5, 'no JSON'],
      ['null', withLine(4, 'null'), 5, 'no JSON object'],
      ['a list', withLine(4, '[1]'), 5, 'no JSON object'],
      ['NUL bytes', withLine(4, '\0'.repeat(60)), 5, 'no JSON'],
      ['a line twice', text([...good.slice(0, 5), good[4]!, ...good.slice(5)]), 6, 'its stream is 3'],
      ['a gap', text(good.filter((_, i) => i !== 4)), 5, 'its stream is 4'],
      ['two lines exchanged', text([...good.slice(0, 4), good[5]!, good[4]!, ...good.slice(6)]), 5, 'its stream is 4'],
      ['two lines joined', text([...good.slice(0, 4), good[4]! + good[5]!, ...good.slice(6)]), 5, 'no JSON'],
      ["another seed's line", withLine(4, other[4]!), 5, 'checksum'],
      ["another seed's last lines", text([...good.slice(0, 28), ...other.slice(28)]), 29, 'checksum'],
      ['a token', changed(4, /("tokens":\[)\d/, '$17'), 5, 'its tokens are not'],
      ['a token and its label', withLine(4, otherToken(good[4]!)), 5, 'checksum'],
      ['a label', changed(4, /("labels":\[)"\w"/, '$1"z"'), 5, 'its labels are not'],
      ['a digit of the probability', changed(4, /(\d)(,"crc")/, '4$2'), 5, 'checksum'],
      ['a probability above 1', changed(4, /"logProbability":-/, '"logProbability":'), 5, 'its logProbability'],
      ['the checksum', changed(4, /"crc":"(.)/, '"crc":"g'), 5, 'does not end in its checksum'],
      ['no checksum', changed(4, /,"crc":"\w+"/, ''), 5, 'it has no checksum'],
      ['a field more', changed(4, /"stream"/, '"more":1,"stream"'), 5, 'another field, "more"'],
      ['blanks', changed(4, /"text":/, '"text": '), 5, 'checksum'],
      ['no UTF-8', Buffer.concat([Buffer.from(text(good.slice(0, 4))), Buffer.of(0x22, 0xff, 0x22, 10)]), 5, 'no JSON'],
      ['a torn end of NUL bytes', text(good) + '\0'.repeat(40), 32, 'not the beginning'],
      ['a torn end of another line', `${text(good)}{"stream":7,"te`, 32, 'not the beginning'],
      ['a huge line', `${text(good.slice(0, 4))}{"stream":3,${' '.repeat(1 << 23)}`, 5, 'too long'],
      ['a deep line', withLine(4, '['.repeat(200_000)), 5, 'no JSON'],
    ];
    for (const [what, content, line, reason] of cases) {
      const { code, stderr, path } = await continued(content);
      expect([what, code, stderr]).toEqual([
        what,
        1,
        expect.stringMatching(new RegExp(`^error: tmech: line ${line} of ${path} must be trajectory ${line - 2} `)),
      ]);
      expect([what, stderr]).toEqual([what, expect.stringContaining(reason)]);
    }
  });

  it('sees every change of a byte, of the file and of its Parquet counterpart', { timeout: 60_000 }, async () => {
    await sample('whole.jsonl', 6);
    await sample('whole.parquet', 6);
    for (const name of ['whole.jsonl', 'whole.parquet']) {
      const whole = await readFile(join(work, name));
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
          const damaged = Buffer.from(whole);
          damaged[at]! ^= by;
          const path = join(work, `one-byte-${name}`);
          await writeFile(path, damaged);
          const { code, stderr } = await sample(`one-byte-${name}`, 9);
          await rm(`${path}.part.jsonl`, { force: true });
          if (code === 0) {
            // What is written nowhere, such as statistics that nobody reads, or a last newline, may differ: the trajectories do not.
            const after = await readFile(path);
            await sample(`sound-${name}`, 9);
            expect(after.equals(await readFile(join(work, `sound-${name}`)))).toBe(true);
          } else expect(stderr).toMatch(/^error: tmech: .* must be /);
        }),
        { numRuns: 60 },
      );
    }
  });

  it('has the checksums that zlib gives', () => {
    let sum = crc32(good[0]!);
    for (const line of good.slice(1)) {
      const [body, check] = line.split(',"crc":') as [string, string];
      sum = crc32(body, sum);
      expect(check).toBe(`"${sum.toString(16).padStart(8, '0')}"}`);
    }
    // Of the nine digits: the check value of the CRC catalogue.
    expect(ours(Buffer.from('6789'), ours(Buffer.from('12345')))).toBe(0xcbf43926);
  });
});

describe('chen --sample to a place that is no file', () => {
  it.each(['jsonl', 'parquet'])('says so (.%s)', async (ending) => {
    const refused = async (name: string, reason: string) => {
      const { code, stderr } = await sample(name, 5);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`cannot be (${reason})`)]);
    };
    await mkdir(join(work, `folder.${ending}`));
    await refused(`folder.${ending}`, `${join(work, `folder.${ending}`)} is a directory`);
    await symlink('nowhere', join(work, `dangling.${ending}`));
    await refused(`dangling.${ending}`, `${join(work, `dangling.${ending}`)} is a link that leads nowhere`);
    await symlink(`loop.${ending}`, join(work, `loop.${ending}`));
    await refused(`loop.${ending}`, 'ELOOP');
    if (process.platform !== 'win32') {
      execFileSync('mkfifo', [join(work, `pipe.${ending}`)]);
      await refused(`pipe.${ending}`, `${join(work, `pipe.${ending}`)} is a pipe`);
      await symlink('/dev/null', join(work, `device.${ending}`));
      await refused(`device.${ending}`, `${join(work, `device.${ending}`)} is a device`);
    }
  });

  it('goes on with the file behind a link', async () => {
    await sample('target.jsonl', 5);
    await symlink('target.jsonl', join(work, 'link.jsonl'));
    expect((await sample('link.jsonl', 30)).code).toBe(0);
    expect(await readFile(join(work, 'target.jsonl'), 'utf8')).toBe(text(good));
  });

  it.runIf(process.platform === 'linux')('says that the disk is full', async () => {
    const script = `ulimit -f 1; trap '' XFSZ; exec ${process.execPath} dist/cli/main.js chen ${HEADS} --sample ${join(work, 'full.jsonl')} --trajectories 90`;
    let stderr = '';
    try {
      execFileSync('bash', ['-c', script], { cwd: root, stdio: 'pipe' });
    } catch (error) {
      stderr = String((error as { stderr: Buffer }).stderr);
    }
    expect(stderr).toMatch(
      /^error: tmech: --sample must name a file that can be written, but .*full.jsonl cannot be \(EFBIG\)/,
    );
    expect((await sample('full.jsonl', 30)).code).toBe(0);
    expect(await readFile(join(work, 'full.jsonl'), 'utf8')).toBe(text(good));
  });
});

async function otherSeed(): Promise<string[]> {
  await sample('seed.jsonl', 30, '--seed', '2');
  return (await readFile(join(work, 'seed.jsonl'), 'utf8')).trimEnd().split('\n');
}

/** The same line with another first token, and its label. */
function otherToken(line: string): string {
  const names = ['a', 'b', 'c'];
  const parsed = JSON.parse(line);
  parsed.tokens[0] = (parsed.tokens[0] + 1) % 3;
  parsed.labels[0] = names[parsed.tokens[0]];
  return JSON.stringify(parsed);
}
