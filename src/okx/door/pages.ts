/**
 * Lists of OKX's that come in pages, newest first: whole, or a fault. Source: okx-v5.md §1.5.
 *
 * A page with a row that cannot be read is a fault: what is missing from a list must not look like absence.
 */
import type { Endpoint } from '../wire/endpoints.ts';
import { type Fault, faultOfPayload } from './faults.ts';
import type { Query, Rest } from './rest.ts';

export type Listed<Row> =
  | { readonly kind: 'ok'; readonly rows: readonly Row[] }
  | { readonly kind: 'fault'; readonly fault: Fault };

const PAGE_ROWS = 100;

export interface Paging<Row> {
  readonly idOf: (row: Row) => string;
  /** A list that is longer is a fault; with `cut` it is its newest rows, and that is called for. */
  readonly pagesMax: number;
  readonly cut?: (rows: number) => void;
  /** How long each page may wait for its slot; absent: as usual. */
  readonly waitMsMax?: number;
  /** Older rows than the first that this holds for are not wanted. */
  readonly isOldEnough?: (row: Row) => boolean;
}

/** Every row, newest first. */
export async function listAll<Row>(
  rest: Rest,
  endpoint: Endpoint<Row>,
  query: Query,
  { idOf, pagesMax, cut, waitMsMax, isOldEnough }: Paging<Row>,
): Promise<Listed<Row>> {
  const rows: Row[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const got = await onePage(rest, endpoint, { ...query, limit: PAGE_ROWS, after }, waitMsMax);
    if (got.kind === 'fault') return got;
    rows.push(...got.rows);
    const last = got.rows.at(-1);
    if (got.rows.length < PAGE_ROWS || last === undefined || isOldEnough?.(last) === true) return { kind: 'ok', rows };
    after = idOf(last);
  }
  if (cut === undefined) return tooLong(endpoint, pagesMax);
  cut(rows.length);
  return { kind: 'ok', rows };
}

async function onePage<Row>(
  rest: Rest,
  endpoint: Endpoint<Row>,
  query: Query,
  waitMsMax: number | undefined,
): Promise<Listed<Row>> {
  const answer = await rest.get(endpoint, query, waitMsMax);
  if (answer.kind === 'fault') return answer;
  const [unread] = answer.faults;
  if (unread === undefined) return { kind: 'ok', rows: answer.rows };
  return {
    kind: 'fault',
    fault: faultOfPayload(`${endpoint.path}: row ${unread.index} cannot be read: ${unread.reason}`),
  };
}

/** Code of the fault of a list that goes on past `pagesMax`. */
export const TOO_LONG = 'too-long';

function tooLong(endpoint: Endpoint, pagesMax: number): Listed<never> {
  const message = `${endpoint.path}: more than ${pagesMax} pages of ${PAGE_ROWS} rows`;
  return { kind: 'fault', fault: { class: 'unknown', code: TOO_LONG, message } };
}
