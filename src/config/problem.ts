/** What is wrong (or odd) about a configuration, told to a person: where, the fact, what to do. */
import type { Language } from './keys/words.ts';

/** A fact, with the value and its unit, and what to do about it. */
export type Said = readonly [message: string, hint: string];

/** Both languages, or it does not compile. */
export type InBoth = Readonly<Record<Language, Said>>;

export interface Problem {
  /** Full key, like `position_scaling.by_balance.small.ladder[2]`; empty for the file as a whole. */
  readonly path: string;
  /** Line in the file, from 1; absent where the value came from elsewhere (default, preset, command line, JSON). */
  readonly line?: number;
  /** In English, as `said.en`. */
  readonly message: string;
  readonly hint: string;
  readonly said: InBoth;
}

export function problem(path: string, said: InBoth, line?: number): Problem {
  const [message, hint] = said.en;
  return { path, ...(line === undefined ? {} : { line }), message, hint, said };
}

/** A configuration that must not be traded with. Holds every problem found, not only the first; its message is in English. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];
  readonly source: string;

  constructor(problems: readonly Problem[], source = 'configuration') {
    super(problemsText(problems, source, 'en'));
    this.problems = problems;
    this.source = source;
  }
}

/** The source that is no file. */
export const COMMAND_LINE = 'command line';

/** A wrong file (a data file, say) has thousands; nobody reads past these. */
const PRINTED_MAX = 30;

/** `rungwise.yaml: 2 problems`, and each on its line. */
export function problemsText(problems: readonly Problem[], source: string, language: Language): string {
  const { count, more, commandLine } = TEXTS[language];
  const left = problems.length - PRINTED_MAX;
  return [
    `${source === COMMAND_LINE ? commandLine : source}: ${count(problems.length)}`,
    ...problems.slice(0, PRINTED_MAX).map((each) => problemLine(each, language)),
    ...(left > 0 ? [`  ${more(left)}`] : []),
  ].join('\n');
}

/** `line 7  position_scaling.max_additions: 200 is not a whole number from 0 to 100. Write …` */
export function problemLine({ path, line, said }: Problem, language: Language = 'en'): string {
  const [message, hint] = said[language];
  const place = line === undefined ? '' : `${TEXTS[language].line} ${line}  `;
  return `  ${place}${path === '' ? '' : `${path}: `}${message}. ${hint}`;
}

const TEXTS = {
  en: {
    line: 'line',
    commandLine: 'command line',
    count: (problems: number) => (problems === 1 ? '1 problem' : `${problems} problems`),
    more: (problems: number) => `… and ${problems} more`,
  },
  ru: {
    line: 'строка',
    commandLine: 'командная строка',
    count: (problems: number) => `ошибок: ${problems}`,
    more: (problems: number) => `… и ещё ${problems}`,
  },
} as const;
