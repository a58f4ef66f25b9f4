/**
 * What an entry or a rung is judged by: the market, the account and the limits in force as they are at one moment, read from the registry once and
 * handed to plan and gates in whichever arithmetic they are being read. Source: ladder.md §3–4.
 *
 * A `Question` holds the registry's own numbers; what follows of it for the rules is made of it by `sharedFacts`, `gateFacts`, `newBase` and `rungBase`.
 */

import { explained } from '../alert.ts';
import type { Halting, Reasoning } from '../decision.ts';
import { haltingText, haltOf, sizeFactor } from '../governors/door.ts';
import { coefficientSumFor } from '../ladder/kept-ladder.ts';
import type { AccountFacts } from '../ladder/limits.ts';
import { plannedBase, strengthFactor, tierValueMax, volatilityFactor } from '../ladder/plan.ts';
import { stepsOf } from '../market/series.ts';
import type { Arithmetic } from '../numbers/arithmetic.ts';
import type { Decimal } from '../numbers/decimal.ts';
import { ofRegime } from '../policy.ts';
import {
  type AccountUnits,
  type AsIf,
  accountUnits,
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
  usdt,
} from '../situation.ts';
import type { EntrySituation, Judgement, RunningFacts } from './gates.ts';

/** May this signal enlarge what is open, or open? */
interface Asked {
  readonly signal: SignalFacts;
  readonly met: MetRegime;
  /** Where the order would be. */
  readonly priceTicks: number;
  /** Undefined while the market is not known. */
  readonly exits: PlannedExits | undefined;
}

/** What is asked, and all that the answer looks at. */
export interface Question extends Asked {
  readonly registry: Registry;
  readonly symbol: SymbolState;
  readonly markTicks: number;
  readonly account: AccountUnits;
  readonly halting: Halting | undefined;
  /** Of the base, by the day; undefined: 1. */
  readonly sizeFactor: Decimal | undefined;
  /** The order that is judged rests already: it is not in its own way, and is judged at its own price, which has no age. */
  readonly rests: boolean;
}

/** @param asIf of a rung: the mark that it is judged at, without its own order where it rests */
export function questionOf(registry: Registry, symbol: SymbolState, asked: Asked, asIf?: AsIf): Question {
  const { signal, met, priceTicks, exits } = asked;
  const now = accountUnits(registry);
  const account = asIf === undefined ? now : accountUnits(registry, undefined, asIf);
  return {
    registry,
    symbol,
    signal,
    met,
    priceTicks,
    exits,
    markTicks: asIf?.markTicks ?? symbol.markTicks,
    account,
    halting: haltOf(registry, symbol, now, account),
    sizeFactor: sizeFactor(registry, now, account),
    rests: asIf?.without !== undefined,
  };
}

/** What both the plan and the gates ask: read once. */
interface SharedFacts<N> {
  readonly price: N;
  readonly volatilityFactor: N;
  readonly costs: CostShares<N>;
  readonly account: AccountFacts<N>;
}

export function sharedFacts<N>(m: Arithmetic<N>, { registry, symbol, priceTicks, account }: Question): SharedFacts<N> {
  return {
    price: priceOf(m, symbol.instrument, priceTicks),
    volatilityFactor: volatility(m, symbol),
    costs: costShares(m, symbol, registry.policy),
    account: accountFacts(m, account),
  };
}

function volatility<N>(m: Arithmetic<N>, symbol: SymbolState): N {
  const { atrFraction, meanAtrFraction } = symbol.series;
  if (atrFraction === undefined || meanAtrFraction === undefined) return m.one;
  return volatilityFactor(m, m.whole(stepsOf(meanAtrFraction)), m.whole(stepsOf(atrFraction)));
}

/** What the gates ask of entries and rungs alike. @param heldLots what is open already */
export function gateFacts<N>(
  m: Arithmetic<N>,
  question: Question,
  shared: SharedFacts<N>,
  heldLots: number,
): Omit<EntrySituation<N>, 'sizeLots' | 'leverage' | 'stopPrice' | 'reentryWaitMs' | 'sinceCloseMs' | 'worstCaseLoss'> {
  const { registry, symbol, signal, met, exits, halting, rests } = question;
  return {
    halted: halting !== undefined,
    haltedBy: halting === undefined ? undefined : haltingText(halting),
    stateKnown: registry.ready && symbol.unexplained === undefined && exits !== undefined,
    ordersInFlight: (rests || symbol.working === undefined) && symbol.position?.closing === undefined ? 0 : 1,
    side: signal.side,
    price: shared.price,
    priceAgeMs: rests ? undefined : registry.now - symbol.quotedAt,
    signalPrice: priceOf(m, symbol.instrument, signal.priceTicks),
    now: registry.now,
    regime: met.regime,
    volatilityFactor: shared.volatilityFactor,
    profile: registry.profile,
    account: shared.account,
    grid: gridFacts(m, symbol.instrument, registry.policy, heldLots),
    running: runningFacts(m, question, shared),
  };
}

/** What is open goes to its own target and ends at its own time; a new position to those that it would be given. */
function runningFacts<N>(
  m: Arithmetic<N>,
  { registry, symbol, signal, met, exits }: Question,
  shared: SharedFacts<N>,
): RunningFacts<N> {
  const open = symbol.position?.exits;
  const until = open?.timeLimitAt ?? registry.now + ofRegime(registry.policy.exits.timeLimitMs, met.regime);
  const targetTicks = (open ?? exits)?.targetDistanceTicks ?? 0;
  return {
    fundingInMs: symbol.funding === undefined ? undefined : Math.abs(symbol.funding.settlesAt - registry.now),
    fundingDue: fundingDue(m, symbol, signal.side, registry.now, until),
    expectedMove: m.ratio(targetTicks, symbol.markTicks),
    roundTripCost: shared.costs.roundTrip,
    trendAgainst: met.refused,
  };
}

/** What the ladder of a new position is planned with: each of these is another one for a rung's. */
interface BaseOf<N> {
  readonly exits: PlannedExits;
  readonly leverage: number;
  readonly account: AccountFacts<N>;
  readonly coefficientSum: Decimal;
}

/** Base of a new position: its value in USDT. */
export function newBase<N>(
  m: Arithmetic<N>,
  question: Question,
  shared: SharedFacts<N>,
  exits: PlannedExits,
  leverage: number,
): N {
  const coefficientSum = question.symbol.coefficientSums[question.registry.profile];
  return baseOf(m, question, shared, { exits, leverage, account: shared.account, coefficientSum });
}

/**
 * The rung's base: the entry's filled value, or what a new position would get now if that is less (D2); 0 for an adopted position without one.
 *
 * @param others the account as if this symbol were flat
 */
export function rungBase<N>(
  m: Arithmetic<N>,
  question: Question,
  shared: SharedFacts<N>,
  position: Position,
  others: AccountUnits,
): N {
  const { registry, symbol, exits } = question;
  if (exits === undefined) return m.zero;
  const frozen = usdt(m, position.baseUnits);
  const { leverage } = position;
  if (leverage === undefined) return frozen;
  const coefficientSum = coefficientSumFor(symbol, position, registry.profile);
  return m.lesser(
    frozen,
    baseOf(m, question, shared, { exits, leverage, account: accountFacts(m, others), coefficientSum }),
  );
}

/** A strength is read in steps of 1/1200: every score of the scalper (twelfths) is one exactly. */
const STRENGTH_STEPS = 1200;

function baseOf<N>(
  m: Arithmetic<N>,
  { registry, symbol, signal, met, priceTicks, sizeFactor: byDay }: Question,
  shared: SharedFacts<N>,
  { exits, leverage, account, coefficientSum }: BaseOf<N>,
): N {
  const { policy, profile } = registry;
  const byStrength = strengthFactor(m, policy, m.ratio(Math.round(signal.strength * STRENGTH_STEPS), STRENGTH_STEPS));
  return plannedBase(m, policy, {
    coefficientSum: m.of(coefficientSum),
    profile,
    regime: met.regime,
    leverage,
    volatilityFactor: shared.volatilityFactor,
    account,
    stopShare: m.ratio(exits.stopDistanceTicks, priceTicks),
    exitCostShare: shared.costs.exit,
    tierValueMax: tierValueMax(m, symbol.instrument, leverage, priceTicks),
    factor: byDay === undefined ? byStrength : m.times(byStrength, m.of(byDay)),
  });
}

/** Why the answer is what it is; undefined where nobody traces. */
export function reasoningOf(
  { registry, symbol, signal, met, priceTicks, markTicks, halting }: Question,
  coefficient: string | null,
  leverage: number | null,
  judgement: Judgement<string>,
): Reasoning | undefined {
  const { gates } = judgement;
  if (gates === undefined) return undefined;
  return explained(registry, symbol, undefined, () => ({
    profile: registry.profile,
    regime: met.regime,
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
