/** The known word nearest to a misspelt one. */

/**
 * The candidate fewest edits away, if few enough that it may have been meant: two, or a third of the word's length. Failing that, the one that
 * continues the word or that the word continues (`distance` for `distance_atr`).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const asked = word.slice(0, LONGEST).toLowerCase();
  return fewestEdits(asked, candidates, Math.max(2, Math.floor(asked.length / 3))) ?? continued(asked, candidates);
}

/** The candidate one or two edits away from a word of five letters or more: near enough to be meant wherever it belongs. */
export function withinTwoEdits(word: string, candidates: readonly string[]): string | undefined {
  return word.length < 5 ? undefined : fewestEdits(word.slice(0, LONGEST).toLowerCase(), candidates, 2);
}

function continued(asked: string, candidates: readonly string[]): string | undefined {
  return asked.length < 3
    ? undefined
    : candidates.find((candidate) => candidate.startsWith(asked) || asked.startsWith(candidate));
}

function fewestEdits(asked: string, candidates: readonly string[], editsMax: number): string | undefined {
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = editsBetween(asked, candidate.toLowerCase());
    if (edits <= editsMax && edits < candidate.length && edits < (best?.edits ?? Number.POSITIVE_INFINITY))
      best = { candidate, edits };
  }
  return best?.candidate;
}

/** Longer words are no misspelling of any key, and would cost time by their square. */
const LONGEST = 64;

/** Letters to insert, drop, change or swap with their neighbour (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(above, column) + 1,
          at(current, column - 1) + 1,
          at(above, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = current;
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
