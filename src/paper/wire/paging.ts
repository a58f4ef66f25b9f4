/**
 * Pages of a list, newest first. Source: okx-v5.md §1.5: `after` is older than, `before` newer than, both exclusive; `before` alone gives the
 * records nearest to it; `begin` and `end` are inclusive times. Pages by time (positions-history) are as OKX's page on them says: `before` alone gives
 * the newest, and what shares the last row's time stands on its page.
 */
import { type Fields, millisOf, textOf, wholeOf } from './input.ts';
import { parameterError } from './reply.ts';

const PAGE_MOST = 100;

export interface Page {
  readonly after: bigint | undefined;
  readonly before: bigint | undefined;
  readonly begin: number;
  readonly end: number;
  readonly limit: number;
}

export function pageIn(fields: Fields, most = PAGE_MOST, usual = PAGE_MOST): Page {
  return {
    after: idIn(fields, 'after'),
    before: idIn(fields, 'before'),
    begin: millisOf(fields, 'begin') ?? 0,
    end: millisOf(fields, 'end') ?? Number.POSITIVE_INFINITY,
    limit: wholeOf(fields, 'limit', 1, most, usual),
  };
}

/** The page of `newestFirst`, by the number and the time of each item. */
export function paged<T>(
  newestFirst: Iterable<T>,
  page: Page,
  idOf: (item: T) => string,
  timeOf: (item: T) => number,
): T[] {
  const found: T[] = [];
  const isNearest = page.before !== undefined && page.after === undefined;
  const hasIds = page.after !== undefined || page.before !== undefined;
  for (const item of newestFirst) {
    if (hasIds) {
      const id = BigInt(idOf(item));
      if (page.after !== undefined && id >= page.after) continue;
      if (page.before !== undefined && id <= page.before) continue;
    }
    const at = timeOf(item);
    if (at < page.begin || at > page.end) continue;
    found.push(item);
    if (!isNearest && found.length === page.limit) break;
  }
  return isNearest ? found.slice(-page.limit) : found;
}

/** The page of `newestFirst` by the time of each item, never cut between two of one time. */
export function pagedByTime<T>(newestFirst: readonly T[], page: Page, timeOf: (item: T) => number): T[] {
  const { after, before, limit } = page;
  const within = newestFirst.filter((item) => {
    const at = timeOf(item);
    return (after === undefined || at < after) && (before === undefined || at > before);
  });
  const last = within[limit - 1];
  return last === undefined ? within : within.filter((item, number) => number < limit || timeOf(item) === timeOf(last));
}

function idIn(fields: Fields, name: string): bigint | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,20}$/.test(text)) throw parameterError(name);
  return BigInt(text);
}
