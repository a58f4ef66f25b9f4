/**
 * Signal → action: what a signal leads to on a flat symbol and on an open position. Source: rules.md §3, ladder.md §3–4.
 *
 * One intent type travels end to end (lessons.md 1). Whatever throws while deciding refuses: `decision-failed` (lessons.md 5).
 */
import { explained } from '../alert.ts';
import type { Halting, Reasoning, Refused } from '../decision.ts';
import { planExits } from '../exits/exits.ts';
import {
  componentsInForce,
  haltingText,
  haltOf,
  noteEntry,
  scalperSource,
  sizeFactor,
  tellDistances,
  voteInForce,
} from '../governors/door.ts';
import { coefficientSumFor } from '../ladder/kept-ladder.ts';
import { plannedLeverage } from '../ladder/leverage.ts';
import type { AccountFacts } from '../ladder/limits.ts';
import { type PlanFacts, plannedBase, strengthFactor, tierValueMax, volatilityFactor } from '../ladder/plan.ts';
import { bookWorstCaseUnits, entryExposure, stoppedLossUnits, targetReachTicks } from '../ladder/worst-case.ts';
import type { Vote } from '../market/signal.ts';
import type { Arithmetic } from '../numbers/arithmetic.ts';
import type { Decimal } from '../numbers/decimal.ts';
import { type Side, sideName } from '../numbers/units.ts';
import { beginWork } from '../orders/execution.ts';
import { decide } from '../orders/orders.ts';
import { ofRegime, type Regime } from '../policy.ts';
import type { RefusalCode } from '../refusal.ts';
import {
  type AccountUnits,
  type AsIf,
  accountUnits,
  balanceUnits,
  markTouched,
  type PlannedExits,
  type Position,
  type Registry,
  type SignalFacts,
  type SymbolState,
} from '../registry.ts';
import {
  accountFacts,
  type CostShares,
  costShares,
  fundingDue,
  gridFacts,
  type MetRegime,
  priceOf,
  regimeMet,
  usdt,
} from '../situation.ts';
import { type EntrySituation, type Judgement, judgeEntry, type RunningFacts } from './gates.ts';

/** How a try is made: the first at its style, a follow-up as taker under the attempt's next number. */
export interface Try {
  readonly urgent: boolean;
  /** Of a follow-up: position and attempt of the order that ended unfilled. */
  readonly after: { readonly position: number; readonly attempt: number } | undefined;
}

export const FIRST_TRY: Try = { urgent: false, after: undefined };

/** Judges an entry and sends it, or says why not. */
export function enter(registry: Registry, symbol: SymbolState, signal: SignalFacts, how: Try = FIRST_TRY): void {
  guarded(registry, symbol, signal, 'entry', () => {
    const met = regimeMet(registry, symbol, signal.side);
    const exits = planExits(registry, symbol, met.regime);
    if (exits === undefined) {
      const code = haltOf(registry, symbol, accountUnits(registry)) === undefined ? 'state-unknown' : 'halted';
      return refuse(registry, symbol, signal, 'entry', code, undefined);
    }
    const priceTicks = entryTicks(registry, symbol, signal.side, how.urgent);
    const leverage = leverageOf(registry, symbol, signal, met.regime, exits, priceTicks);
    const plain = plainFacts(registry, symbol, signal, met, priceTicks, exits);
    const bookUnits = bookWorstCaseUnits(registry);
    const situation = <N>(m: Arithmetic<N>): EntrySituation<N> => {
      const market = marketFacts(m, registry, symbol, plain);
      const sizeLots = m.floor(
        m.over(
          plannedBase(
            m,
            registry.policy,
            planFacts(m, registry, symbol, plain, exits, leverage, market, market.account),
          ),
          m.times(m.of(symbol.instrument.coinsPerLot), market.price),
        ),
      );
      return {
        ...commonFacts(m, registry, symbol, plain, market, 0),
        sizeLots,
        leverage,
        stopPrice: priceOf(m, symbol.instrument, Math.max(1, priceTicks - signal.side * exits.stopDistanceTicks)),
        reentryWaitMs: reentryWaitMs(registry, symbol, signal.side),
        sinceCloseMs: symbol.lastClose === undefined ? undefined : registry.now - symbol.lastClose.at,
        worstCaseLoss: usdt(
          m,
          bookUnits + entryWorstCaseUnits(registry, symbol, signal.side, exits, leverage, sizeLots, priceTicks),
        ),
      };
    };
    const judgement = judgeEntry(registry.policy, situation, registry.traced);
    const reasoning = reasoningOf(registry, symbol, plain, null, leverage, judgement);
    if (judgement.code !== null) return refuse(registry, symbol, signal, 'entry', judgement.code, reasoning);
    // No reading tells the leverage of a symbol of which nothing is open: somebody may have set another one since the last life.
    if (how.after === undefined || symbol.leverage !== leverage)
      decide(registry, { kind: 'set-leverage', at: registry.now, instId: symbol.instrument.instId, leverage });
    tellDistances(registry, symbol, exits.factor);
    const position = how.after?.position ?? registry.nextPosition++;
    const attempt = (how.after?.attempt ?? 0) + 1;
    noteEntry(symbol, position, signal.source);
    beginWork(
      registry,
      symbol,
      {
        purpose: 'entry',
        side: signal.side,
        position,
        step: 0,
        attempt,
        sizeLots: judgement.sizeLots,
        urgent: how.urgent,
        because: signal.source,
        signal,
        rung: undefined,
        exits,
        leverage,
      },
      judgement,
      reasoning,
    );
  });
}

/** Runs a decision; whatever it throws becomes a refusal with the error. */
export function guarded(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  what: Refused['what'],
  decision: () => void,
): void {
  const before = registry.decisions.length;
  try {
    decision();
  } catch (error) {
    registry.decisions.length = before;
    markTouched(registry, symbol);
    decide(registry, {
      kind: 'refused',
      at: registry.now,
      instId: symbol.instrument.instId,
      what,
      side: sideName(signal.side),
      code: 'decision-failed',
      error: String(error),
      reasoning: undefined,
    });
  }
}

export function refuse(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  what: Refused['what'],
  code: RefusalCode,
  reasoning: Reasoning | undefined,
): void {
  decide(registry, {
    kind: 'refused',
    at: registry.now,
    instId: symbol.instrument.instId,
    what,
    side: sideName(signal.side),
    code,
    reasoning,
  });
}

/** The touch that the order will meet: ours as maker, the other side's as taker. */
export function entryTicks(registry: Registry, symbol: SymbolState, side: Side, urgent: boolean): number {
  const asTaker = urgent || registry.policy.execution.entryStyle === 'taker';
  return (side === 1) === asTaker ? symbol.askTicks : symbol.bidTicks;
}

function leverageOf(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  regime: Regime,
  exits: PlannedExits,
  priceTicks: number,
): number {
  return plannedLeverage(registry.policy, symbol.instrument, registry.profile, priceTicks, {
    strength: signal.strength,
    regime,
    atrPercent: symbol.series.atrPercent,
    stopShare: exits.stopDistanceTicks / priceTicks,
  });
}

/** What a judgement looks at, before it is read in one arithmetic or the other. */
interface PlainFacts {
  readonly signal: SignalFacts;
  readonly met: MetRegime;
  readonly priceTicks: number;
  readonly markTicks: number;
  /** Undefined while the market is not known. */
  readonly exits: PlannedExits | undefined;
  readonly account: AccountUnits;
  readonly halting: Halting | undefined;
  /** Of the base, by the day; undefined: 1. */
  readonly sizeFactor: Decimal | undefined;
  /** The order that is judged rests already: it is not in its own way, and is judged at its own price, which has no age. */
  readonly rests: boolean;
}

export function plainFacts(
  registry: Registry,
  symbol: SymbolState,
  signal: SignalFacts,
  met: MetRegime,
  priceTicks: number,
  exits: PlannedExits | undefined,
  asIf?: AsIf,
): PlainFacts {
  const now = accountUnits(registry);
  const account = asIf === undefined ? now : accountUnits(registry, undefined, asIf);
  const halting = haltOf(registry, symbol, now, account);
  const rests = asIf?.without !== undefined;
  const markTicks = asIf?.markTicks ?? symbol.markTicks;
  const byDay = sizeFactor(registry, now, account);
  return { signal, met, priceTicks, markTicks, exits, account, halting, sizeFactor: byDay, rests };
}

/** What both the plan and the gates ask: read once. */
interface MarketFacts<N> {
  readonly price: N;
  readonly volatilityFactor: N;
  readonly costs: CostShares<N>;
  readonly account: AccountFacts<N>;
}

export function marketFacts<N>(
  m: Arithmetic<N>,
  registry: Registry,
  symbol: SymbolState,
  { priceTicks, account }: PlainFacts,
): MarketFacts<N> {
  return {
    price: priceOf(m, symbol.instrument, priceTicks),
    volatilityFactor: volatility(m, symbol),
    costs: costShares(m, symbol, registry.policy),
    account: accountFacts(m, account),
  };
}

/** Loss of the whole ladder that this entry would begin. */
function entryWorstCaseUnits(
  registry: Registry,
  symbol: SymbolState,
  side: Side,
  exits: PlannedExits,
  leverage: number,
  sizeLots: number,
  priceTicks: number,
): number {
  const { instrument, markTicks } = symbol;
  const { stopDistanceTicks, exitShare, atrTicks } = exits;
  const valueUnits = sizeLots * priceTicks * instrument.moneyPerTickLot;
  const coefficients = symbol.coefficientSums[registry.profile];
  return stoppedLossUnits(
    registry.policy,
    balanceUnits(registry),
    entryExposure({
      instrument,
      side,
      priceTicks,
      valueUnits,
      coefficients,
      stopDistanceTicks,
      targetReachTicks: targetReachTicks(registry.policy, priceTicks, exits),
      exitShare,
      leverage,
      markTicks,
      atrTicks,
    }),
  );
}

/**
 * The rung's base: the entry's filled value, or what a new position would get now if that is less (D2); 0 for an adopted position without one. `others`: the account as if this symbol were flat.
 */
export function baseNow<N>(
  m: Arithmetic<N>,
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  plain: PlainFacts,
  market: MarketFacts<N>,
  others: AccountUnits,
): N {
  const { exits } = plain;
  if (exits === undefined) return m.zero;
  const frozen = usdt(m, position.baseUnits);
  if (position.leverage === undefined) return frozen;
  const facts = {
    ...planFacts(m, registry, symbol, plain, exits, position.leverage, market, accountFacts(m, others)),
    coefficientSum: m.of(coefficientSumFor(symbol, position, registry.profile)),
  };
  return m.lesser(frozen, plannedBase(m, registry.policy, facts));
}

function planFacts<N>(
  m: Arithmetic<N>,
  registry: Registry,
  symbol: SymbolState,
  { signal, met, priceTicks, sizeFactor: byDay }: PlainFacts,
  exits: PlannedExits,
  leverage: number,
  market: MarketFacts<N>,
  account: AccountFacts<N>,
): PlanFacts<N> {
  const byStrength = strengthFactor(
    m,
    registry.policy,
    m.ratio(Math.round(signal.strength * STRENGTH_STEPS), STRENGTH_STEPS),
  );
  return {
    coefficientSum: m.of(symbol.coefficientSums[registry.profile]),
    profile: registry.profile,
    regime: met.regime,
    leverage,
    volatilityFactor: market.volatilityFactor,
    account,
    stopShare: m.ratio(exits.stopDistanceTicks, priceTicks),
    exitCostShare: market.costs.exit,
    tierValueMax: tierValueMax(m, symbol.instrument, leverage, priceTicks),
    factor: byDay === undefined ? byStrength : m.times(byStrength, m.of(byDay)),
  };
}

/** A strength is read in steps of 1/1200: every score of the scalper (twelfths) is one exactly. */
const STRENGTH_STEPS = 1200;

/** Indicators are doubles; the rules read them in whole steps so that both arithmetics see the same number. */
const INDICATOR_STEPS = 2 ** 40;

function volatility<N>(m: Arithmetic<N>, symbol: SymbolState): N {
  const { atrFraction, meanAtrFraction } = symbol.series;
  if (atrFraction === undefined || meanAtrFraction === undefined) return m.one;
  return volatilityFactor(
    m,
    m.whole(Math.round(meanAtrFraction * INDICATOR_STEPS)),
    m.whole(Math.round(atrFraction * INDICATOR_STEPS)),
  );
}

export function commonFacts<N>(
  m: Arithmetic<N>,
  registry: Registry,
  symbol: SymbolState,
  plain: PlainFacts,
  market: MarketFacts<N>,
  heldLots: number,
): Omit<EntrySituation<N>, 'sizeLots' | 'leverage' | 'stopPrice' | 'reentryWaitMs' | 'sinceCloseMs' | 'worstCaseLoss'> {
  const { signal, met, exits, halting } = plain;
  return {
    halted: halting !== undefined,
    haltedBy: halting === undefined ? undefined : haltingText(halting),
    stateKnown: registry.ready && symbol.unexplained === undefined && symbol.pricedAt >= 0 && exits !== undefined,
    ordersInFlight: (plain.rests || symbol.working === undefined) && symbol.position?.closing === undefined ? 0 : 1,
    side: signal.side,
    price: market.price,
    priceAgeMs: plain.rests ? undefined : registry.now - symbol.quotedAt,
    signalPrice: priceOf(m, symbol.instrument, signal.priceTicks),
    now: registry.now,
    regime: met.regime,
    volatilityFactor: market.volatilityFactor,
    profile: registry.profile,
    account: market.account,
    grid: gridFacts(m, symbol.instrument, registry.policy, heldLots),
    running: runningFacts(m, registry, symbol, plain, market),
  };
}

/** What is open goes to its own target and ends at its own time; a new position to those that it would be given. */
function runningFacts<N>(
  m: Arithmetic<N>,
  registry: Registry,
  symbol: SymbolState,
  { signal, met, exits }: PlainFacts,
  market: MarketFacts<N>,
): RunningFacts<N> {
  const open = symbol.position?.exits;
  const until = open?.timeLimitAt ?? registry.now + ofRegime(registry.policy.exits.timeLimitMs, met.regime);
  const targetTicks = (open ?? exits)?.targetDistanceTicks ?? 0;
  return {
    fundingInMs: symbol.funding === undefined ? undefined : Math.abs(symbol.funding.settlesAt - registry.now),
    fundingDue: fundingDue(m, symbol, signal.side, registry.now, until),
    expectedMove: m.ratio(targetTicks, symbol.markTicks),
    roundTripCost: market.costs.roundTrip,
    trendAgainst: met.refused,
  };
}

function reentryWaitMs(registry: Registry, symbol: SymbolState, side: Side): number {
  const { lastClose } = symbol;
  const { reentry } = registry.policy.execution;
  if (lastClose === undefined) return 0;
  if (lastClose.side !== side) return reentry.oppositeSideMs;
  return lastClose.lost ? reentry.afterLossMs : reentry.sameSideMs;
}

export function reasoningOf(
  registry: Registry,
  symbol: SymbolState,
  { signal, met: { regime }, priceTicks, markTicks, halting }: PlainFacts,
  coefficient: string | null,
  leverage: number | null,
  judgement: Judgement<string>,
): Reasoning | undefined {
  const { gates } = judgement;
  if (gates === undefined) return undefined;
  return explained(registry, symbol, undefined, () => ({
    profile: registry.profile,
    regime,
    market: symbol.series.regimeRecord,
    strength: signal.strength,
    source: signal.source,
    reasons: signal.reasons,
    coefficient,
    leverage,
    judged: { priceTicks, markTicks },
    gates,
    ...(judgement.code === 'halted' ? { halting } : {}),
  }));
}

/** The scalper's signal of the candle that just closed, by the mode in force, if it gave one. */
export function scalperSignal(registry: Registry, symbol: SymbolState): SignalFacts | undefined {
  const vote = voteInForce(registry, symbol);
  const side = vote === undefined ? symbol.series.signalSide : vote.side;
  return side === 0 ? undefined : signalFacts(registry, symbol, vote, side);
}

function signalFacts(registry: Registry, symbol: SymbolState, vote: Vote | undefined, side: Side): SignalFacts {
  const reasons = registry.traced
    ? explained<readonly string[]>(registry, symbol, [], () => {
        const counted = componentsInForce(registry, symbol);
        return symbol.series
          .reasons(side)
          .filter(({ component }) => counted?.includes(component) ?? true)
          .map((reason) => `${reason.component} ${reason.points}`);
      })
    : [];
  return {
    side,
    strength: vote === undefined ? symbol.series.signalStrength : vote.strength,
    priceTicks: symbol.markTicks,
    at: registry.now,
    source: scalperSource(registry, symbol),
    reasons,
  };
}
