/**
 * What ends a command, as a message without a stack and an exit code (design.md §6). A bug is none of these: it crashes with its stack.
 */
import { CommanderError } from 'commander';
import { systemCode } from './files.ts';
import type { Session } from './session.ts';
import { Interrupted, UsageError } from './usage-error.ts';

export const EXIT = { done: 0, no: 1, usage: 2, exchange: 3, secondInstance: 4, interrupted: 130 } as const;

/** Tells what went wrong. @returns the exit code. @throws whatever is not the world's or the person's fault. */
export async function tellFailure(error: unknown, session: Session): Promise<number> {
  if (error instanceof CommanderError) return tellMisuse(error, session);
  if (error instanceof Interrupted) {
    if (error.message !== '') session.tell(error.message);
    return EXIT.interrupted;
  }
  const message = await messageOf(error, session);
  if (message === undefined) throw error;
  session.complain(message);
  return isSecondInstance(error) ? EXIT.secondInstance : EXIT.usage;
}

function isSecondInstance(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'second-instance';
}

/** Errors are told apart by name: their rooms are not loaded only to ask. */
async function messageOf(error: unknown, { language, texts }: Session): Promise<string | undefined> {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UsageError) return error.message;
  switch (error.name) {
    case 'UnitError':
    case 'DecimalError':
      return error.message;
    case 'ConfigError': {
      const { ConfigError, problemsText } = await import('../../config/problem.ts');
      return error instanceof ConfigError ? problemsText(error.problems, error.source, language) : error.message;
    }
    case 'JournalError': {
      const { JournalError } = await import('../../journal/errors.ts');
      if (!(error instanceof JournalError)) return error.message;
      if (!isSecondInstance(error)) return texts.journal.failed(error);
      const { byProcess } = await import('../format/by-process.ts');
      return texts.journal.secondInstance(error.path ?? '', byProcess(error.writer, texts));
    }
    case 'BacklogError':
      return 'waiting' in error ? texts.bots.backlog(Number(error.waiting)) : error.message;
    case 'DataError': {
      const { DataError } = await import('../../data/data-error.ts');
      const { dataErrorText } = await import('../format/data-error-text.ts');
      return error instanceof DataError
        ? `${error.source}: ${dataErrorText(error, { language, texts })}`
        : error.message;
    }
    default:
      return systemText(error, texts);
  }
}

/** What the file system refused, wherever it was met: the world's fault, not ours. */
function systemText(error: Error, texts: Session['texts']): string | undefined {
  const code = systemCode(error);
  if (code === undefined || !('syscall' in error) || !('path' in error)) return undefined;
  return `${String(error.path)}: ${texts.file(code)}`;
}

function tellMisuse({ code, exitCode, message }: CommanderError, { texts, complain }: Session): number {
  if (exitCode === 0) return EXIT.done;
  // Commander has printed the help of a command that needs a further word.
  if (code === 'commander.help') return EXIT.usage;
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
  const near = /Did you mean (?:one of )?([^?]+)\?/.exec(message)?.[1];
  const what = misuse(texts.misuse, code, quoted);
  complain(`${what}; ${near === undefined ? texts.misuse.help : texts.misuse.near(near)}`);
  return EXIT.usage;
}

/** Where the words belong that people write straight after a command which takes none. */
const WORDS_GO: Readonly<Record<string, string>> = {
  backtest: '--candles FILE --symbol SYMBOL',
  demo: '--symbols LIST',
  paper: '--config FILE',
  live: '--config FILE',
};

function misuse(texts: Session['texts']['misuse'], code: string, quoted: string): string {
  switch (code) {
    case 'commander.unknownOption':
      return texts.unknownOption(quoted);
    case 'commander.unknownCommand':
      return texts.unknownCommand(quoted);
    case 'commander.missingArgument':
      return texts.missingArgument(quoted);
    case 'commander.optionMissingArgument':
      return texts.missingValue(quoted);
    case 'commander.missingMandatoryOptionValue':
      return texts.missingOption(quoted);
    default:
      return texts.tooManyWords(quoted, WORDS_GO[quoted]);
  }
}
