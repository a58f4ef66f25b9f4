/**
 * Whether a last line without a line end is whole. Many writers end so, and so does a file that was cut: within its last number nobody can see it,
 * unless the lines before say how that number must end.
 */
export type FileEnd = 'whole' | 'cut' | 'unknown';

/** So many lines must agree before the last is measured by them. */
const LINES_TO_AGREE = 20;

/** @param last the last field of the file, a number. @param before that of the lines before it, quotes included; as many as there are at hand. */
export function endOf(last: string, before: readonly string[]): FileEnd {
  if (before.length > 0 && before.every(isQuoted)) return isQuoted(last) ? 'whole' : 'cut';
  if (isOpen(last) && !before.some(isOpen)) return 'cut';
  const [places] = before.map(placesOf);
  if (before.length < LINES_TO_AGREE || !places || before.some((field) => placesOf(field) !== places)) return 'unknown';
  const found = placesOf(last);
  return found === places ? 'whole' : found < places ? 'cut' : 'unknown';
}

function isQuoted(field: string): boolean {
  return /^(["']).*\1$/.test(field);
}

/** `100.`: the digits are still to come. */
function isOpen(field: string): boolean {
  return /[.,]$/.test(field);
}

function placesOf(field: string): number {
  return /[.,](\d*)$/.exec(field)?.[1]?.length ?? 0;
}
