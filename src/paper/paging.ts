/**
 * Pages of a list, newest first. Source: okx-v5.md §1.5: `after` is older than, `before` newer than, both exclusive; `before` alone gives the
 * records nearest to it; `begin` and `end` are inclusive times.
 */
import { type Fields, millisOf, textOf, wholeOf } from './input.ts';
import { parameterError } from './reply.ts';

export const PAGE_MOST = 100;

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

function idIn(fields: Fields, name: string): bigint | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,20}$/.test(text)) throw parameterError(name);
  return BigInt(text);
}
