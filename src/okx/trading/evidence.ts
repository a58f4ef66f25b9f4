/**
 * How an order stands at the exchange, asked for by its client id wherever it may have left a trace: the order itself, the history, the fills;
 * of a stop also the algo order and what it has sent. Source: reliability.md, "No double orders" 3 and 4; okx-v5.md §1.8, §3.
 *
 * `nothing` is only said where every place was asked and answered; whether it proves absence is the caller's to know (the expiry must have
 * passed before the asking began). A question that failed is `unanswered`: unknown is not empty (lessons.md 7).
 */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Lots, lots } from '../../core/numbers/units.ts';
import { type Fault, faultOfPayload } from '../door/faults.ts';
import { type Listed, listAll } from '../door/pages.ts';
import type { Answer, Rest } from '../door/rest.ts';
import { wholeLots } from '../numbers.ts';
import type { AlgoOrder } from '../wire/algo-order.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Order } from '../wire/order.ts';
import { endCause } from './end-cause.ts';
import type { OrderKind } from './order-lives.ts';
import { standingOf, stopStandingOf } from './order-standing.ts';

export type Evidence =
  | {
      readonly kind: 'living';
      /** Price, or trigger of a sleeping stop; 0 at market. */
      readonly ticks: number;
      readonly sizeLots: Lots;
      readonly filledLots: Lots;
      /** The exchange's name of what trades; '' while a stop sleeps. */
      readonly ordId: string;
    }
  | { readonly kind: 'ended'; readonly filledLots: Lots; readonly cause: string; readonly ordId: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unanswered'; readonly fault: Fault };

export interface Sought {
  readonly clientId: string;
  readonly instId: string;
  readonly kind: OrderKind;
  /** Nothing of it can be older. */
  readonly sinceMs: number;
}

/** Of an account that others trade on an hour may be thousands. */
const PATIENTLY = { pagesMax: 200, waitMsMax: 5_000 };

/** @throws `isPayloadFault` errors on rows that say what they may not say */
export function evidenceOf(rest: Rest, sought: Sought, of: Instrument): Promise<Evidence> {
  return sought.kind === 'algo' ? algoEvidence(rest, sought, of) : orderEvidence(rest, sought, of);
}

async function orderEvidence(rest: Rest, sought: Sought, of: Instrument): Promise<Evidence> {
  const { instId, clientId } = sought;
  const direct = found(await rest.get(endpoints.order, { instId, clOrdId: clientId }));
  if (direct !== undefined) return 'kind' in direct ? direct : ofOrder(direct, of);
  const history = await listAll(
    rest,
    endpoints.ordersHistory,
    { instType: 'SWAP', instId },
    { idOf: (row) => row.ordId, ...PATIENTLY, isOldEnough: (row) => Number(row.cTime) < sought.sinceMs },
  );
  if (history.kind === 'fault') return unanswered(history.fault);
  const past = history.rows.find((row) => row.clOrdId === clientId);
  if (past !== undefined) return ofOrder(past, of);
  const fills = await fillsNamed(rest, sought);
  if (fills.kind === 'fault') return unanswered(fills.fault);
  const [fill] = fills.rows;
  if (fill === undefined) return { kind: 'nothing' };
  const filledLots = lots(fills.rows.reduce((sum, row) => sum + wholeLots(of, row.fillSz).lots, 0));
  return { kind: 'ended', filledLots, cause: 'found-in-fills', ordId: fill.ordId };
}

async function fillsNamed(rest: Rest, { instId, clientId, sinceMs }: Sought) {
  const listed = await listAll(
    rest,
    endpoints.fills,
    { instType: 'SWAP', instId, begin: sinceMs },
    { idOf: (row) => row.billId, ...PATIENTLY },
  );
  if (listed.kind === 'fault') return listed;
  return { kind: 'ok', rows: listed.rows.filter((row) => row.clOrdId === clientId) } as const;
}

function ofOrder(row: Order, of: Instrument): Evidence {
  const { ticks, sizeLots } = standingOf(row, of);
  const { lots: filledLots } = wholeLots(of, row.accFillSz);
  switch (row.state) {
    case 'live':
    case 'partially_filled':
      return { kind: 'living', ticks, sizeLots, filledLots, ordId: row.ordId };
    case 'filled':
      return { kind: 'ended', filledLots, cause: 'filled', ordId: row.ordId };
    case 'canceled':
      return { kind: 'ended', filledLots, cause: endCause(row.cancelSource), ordId: row.ordId };
    default:
      return unanswered(faultOfPayload(`order ${row.clOrdId} is in a state that is not known to us`));
  }
}

async function algoEvidence(rest: Rest, sought: Sought, of: Instrument): Promise<Evidence> {
  const answer = await rest.get(endpoints.algoOrder, { algoClOrdId: sought.clientId });
  // A name that nobody bears may be called a wrong parameter (U29); the lists, which hold every stop, do not depend on it.
  const direct = answer.kind === 'fault' && answer.fault.class === 'refused' ? undefined : found(answer);
  if (direct !== undefined) return 'kind' in direct ? direct : ofAlgo(rest, direct, of);
  for (const ask of algoLists(rest, sought)) {
    const listed = await ask();
    if (listed.kind === 'fault') return unanswered(listed.fault);
    const row = listed.rows.find((each) => each.algoClOrdId === sought.clientId);
    if (row !== undefined) return ofAlgo(rest, row, of);
  }
  return { kind: 'nothing' };
}

/** Pending first: an algo order that ends while we ask is then met in the history. */
function algoLists(rest: Rest, { instId, sinceMs }: Sought): (() => Promise<Listed<AlgoOrder>>)[] {
  const query = { ordType: 'conditional', instType: 'SWAP', instId };
  const idOf = (row: AlgoOrder) => row.algoId;
  const isOldEnough = (row: AlgoOrder) => Number(row.cTime) < sinceMs;
  return [
    () => listAll(rest, endpoints.algosPending, query, { idOf, ...PATIENTLY }),
    ...['effective', 'canceled', 'order_failed'].map(
      (state) => () => listAll(rest, endpoints.algosHistory, { ...query, state }, { idOf, ...PATIENTLY, isOldEnough }),
    ),
  ];
}

async function ofAlgo(rest: Rest, row: AlgoOrder, of: Instrument): Promise<Evidence> {
  switch (row.state) {
    case 'live':
    case 'pause':
      return { kind: 'living', ...stopStandingOf(row, of), filledLots: lots(0), ordId: '' };
    case 'canceled':
      return { kind: 'ended', filledLots: lots(0), cause: 'cancelled', ordId: '' };
    case 'order_failed':
      return { kind: 'ended', filledLots: lots(0), cause: `failed ${row.failCode ?? ''}`.trim(), ordId: '' };
    case 'effective':
    case 'partially_effective':
      return ofTriggered(rest, row, of);
    default:
      return unanswered(faultOfPayload(`stop ${row.algoClOrdId} is in a state that is not known to us`));
  }
}

/** A stop that has woken is what it has sent. */
async function ofTriggered(rest: Rest, row: AlgoOrder, of: Instrument): Promise<Evidence> {
  const ordId = row.ordIdList?.[0] ?? row.ordId ?? '';
  if (ordId === '') return unanswered(faultOfPayload(`stop ${row.algoClOrdId} has woken and names no order`));
  const sent = found(await rest.get(endpoints.order, { instId: row.instId, ordId }));
  if (sent === undefined)
    return unanswered(faultOfPayload(`stop ${row.algoClOrdId} has sent order ${ordId}, which is not there`));
  return 'kind' in sent ? sent : ofOrder(sent, of);
}

/** The row; undefined where the exchange says that there is none. */
function found<Row extends object>(answer: Answer<Row>): Row | Extract<Evidence, { kind: 'unanswered' }> | undefined {
  if (answer.kind === 'fault') return answer.fault.class === 'gone' ? undefined : unanswered(answer.fault);
  const [unread] = answer.faults;
  if (unread !== undefined) return unanswered(faultOfPayload(`row ${unread.index} cannot be read: ${unread.reason}`));
  return answer.rows[0];
}

function unanswered(fault: Fault): Extract<Evidence, { kind: 'unanswered' }> {
  return { kind: 'unanswered', fault };
}
