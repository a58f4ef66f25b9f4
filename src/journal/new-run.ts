/** The name of a run. */
import { randomInt } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Four letters or digits that no order is named by yet: of a journal that begins, and of one that lost rows which may have named some. */
export function newRun(): string {
  return Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
