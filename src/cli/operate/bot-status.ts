/** A running bot as it stands, as plain JSON, and the bot as its door sees it (control.ts). */

import { isTimeDoubted } from '../../core/account/reconcile.ts';
import type { UntradableFacts } from '../../core/decision.ts';
import type { ExchangeLost, MaintenanceWindow } from '../../core/event.ts';
import { contractsText, priceText } from '../../core/instrument/instrument.ts';
import type { OrderRole, OrderState } from '../../core/orders/order.ts';
import { baseObjection } from '../../core/position/given-base.ts';
import type { OpenOrder, Registry, SymbolState } from '../../core/registry.ts';
import { type UnexplainedShown, unexplainedShown } from '../../report/decision/alert-facts.ts';
import type { Loop } from '../../runtime/loop.ts';
import { bookStatus } from '../watch/book-status.ts';
import type { RefusalHappened } from '../watch/happenings.ts';
import type { BotStatus, Controlled } from './control.ts';
import { baseNo } from './control-no.ts';

/** What this bot tells beyond the book. */
export interface FullStatus extends BotStatus {
  /** Why nothing is added until the exchange was read; null where it was. */
  readonly lost: LostStatus | null;
  /** The exchange's time is behind the journal's newest event: nothing is added until it has come. */
  readonly isTimeBehind: boolean;
  /** No two readings of the exchange agree, and a person was told: nothing is added until they do. */
  readonly isUnsettled: boolean;
  /** The day has lost what it may: nothing is added until the next one. */
  readonly isDayLost: boolean;
  /** Differences to the exchange that no fill explains: nothing is added there until "resume". */
  readonly unexplained: readonly UnexplainedStatus[];
  /** Instruments that the exchange trades no more as it did: nothing is added there until it does. */
  readonly untradable: readonly { readonly symbol: string; readonly why: UntradableFacts }[];
  /** What the exchange has announced and is not over. */
  readonly maintenance: readonly MaintenanceWindow[];
  readonly openOrders: readonly OrderStatus[];
  /** The newest first. */
  readonly refusals: readonly RefusalHappened[];
}

/** As it was told last. */
export interface LostStatus extends Pick<ExchangeLost, 'reason' | 'because'> {
  /** Of the world, UTC milliseconds: of a start when the journal ends; absent before the first event of a new one. */
  readonly since?: number;
}

interface UnexplainedStatus {
  readonly symbol: string;
  /** As it stands in the journal: English. */
  readonly why: string;
  /** The same as values; absent where an older release has written the text alone. */
  readonly facts?: UnexplainedShown;
}

export interface OrderStatus {
  readonly symbol: string;
  readonly clientId: string;
  readonly role: OrderRole;
  /** Rung or partial step. */
  readonly step: number;
  readonly side: 'buy' | 'sell';
  readonly contracts: string;
  readonly filled: string;
  /** Limit, or trigger of a stop; null of a market order. */
  readonly price: string | null;
  readonly reduceOnly: boolean;
  readonly state: OrderState;
}

interface RunningBot {
  readonly account: string;
  readonly registry: Registry;
  readonly loop: Loop;
  /** Of the world, UTC milliseconds. */
  nowMs(): number;
  isConnected(): boolean;
  /** Of a demo never. */
  lost?(): LostStatus | undefined;
  /** The newest first. */
  refusals(): readonly RefusalHappened[];
}

const REFUSALS_MAX = 10;

/** A loop behind the door: commands are heard, journaled and thought about before they are answered. */
export function controlled(bot: RunningBot): Controlled {
  const { loop, registry } = bot;
  return {
    symbols: registry.symbols.map(({ instrument }) => instrument.instId),
    status: () => botStatus(bot),
    objection: (command) => {
      if (command.do !== 'base') return undefined;
      const symbol = registry.byInstId.get(command.instId);
      const objection = symbol === undefined ? undefined : baseObjection(symbol, command.baseUnits);
      return objection === undefined ? undefined : baseNo(objection, command.instId);
    },
    command: (command) => {
      loop.hear({ kind: 'operator', at: bot.nowMs(), command });
      loop.drain();
      if (loop.state !== 'running') throw new Error('the bot has stopped: the command was not carried out');
    },
  };
}

function botStatus(bot: RunningBot): FullStatus {
  const { account, registry } = bot;
  return {
    account,
    pid: process.pid,
    isConnected: bot.isConnected(),
    isReady: registry.ready,
    halt: registry.halt ?? null,
    orders: registry.orders.size,
    ...bookStatus(registry),
    lost: bot.lost?.() ?? null,
    isTimeBehind: isTimeDoubted(registry),
    isUnsettled: registry.unsettled?.isTold === true,
    isDayLost: registry.day.lost,
    unexplained: registry.symbols.flatMap(unexplainedStatus),
    maintenance: registry.maintenance,
    untradable: registry.symbols.flatMap(({ instrument, untradable }) =>
      untradable === undefined ? [] : [{ symbol: instrument.instId, why: untradable.facts }],
    ),
    openOrders: [...registry.orders.values()].map(orderStatus),
    refusals: bot.refusals().slice(0, REFUSALS_MAX),
  };
}

function unexplainedStatus({ instrument, unexplained: why, unexplainedFacts }: SymbolState): UnexplainedStatus[] {
  if (why === undefined) return [];
  const symbol = instrument.instId;
  if (unexplainedFacts === undefined) return [{ symbol, why }];
  return [{ symbol, why, facts: unexplainedShown(unexplainedFacts, instrument) }];
}

function orderStatus({ order, symbol, state, filledLots, sizeLots, ticks }: OpenOrder): OrderStatus {
  const { instrument } = symbol;
  return {
    symbol: order.instId,
    clientId: order.clientId,
    role: order.role,
    step: order.step,
    side: order.side === 1 ? 'buy' : 'sell',
    contracts: contractsText(instrument, sizeLots),
    filled: contractsText(instrument, filledLots),
    price: ticks === 0 ? null : priceText(instrument, ticks),
    reduceOnly: order.reduceOnly,
    state,
  };
}
