/** What is wrong with candles or funding, in words: what the system refuses, in those for every file. */
import type { DataError } from '../../data/data-error.ts';
import { problemText } from '../../data/texts.ts';
import { systemCode } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';

export function dataErrorText({ cause, problem }: DataError, { language, texts }: Pick<Session, 'language' | 'texts'>) {
  const code = systemCode(cause);
  return code === undefined ? problemText(problem, language) : texts.file(code);
}
