/**
 * Which settlements of funding are missing, by what the stored ones themselves show: an instrument settles every 8, 6, 4, 2 or 1 hours from
 * midnight UTC, and may change that (okx-v5.md §1.6).
 */
const HOUR_MS = 3_600_000;
/** The longest first. */
const INTERVALS_MS = [8, 6, 4, 2, 1].map((hours) => hours * HOUR_MS);
/** Where nothing is stored. */
export const USUAL_INTERVAL_MS = 8 * HOUR_MS;

interface MissingSettlement {
  readonly atMs: number;
  /** How often the instrument settles there, as its neighbours show. */
  readonly intervalMs: number;
}

/**
 * The settlements from `firstMs` up to `endMs` (exclusive) that are not among `stored`, in the order of time.
 *
 * Around a stored settlement the interval is the nearer neighbour's distance; between two whose intervals differ the instrument changed it, and
 * the longer is meant: what cannot be known is not counted as a hole.
 * @param stored whole hours, UTC ms, in the order of time
 */
export function missingSettlements(
  stored: readonly number[],
  firstMs: number,
  endMs: number,
): readonly MissingSettlement[] {
  const intervals = stored.map((at, i) =>
    intervalAt(at, Math.min(at - (stored[i - 1] ?? Number.NEGATIVE_INFINITY), (stored[i + 1] ?? Infinity) - at)),
  );
  const missing: MissingSettlement[] = [];
  for (let i = 0; i <= stored.length; i++) {
    const intervalMs = Math.max(intervals[i - 1] ?? 0, intervals[i] ?? 0) || USUAL_INTERVAL_MS;
    const afterMs = Math.max(stored[i - 1] ?? Number.NEGATIVE_INFINITY, firstMs - 1);
    const untilMs = Math.min(stored[i] ?? Infinity, endMs);
    for (let atMs = (Math.floor(afterMs / intervalMs) + 1) * intervalMs; atMs < untilMs; atMs += intervalMs)
      missing.push({ atMs, intervalMs });
  }
  return missing;
}

/** The longest interval on whose hours `at` falls and that is not longer than the distance to the nearer neighbour. */
function intervalAt(at: number, distanceMs: number): number {
  return INTERVALS_MS.find((intervalMs) => intervalMs <= distanceMs && at % intervalMs === 0) ?? HOUR_MS;
}
