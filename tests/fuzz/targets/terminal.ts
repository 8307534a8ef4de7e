import { Paint, shownToken, terminalTable } from '../../../src/report/terminal/terminal-text.ts';
import { escapeMarkup } from '../../../src/report/text/html.ts';
import { clipEnd, printable, printableJson, printableLines, tokenLabel } from '../../../src/report/text/printable.ts';
import { fitEnd, fitStart, textWidth } from '../../../src/report/text/width.ts';
import { ACTING_CHARACTERS, actingIn } from '../../support/acting.ts';
import { quietRun } from '../quiet-run.ts';
import type { CaseRandom } from '../random.ts';
import { target, WrongAnswer } from '../target.ts';

const PIECES = [
  'a',
  ' ',
  '\n',
  '日本',
  '👍',
  'é',
  'e\u0301',
  '\u001b[31m',
  '\u001b[1m',
  '<b>',
  '&amp;',
  '"',
  '\ud800',
  '…',
  '⟨',
];

function text(random: CaseRandom): string {
  const piece = () => {
    if (random.chance(0.4)) return random.pick(ACTING_CHARACTERS)[1];
    return random.chance(0.7)
      ? random.pick(PIECES)
      : String.fromCodePoint(random.below(random.pick([0x80, 0x3000, 0x110000])));
  };
  return Array.from({ length: random.below(30) }, piece).join('');
}

function harmless(shown: string, what: string): void {
  const found = actingIn(shown);
  if (found !== null) throw new WrongAnswer(`${what} lets a ${found} through: ${JSON.stringify(shown)}`);
}

/** The sequences that paint text in this package's colours, left out. */
function withoutColours(shown: string): string {
  const [first = '', ...others] = shown.split('\u001b');
  return (
    first +
    others.map((part) => (/^\[(1|2|22|3[236]|39)m/.test(part) ? part.replace(/^.*?m/, '') : `\u001b${part}`)).join('')
  );
}

/** Columns that a line takes if no character is wide. */
function leastColumns(line: string): number {
  return Array.from(line.replace(/\p{M}/gu, '')).length;
}

const COMMANDS = [
  'analyze',
  'next',
  'chen',
  'qlens',
  'dyson',
  'spectra',
  'lens',
  'trace',
  'info',
  'reproduce',
  'rerun',
  'help',
  'accelerate',
  'train',
];
const OPTIONS = [
  '--help',
  '-h',
  '--version',
  '--json',
  '-p',
  '--prompt',
  '--ids',
  '-k',
  '--top',
  '--depth',
  '--seed',
  '--temperature',
  '--top-p',
  '--renyi',
  '--axes',
  '--epsilon',
  '--max-bytes',
  '--rows',
  '--out',
  '-m',
  '--texts',
  '--laws',
  '--steps',
  '--backend',
  '--precision',
  '--lump',
  '--',
  '-',
];
const VALUES = [
  '0',
  '1',
  '-1',
  '1e3',
  '1,2,3',
  '',
  ' ',
  'NaN',
  'inf',
  '99999999999999999999',
  '0x10',
  'ts',
  '/nonexistent/x',
  '-2,1,-1,1',
  'a=b',
  'x.npz',
];

/** A command line that ends before it opens a model: the folder that it names is not there. */
function commandLine(random: CaseRandom): string[] {
  const words = Array.from({ length: random.below(7) }, () =>
    random.chance(0.45)
      ? random.pick(OPTIONS)
      : random.chance(0.7)
        ? random.pick(VALUES)
        : text(random).replaceAll('\0', ''),
  );
  return [random.chance(0.9) ? random.pick(COMMANDS) : text(random), ...words, '--model', '/nonexistent'];
}

export const TERMINAL_TARGETS = [
  target<{ readonly text: string; readonly width: number }>({
    name: 'printable',
    weight: 8,
    answers: 'all',
    make: (random) => ({ text: text(random), width: 40 + random.below(60) }),
    read({ text, width }) {
      for (const shown of [printable(text), tokenLabel(text), clipEnd(printable(text), 9), shownToken(text)])
        harmless(shown, 'printable');
      harmless(printableLines(text, false), 'printableLines');
      harmless(withoutColours(printableLines(text, true)), 'printableLines');
      harmless(escapeMarkup(text), 'escapeMarkup');
      if (/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(escapeMarkup(text))) throw new WrongAnswer('markup');
      const json = JSON.stringify({ [text]: text });
      harmless(printableJson(json), 'printableJson');
      if (JSON.stringify(JSON.parse(printableJson(json))) !== json) throw new WrongAnswer('another JSON value');
      const paint = new Paint({ width });
      const table = terminalTable(
        paint,
        [{ head: 'token' }, { head: 'p', numeric: true }],
        [
          [shownToken(text), '0.5'],
          ['a', '1'],
        ],
      );
      const clipped = [paint.line(text), ...table.split('\n'), ...paint.paragraph(printable(text))];
      if (clipped.some((line) => leastColumns(line) > width)) throw new WrongAnswer('a line beyond the width');
      for (const fitted of [fitEnd, fitStart]) {
        if (textWidth(fitted(printable(text), 8)) > 8.0001) throw new WrongAnswer('wider than it may be');
      }
    },
  }),
  target<string[]>({
    name: 'command-line',
    weight: 3,
    make: commandLine,
    read: (args) => quietRun(args, false),
    answers: 'all',
  }),
];
