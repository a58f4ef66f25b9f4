/**
 * `rungwise decide`: cases as NDJSON in, one verdict a line out, in order (ladder.md §7). Streams: memory does not grow with the input.
 *
 * A malformed case gives an error on its line and the command goes on; exit status 1 if any line erred.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { ConfigError, effectivePolicy, problemLine } from '../config/index.ts';
import { UnitError } from '../core/units.ts';
import { decideCase } from './decide-case.ts';
import { additionVerdict, partialCaseVerdict } from './decide-verdict.ts';

interface CaseError {
  readonly code: 'not-json' | 'malformed' | 'config' | 'off-grid' | 'out-of-range';
  readonly message: string;
  readonly path: string;
}

/** Bytes gathered before a write: one write a line would cost more than the verdicts. */
const CHUNK = 1 << 16;

/** Reads cases from `input`, writes verdicts to `output`. @returns the exit code. */
export async function decideLines(input: Readable, output: Writable): Promise<number> {
  let erred = false;
  let chunk = '';
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const verdict = verdictOfLine(line);
    erred ||= 'error' in verdict;
    chunk += `${JSON.stringify(verdict)}\n`;
    if (chunk.length < CHUNK) continue;
    if (!output.write(chunk)) await once(output, 'drain');
    chunk = '';
  }
  if (chunk !== '' && !output.write(chunk)) await once(output, 'drain');
  return erred ? 1 : 0;
}

/** The verdict of one line, or the error in its place. */
export function verdictOfLine(line: string): object {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      id: null,
      error: { code: 'not-json', message: `this line is not JSON: ${error.message}`, path: '' } satisfies CaseError,
    };
  }
  const parsed = decideCase.safeParse(given);
  if (!parsed.success) return { id: idOf(given), error: firstIssue(parsed.error) };
  try {
    const policy = effectivePolicy(parsed.data.config);
    return parsed.data.kind === 'addition'
      ? additionVerdict(parsed.data, policy)
      : partialCaseVerdict(parsed.data, policy);
  } catch (error) {
    return { id: parsed.data.id, error: errorOf(error) };
  }
}

function idOf(given: unknown): unknown {
  return typeof given === 'object' && given !== null && 'id' in given ? given.id : null;
}

function firstIssue(error: z.ZodError): CaseError {
  const issue = error.issues[0];
  return {
    code: 'malformed',
    message: issue?.message ?? 'malformed',
    path: issue === undefined ? '' : issue.path.join('.'),
  };
}

function errorOf(error: unknown): CaseError {
  if (error instanceof ConfigError) {
    const [problem] = error.problems;
    return {
      code: 'config',
      message: problem === undefined ? error.message : problemLine(problem),
      path: `config.${problem?.path ?? ''}`,
    };
  }
  if (error instanceof UnitError)
    return { code: 'off-grid', message: error.message, path: error.message.split(':')[0] ?? '' };
  if (error instanceof RangeError) return { code: 'out-of-range', message: error.message, path: '' };
  throw error;
}
