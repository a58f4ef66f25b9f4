/**
 * A decision as people and scripts read it: prices in USDT, sizes in contracts, money as decimal strings, every gate with value, limit and unit.
 *
 * Keys stand always in the same order; what does not apply is absent. For `backtest --decisions` and the demo's NDJSON.
 */

import type { Amend, Decision, ExitReading, Place, PositionClosed, Reasoning } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { contractsText, type Instrument, moneyText, priceText } from '../../core/instrument/instrument.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';
import { ticks } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import { alertShown } from './alert-facts.ts';
import { type ShownReading, shownReading } from './gate-reading.ts';
import { orderNewsJson } from './order-news-json.ts';

/** Plain JSON. */
export type DecisionJson = Readonly<Record<string, unknown>>;

/** @param instrumentOf of a symbol of the run */
export function decisionJson(decision: Decision, instrumentOf: (instId: string) => Instrument): DecisionJson {
  const { kind, at } = decision;
  const head = { kind, at, time: new Date(at).toISOString() };
  switch (decision.kind) {
    case 'place':
      return { ...head, ...placeJson(decision, instrumentOf(decision.order.instId)) };
    case 'amend':
      return { ...head, ...amendJson(decision, instrumentOf(decision.instId)) };
    case 'cancel':
      return { ...head, symbol: decision.instId, clientId: decision.clientId, because: decision.because };
    case 'set-leverage':
      return { ...head, symbol: decision.instId, leverage: decision.leverage };
    case 'refused': {
      const { instId, what, side, code, error } = decision;
      return {
        ...head,
        symbol: instId,
        what,
        side,
        code,
        error,
        ...reasoningJson(decision.reasoning, instrumentOf(instId)),
      };
    }
    case 'held':
      return {
        ...head,
        symbol: decision.instId,
        step: decision.step,
        code: decision.code,
        ...exitJson(decision.exit, instrumentOf(decision.instId)),
      };
    case 'position-closed':
      return { ...head, ...closedJson(decision, instrumentOf(decision.instId)) };
    case 'governed': {
      const { governor, instId, old, because, until } = decision;
      return { ...head, governor, symbol: instId, old, new: decision.new, because, until };
    }
    case 'alert': {
      const { instId, code, message } = decision;
      const facts = alertShown(decision, instId === undefined ? undefined : instrumentOf(instId));
      return { ...head, symbol: instId, code, message, ...(facts === undefined ? {} : { facts }) };
    }
  }
}

/** What decisions came to, in the same form: a fill or a settlement of funding. Undefined for events that book nothing. */
export function bookedJson(event: CoreEvent, instrumentOf: (instId: string) => Instrument): DecisionJson | undefined {
  if (event.kind !== 'filled' && event.kind !== 'funding-settled') return undefined;
  const { kind, at, instId, ...booked } =
    event.kind === 'filled'
      ? orderNewsJson(event, instrumentOf(event.instId))
      : { ...event, amount: moneyText(event.amount) };
  return { kind, at, time: new Date(event.at).toISOString(), symbol: instId, ...booked };
}

function placeJson({ order, because, reasoning, exit }: Place, instrument: Instrument): DecisionJson {
  const { instId, role, position, step, side, sizeLots, terms, reduceOnly, clientId } = order;
  return {
    symbol: instId,
    role,
    position,
    ...(role === 'rung' || role === 'partial' ? { step } : {}),
    side: side === 1 ? 'buy' : 'sell',
    contracts: contractsText(instrument, sizeLots),
    ...termsJson(terms, instrument),
    reduceOnly,
    clientId,
    because,
    ...reasoningJson(reasoning, instrument),
    ...exitJson(exit, instrument),
  };
}

function exitJson(exit: ExitReading | undefined, instrument: Instrument): DecisionJson {
  if (exit === undefined) return {};
  const price = (of: number) => averagePriceText(instrument, of);
  const { gates } = exit;
  return {
    exit: {
      contracts: contractsText(instrument, exit.lots),
      average: price(exit.averageTicks),
      mark: priceText(instrument, ticks(exit.markTicks)),
      atr: price(exit.atrTicks),
      stopDistance: price(exit.stopDistanceTicks),
      targetDistance: price(exit.targetDistanceTicks),
      roundTripPercent: formatUnits(BigInt(Math.round(exit.roundTripShare * 1e8)), 6),
      timeLimit: new Date(exit.timeLimitAt).toISOString(),
      ...(gates === undefined ? {} : { gates: gates.map((gate) => shownReading(gate, instrument)) }),
    },
  };
}

function termsJson(terms: OrderTerms, instrument: Instrument): DecisionJson {
  switch (terms.type) {
    case 'market':
      return { type: terms.type };
    case 'limit':
      return { type: terms.type, price: priceText(instrument, terms.priceTicks), postOnly: terms.postOnly };
    case 'ioc':
      return { type: terms.type, price: priceText(instrument, terms.priceTicks) };
    case 'stop':
      return { type: terms.type, trigger: priceText(instrument, terms.triggerTicks), by: terms.by };
  }
}

function amendJson(amend: Amend, instrument: Instrument): DecisionJson {
  const { instId, clientId, priceTicks, triggerTicks, sizeLots, because, exit } = amend;
  return {
    symbol: instId,
    clientId,
    ...(priceTicks === undefined ? {} : { price: priceText(instrument, priceTicks) }),
    ...(triggerTicks === undefined ? {} : { trigger: priceText(instrument, triggerTicks) }),
    ...(sizeLots === undefined ? {} : { contracts: contractsText(instrument, sizeLots) }),
    because,
    ...exitJson(exit, instrument),
  };
}

function closedJson(closed: PositionClosed, instrument: Instrument): DecisionJson {
  const money = (units: number) => moneyText(BigInt(units));
  return {
    symbol: closed.instId,
    position: closed.position,
    side: closed.side,
    reason: closed.reason,
    regime: closed.regime,
    profile: closed.profile,
    openedAt: closed.openedAt,
    entryContracts: contractsText(instrument, closed.entryLots),
    contractsMost: contractsText(instrument, closed.lotsMost),
    average: averagePriceText(instrument, closed.averageTicks),
    exit: averagePriceText(instrument, closed.exitTicks),
    leverage: closed.leverage,
    additions: closed.additions,
    partials: closed.partials,
    gross: money(closed.grossUnits),
    fees: money(closed.feeUnits),
    funding: money(closed.fundingUnits),
    net: money(closed.grossUnits - closed.feeUnits + closed.fundingUnits),
    rungs: closed.rungs.map(({ number, at, lots, valueUnits, feeUnits }) => ({
      rung: number,
      at,
      contracts: contractsText(instrument, lots),
      value: money(valueUnits),
      fees: money(feeUnits),
    })),
  };
}

/** A price between two ticks, to a thousandth of one: for show, never for booking. */
export function averagePriceText({ tickSize }: Instrument, averageTicks: number): string {
  return formatUnits(BigInt(Math.round(averageTicks * 1_000)) * tickSize.units, tickSize.scale + 3);
}

function reasoningJson(reasoning: Reasoning | undefined, instrument: Instrument): DecisionJson {
  if (reasoning === undefined) return {};
  return { ...shownReasoning(reasoning, instrument) };
}

export type ShownReasoning = Omit<Reasoning, 'gates' | 'judged'> & {
  readonly judged?: { readonly price: string; readonly mark: string };
  readonly gates: readonly ShownReading[];
};

/** @param instrument undefined: not known, so sizes stay in lots and prices are left out */
export function shownReasoning(
  { judged, gates, ...rest }: Reasoning,
  instrument: Instrument | undefined,
): ShownReasoning {
  const prices =
    judged === undefined || instrument === undefined
      ? {}
      : {
          judged: {
            price: priceText(instrument, ticks(judged.priceTicks)),
            mark: priceText(instrument, ticks(judged.markTicks)),
          },
        };
  return {
    ...rest,
    ...prices,
    gates: gates.map((gate) => shownReading(gate, instrument)),
  };
}
