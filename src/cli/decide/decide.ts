/**
 * `rungwise decide`: cases as NDJSON in, one verdict a line out, in order (ladder.md §7). Streams: memory does not grow with the input.
 *
 * A malformed case gives an error on its line and the command goes on; exit status 1 if any line erred.
 */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { ConfigError, effectivePolicy, problemLine } from '../../config/index.ts';
import type { Language } from '../../config/keys/words.ts';
import { BYTE_ORDER_MARK } from '../shell/files.ts';
import { decideCase } from './decide-case.ts';
import { additionVerdict, partialCaseVerdict } from './decide-verdict.ts';
import { inexactNumberIn } from './inexact-number.ts';
import { CASE_SAID, MalformedCase, type MalformedCode } from './malformed-case.ts';

interface CaseError {
  readonly code: MalformedCode | 'not-json' | 'config' | 'out-of-range';
  readonly message: string;
  readonly path: string;
}

/** Reads cases from `input`, writes verdicts to `output`; messages of errors in `language`. @returns the exit code. */
export async function decideLines(input: Readable, output: Writable, language: Language = 'en'): Promise<number> {
  let erred = false;
  let chunk = '';
  for await (const lines of linesOf(input)) {
    for (const line of lines) {
      if (typeof line === 'string' && line.trim() === '') continue;
      const verdict = typeof line === 'string' ? verdictOfLine(line, language) : tooLong(language);
      erred ||= 'error' in verdict;
      chunk += `${JSON.stringify(verdict)}\n`;
    }
    if (chunk !== '' && !output.write(chunk)) await once(output, 'drain');
    chunk = '';
  }
  return erred ? 1 : 0;
}

/** A case is a few hundred characters: what goes on for so many has lost its line ends, and is not collected until memory is full. */
const LINE_CHARACTERS_MAX = 1 << 20;

function tooLong(language: Language): object {
  const message = CASE_SAID.tooLong(LINE_CHARACTERS_MAX)[language];
  return { id: null, error: { code: 'malformed', message, path: '' } satisfies CaseError };
}

/** Whole lines, as many as each chunk of the stream completes; `TOO_LONG` in place of one that is. */
async function* linesOf(input: Readable): AsyncGenerator<(string | typeof TOO_LONG)[]> {
  let rest = '';
  let isBegun = false;
  let isTooLong = false;
  for await (const chunk of input.setEncoding('utf8')) {
    const text = String(chunk);
    const lines = (rest + (!isBegun && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)).split('\n');
    isBegun = true;
    rest = lines.pop() ?? '';
    const told = lines.map((line, i) =>
      (i === 0 && isTooLong) || line.length > LINE_CHARACTERS_MAX ? TOO_LONG : line,
    );
    if (lines.length > 0) isTooLong = false;
    yield told;
    if (rest.length <= LINE_CHARACTERS_MAX) continue;
    isTooLong = true;
    rest = '';
  }
  yield [isTooLong ? TOO_LONG : rest];
}

const TOO_LONG = Symbol('a line that is too long');

/** The verdict of one line, or the error in its place. */
export function verdictOfLine(line: string, language: Language = 'en'): object {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = CASE_SAID.notJson(error.message)[language];
    return { id: null, error: { code: 'not-json', message, path: '' } satisfies CaseError };
  }
  try {
    refuseInexactNumber(line);
    const read = decideCase(given);
    const policy = effectivePolicy(read.config);
    return read.kind === 'addition' ? additionVerdict(read, policy) : partialCaseVerdict(read, policy);
  } catch (error) {
    return { id: idOf(given), error: errorOf(error, language) };
  }
}

function refuseInexactNumber(line: string): void {
  const inexact = inexactNumberIn(line);
  if (inexact === undefined) return;
  throw new MalformedCase(CASE_SAID[inexact.isPastRange ? 'pastRange' : 'longNumber'](inexact.source), inexact.path);
}

function idOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'id' in given ? given.id : null;
}

/** A value of any length was given: its beginning says which. */
function shortened(message: string): string {
  return message.length > MESSAGE_MAX ? `${message.slice(0, MESSAGE_MAX)}…` : message;
}

const MESSAGE_MAX = 300;

function errorOf(error: unknown, language: Language): CaseError {
  if (error instanceof MalformedCase) {
    const { code, path, said } = error;
    const mark = code === 'off-grid' ? ':' : '';
    return { code, message: shortened(path === '' ? said[language] : `${path}${mark} ${said[language]}`), path };
  }
  if (error instanceof ConfigError) {
    const [problem] = error.problems;
    return {
      code: 'config',
      message: problem === undefined ? error.message : problemLine(problem, language).trim(),
      path: `config.${problem?.path ?? ''}`,
    };
  }
  // The engine's words for what unfolds itself into depth.
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return { code: 'malformed', message: CASE_SAID.tooDeep[language], path: '' };
  if (error instanceof RangeError)
    return { code: 'out-of-range', message: CASE_SAID.outOfRange(error.message)[language], path: '' };
  throw error;
}
