import { nearest } from '../../config/nearest.ts';
import type { Texts } from '../texts/en.ts';
import { UsageError } from './usage-error.ts';

/** Reads the value of an option that has a few. @throws {UsageError} that names the nearest one. */
export function oneOf<const T extends string>(flag: string, known: readonly T[], texts: Texts): (word: string) => T {
  return (word) => {
    const found = known.find((each) => each === word);
    if (found !== undefined) return found;
    throw new UsageError(texts.usage.notOneOf(flag, word, known, nearest(word, known)));
  };
}
