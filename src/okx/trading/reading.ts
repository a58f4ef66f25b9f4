/**
 * The account read whole: balance, positions, open orders, sleeping orders. All of it or nothing: a part that failed is not an empty part
 * (lessons.md 7). Source: okx-v5.md §1.7–1.8, §3.3.
 */
import type { BesideGrid, CrossPosition, OrderReading, PositionReading } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Money } from '../../core/numbers/units.ts';
import { type Fault, faultOfPayload } from '../door/faults.ts';
import { listAll } from '../door/pages.ts';
import type { Rest } from '../door/rest.ts';
import { QUOTE } from '../numbers.ts';
import { endpoints } from '../wire/endpoints.ts';
import { algoReadingOf, orderReadingOf } from './order-standing.ts';
import { balanceOf, positionOf } from './position-and-balance.ts';

export interface AccountReading {
  readonly balance: Money;
  readonly available: Money;
  /** Of our instruments. */
  readonly positions: readonly PositionReading[];
  readonly orders: readonly OrderReading[];
  readonly besideGrid: readonly BesideGrid[];
  /** Of our instruments, and none of ours. */
  readonly crossMargin: readonly CrossPosition[];
}

export type Reading =
  | { readonly kind: 'ok'; readonly account: AccountReading }
  | { readonly kind: 'failed'; readonly fault: Fault };

const PAGES_MAX = 50;
/** Kinds of algo orders that may sleep beside ours; OKX takes the first two in one question. */
const ALGO_KINDS = ['conditional,oco', 'trigger', 'move_order_stop'];

/** @throws `isPayloadFault` errors on rows that say what they may not say */
export async function readAccount(rest: Rest, instruments: ReadonlyMap<string, Instrument>): Promise<Reading> {
  const orderId = (row: { readonly ordId: string }) => row.ordId;
  const algoId = (row: { readonly algoId: string }) => row.algoId;
  const [balances, positions, orders, ...algos] = await Promise.all([
    rest.get(endpoints.balance, { ccy: QUOTE }),
    rest.get(endpoints.positions, { instType: 'SWAP' }),
    listAll(rest, endpoints.ordersPending, { instType: 'SWAP' }, { idOf: orderId, pagesMax: PAGES_MAX }),
    ...ALGO_KINDS.map((ordType) =>
      listAll(rest, endpoints.algosPending, { ordType, instType: 'SWAP' }, { idOf: algoId, pagesMax: PAGES_MAX }),
    ),
  ]);
  if (balances.kind === 'fault') return failed(balances.fault);
  if (positions.kind === 'fault') return failed(positions.fault);
  if (orders.kind === 'fault') return failed(orders.fault);
  const isOurs = (row: { readonly instId: string }) => instruments.has(row.instId);
  const sleeping: OrderReading[] = [];
  for (const part of algos) {
    if (part.kind === 'fault') return failed(part.fault);
    sleeping.push(
      ...part.rows.filter(isOurs).map((row) => algoReadingOf(row, instruments.get(row.instId) as Instrument)),
    );
  }
  const [unread] = [...balances.faults, ...positions.faults];
  const [balance] = balances.rows;
  if (unread !== undefined || balance === undefined)
    return failed(faultOfPayload(unread?.reason ?? 'the balance has no row'));
  const read = positions.rows
    .filter(isOurs)
    .flatMap((row) => positionOf(row, instruments.get(row.instId) as Instrument) ?? []);
  return {
    kind: 'ok',
    account: {
      ...balanceOf(balance),
      positions: read.flatMap(({ position }) => position ?? []),
      besideGrid: read.flatMap(({ besideGrid }) => besideGrid ?? []),
      crossMargin: read.flatMap(({ crossMargin }) => crossMargin ?? []),
      orders: [
        ...orders.rows.filter(isOurs).map((row) => orderReadingOf(row, instruments.get(row.instId) as Instrument)),
        ...sleeping,
      ],
    },
  };
}

function failed(fault: Fault): Reading {
  return { kind: 'failed', fault };
}
