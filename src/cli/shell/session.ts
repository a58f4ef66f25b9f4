/** One run of one command: its streams, its language, its colours. */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { Palette } from '../../report/drawing/palette.ts';
import { wrapped } from '../../report/drawing/width.ts';
import { REPORT_TEXTS, type ReportTexts } from '../../report/words/texts.ts';
import type { Texts } from '../texts/en.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const LANGUAGES = ['en', 'ru'] as const;
type Language = (typeof LANGUAGES)[number];

export interface Session {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly texts: Texts;
  /** Words of reports, and how numbers are written. */
  readonly report: ReportTexts;
  readonly palette: Palette;
  readonly isColoured: boolean;
  /** Columns to draw in. */
  readonly width: number;
  /** A line of the result. */
  print(line: string): void;
  /** A line of the result for a person: at a terminal it is broken between words. */
  say(line: string): void;
  /** A line beside the result, broken as `say` does. */
  tell(line: string): void;
  /** The same, of what went wrong: `rungwise: …`. */
  complain(what: string): void;
}

/** Reads `--lang` and `--no-color` ahead of everything else: help and errors are in that language too. */
export async function sessionOf(argv: readonly string[], terminal: Terminal): Promise<Session> {
  const language = languageOf(argv, terminal.env);
  const { output, errors } = terminal;
  const coloured = isColoured(argv, terminal);
  // The palette goes by where results are shown; what is told beside them may go into a file.
  const toldAs =
    errors.isTTY === true || terminal.env['FORCE_COLOR'] ? (line: string) => line : stripVTControlCharacters;
  const { green, red, yellow, dim, bold, cyan } = pc.createColors(coloured);
  const tell = (line: string) => void errors.write(`${readable(toldAs(line), errors)}\n`);
  return {
    terminal,
    language,
    texts: await textsOf(language),
    report: REPORT_TEXTS[language],
    palette: { good: green, bad: red, warn: yellow, dim, strong: bold, accent: cyan },
    isColoured: coloured,
    width: widthOf(terminal),
    print: (line) => void output.write(`${line}\n`),
    say: (line) => void output.write(`${readable(line, output)}\n`),
    tell,
    complain: (what) => tell(`${red('rungwise')}: ${what}`),
  };
}

/** Broken between words where somebody reads it on a screen; whole in files and pipes. */
function readable(text: string, { isTTY, columns }: Terminal['errors']): string {
  if (isTTY !== true || columns === undefined || columns <= 0) return text;
  return text
    .split('\n')
    .flatMap((line) => wrapped(line, Math.max(WIDTH_MIN, columns)))
    .join('\n');
}

async function textsOf(language: Language): Promise<Texts> {
  return language === 'ru' ? (await import('../texts/ru.ts')).ru : (await import('../texts/en.ts')).en;
}

function languageOf(argv: readonly string[], env: Terminal['env']): Language {
  // The last that is one: what is wrong with another is told in it.
  const said = argv.map((word, at) => (word === '--lang' ? argv[at + 1] : /^--lang=(.*)$/s.exec(word)?.[1]));
  const last = said.findLast(isLanguage);
  if (last !== undefined) return last;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

function isLanguage(word: string | undefined): word is Language {
  return LANGUAGES.some((language) => language === word);
}

/** The value of `--lang`. @throws {UsageError} */
export function language(texts: Texts): (word: string) => Language {
  return (word) => {
    if (isLanguage(word)) return word;
    throw new UsageError(texts.usage.notOneOf('--lang', word, LANGUAGES));
  };
}

function isColoured(argv: readonly string[], { output, env }: Terminal): boolean {
  if (argv.includes('--no-color') || env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

const WIDTH_UNKNOWN = 100;
/** Narrower ones see lines that go on below. */
const WIDTH_MIN = 40;
const WIDTH_MAX = 160;

function widthOf({ output, env }: Terminal): number {
  const columns = output.columns ?? Number(env['COLUMNS'] ?? WIDTH_UNKNOWN);
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, Number.isFinite(columns) && columns > 0 ? columns : WIDTH_UNKNOWN));
}
