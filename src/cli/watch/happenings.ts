/**
 * What happens in a bot that is worth a line: fills, rungs, refusals, closed trades. Plain JSON, made from what the loop has thought; looks
 * on and changes nothing.
 */
import type { AlertCode, Decision, Governed, Halting } from '../../core/decision.ts';
import type { CoreEvent, Filled } from '../../core/event.ts';
import { haltingOf, voteInForce } from '../../core/governors/door.ts';
import { contractsText, type Instrument, moneyText, priceText, valueMoney } from '../../core/instrument/instrument.ts';
import { type Side, type SideName, sideName } from '../../core/numbers/units.ts';
import { type OrderRole, partsOfClientId } from '../../core/orders/order.ts';
import { averageTicks } from '../../core/position/position.ts';
import type { GateReading, PartialGuard, RefusalCode } from '../../core/refusal.ts';
import type { Registry, SymbolState } from '../../core/registry.ts';
import { type AlertShown, alertShown } from '../../report/decision/alert-facts.ts';
import { averagePriceText, type DecisionJson, decisionJson } from '../../report/decision/decision-json.ts';
import { type GateUnit, shownReading } from '../../report/decision/gate-reading.ts';

export type Happening =
  | FillHappened
  | RungHappened
  | RefusalHappened
  | TradeHappened
  | GovernedHappened
  | AlertHappened;

interface At {
  readonly at: number;
  readonly time: string;
  readonly symbol: string;
}

interface FillHappened extends At {
  readonly kind: 'fill';
  /** Absent: not an order of ours (liquidation). */
  readonly role?: OrderRole;
  /** Of a rung. */
  readonly rung?: number;
  readonly side: 'buy' | 'sell';
  readonly contracts: string;
  readonly price: string;
  readonly value: string;
  readonly fee: string;
  readonly liquidity: 'maker' | 'taker';
}

/** The entry (0) or a rung begins to be filled: it counts from here. */
export interface RungHappened extends At {
  readonly kind: 'rung';
  readonly rung: number;
  readonly side: SideName;
  readonly averageBefore: string | null;
  readonly average: string;
  /** Where the protective stop goes with it; null where it stands well. */
  readonly stop: string | null;
}

export interface RefusalHappened extends At {
  readonly kind: 'refusal';
  readonly what: 'entry' | 'addition' | 'partial';
  readonly side: SideName | null;
  readonly code: RefusalCode | PartialGuard;
  /** Of the gate that said no. */
  readonly value: string | null;
  readonly limit: string | null;
  /** Of both; absent where they are no numbers. */
  readonly unit?: GateUnit;
  /** Of `halted`: who or what, and until when. */
  readonly halting?: Halting;
}

export type TradeHappened = At & { readonly kind: 'trade'; readonly trade: DecisionJson };

type GovernedHappened = At & { readonly kind: 'governed' } & Omit<Governed, 'kind' | 'at' | 'instId'>;

export interface AlertHappened extends At {
  readonly kind: 'alert';
  readonly code: AlertCode;
  /** As it stands in the journal: English. */
  readonly message: string;
  /** The same as values. */
  readonly facts?: AlertShown;
}

/** The scalper's last word on a symbol, by the mode in force. */
export interface SignalSeen {
  readonly at: number;
  readonly side: Side;
  readonly strength: number;
}

export class Happenings {
  readonly signals = new Map<string, SignalSeen>();
  readonly #tell: (happening: Happening) => void;
  /** Average of each position before the present event. */
  readonly #averages = new Map<string, string>();
  readonly #counted = new Set<string>();

  constructor(tell: (happening: Happening) => void) {
    this.#tell = tell;
  }

  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    if (event.kind === 'candle-closed') this.#see(registry, registry.byInstId.get(event.instId), event.at);
    if (event.kind === 'filled') this.#fill(event, decisions, registry);
    for (const decision of decisions) this.#decide(decision, registry);
  }

  #see(registry: Registry, symbol: SymbolState | undefined, at: number): void {
    if (symbol === undefined) return;
    const { signalSide, signalStrength } = symbol.series;
    const { side, strength } = voteInForce(registry, symbol) ?? { side: signalSide, strength: signalStrength };
    if (side !== 0) this.signals.set(symbol.instrument.instId, { at, side, strength });
  }

  #fill(event: Filled, decisions: readonly Decision[], registry: Registry): void {
    const symbol = registry.byInstId.get(event.instId);
    if (symbol === undefined) return;
    const { instrument } = symbol;
    const parts = event.clientId === undefined ? undefined : partsOfClientId(event.clientId);
    const head = headOf(event.at, event.instId);
    this.#tell({
      kind: 'fill',
      ...head,
      ...(parts === undefined ? {} : { role: parts.role }),
      ...(parts?.role === 'rung' ? { rung: parts.step } : {}),
      side: event.side === 1 ? 'buy' : 'sell',
      contracts: contractsText(instrument, event.sizeLots),
      price: priceText(instrument, event.priceTicks),
      value: moneyText(valueMoney(instrument, event.sizeLots, event.priceTicks)),
      fee: moneyText(event.fee),
      liquidity: event.liquidity,
    });
    const { position } = symbol;
    if (position === undefined || position.holding.lots === 0) {
      this.#averages.delete(event.instId);
      return;
    }
    const average = averagePriceText(instrument, averageTicks(position.holding, instrument));
    const step = `${event.instId} ${position.number} ${parts?.step}`;
    if (parts !== undefined && (parts.role === 'rung' || parts.role === 'entry') && !this.#counted.has(step)) {
      this.#counted.add(step);
      this.#tell({
        kind: 'rung',
        ...head,
        rung: parts.step,
        side: sideName(position.holding.side),
        averageBefore: this.#averages.get(event.instId) ?? null,
        average,
        stop: stopIn(decisions, instrument),
      });
    }
    this.#averages.set(event.instId, average);
  }

  #decide(decision: Decision, registry: Registry): void {
    if (decision.kind === 'refused')
      this.#tell({
        kind: 'refusal',
        ...headOf(decision.at, decision.instId),
        what: decision.what,
        side: decision.side,
        code: decision.code,
        ...readingOf(decision.code, decision.reasoning?.gates, instrumentIn(registry, decision.instId)),
        ...(decision.code === 'halted' ? haltingIn(registry, decision.instId) : {}),
      });
    else if (decision.kind === 'held')
      this.#tell({
        kind: 'refusal',
        ...headOf(decision.at, decision.instId),
        what: 'partial',
        side: null,
        code: decision.code,
        ...readingOf(decision.code, decision.exit?.gates, instrumentIn(registry, decision.instId)),
      });
    else if (decision.kind === 'position-closed') {
      const trade = decisionJson(decision, (instId) => instrumentIn(registry, instId));
      this.#tell({ kind: 'trade', ...headOf(decision.at, decision.instId), trade });
    } else if (decision.kind === 'governed') {
      const { governor, instId, old, because, until } = decision;
      const head = headOf(decision.at, instId ?? '');
      this.#tell({ kind: 'governed', ...head, governor, old, new: decision.new, because, until });
    } else if (decision.kind === 'alert') {
      const { at, instId, code, message } = decision;
      const facts = alertShown(decision, registry.byInstId.get(instId ?? '')?.instrument);
      this.#tell({
        kind: 'alert',
        ...headOf(at, instId ?? ''),
        code,
        message,
        ...(facts === undefined ? {} : { facts }),
      });
    }
  }
}

function headOf(at: number, symbol: string): At {
  return { at, time: new Date(at).toISOString(), symbol };
}

function instrumentIn(registry: Registry, instId: string): Instrument {
  const symbol = registry.byInstId.get(instId);
  if (symbol === undefined) throw new RangeError(`${instId} is not among the symbols of this run`);
  return symbol.instrument;
}

/** What was in the way a moment ago, when the decision was made, still is. */
function haltingIn(registry: Registry, instId: string): { readonly halting?: Halting } {
  const symbol = registry.byInstId.get(instId);
  const halting = symbol === undefined ? undefined : haltingOf(registry, symbol);
  return halting === undefined ? {} : { halting };
}

function readingOf(
  refusedBy: RefusalCode,
  gates: readonly GateReading[] = [],
  instrument: Instrument,
): Pick<RefusalHappened, 'value' | 'limit' | 'unit'> {
  const gate = gates.find(({ code }) => code === refusedBy);
  if (gate === undefined) return { value: null, limit: null };
  const { value, limit, unit } = shownReading(gate, instrument);
  return { value, limit, ...(unit === undefined ? {} : { unit }) };
}

/** The trigger that these decisions give the protective stop, new or moved. */
function stopIn(decisions: readonly Decision[], instrument: Instrument): string | null {
  for (const decision of decisions) {
    if (decision.kind === 'place' && decision.order.terms.type === 'stop')
      return priceText(instrument, decision.order.terms.triggerTicks);
    if (decision.kind === 'amend' && decision.triggerTicks !== undefined)
      return priceText(instrument, decision.triggerTicks);
  }
  return null;
}
