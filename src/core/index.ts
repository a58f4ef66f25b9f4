/**
 * The ladder as a library: `import { … } from 'rungwise/core'`. This page is the whole surface; what it does not name may change any day.
 *
 * Pure and synchronous: no I/O, no clock, no chance, no dependency; runs in Node and in a browser. Core has no default values: a `Policy` is
 * complete, and `loadConfig` or `effectivePolicy` of `rungwise/config` make one from the keys of `rungwise.yaml`.
 *
 * Four ways in: plan a ladder or a book before any order (`planLadder`, `planBook`); ask the gates (`judgeEntry`, `judgeAddition`); run the
 * whole bot, an event in and decisions out (`newRegistry`, `step`); and the arithmetic under them (units, margin, exact fractions).
 *
 * @module core
 */

// Units: one door into each; after it the type is the proof.
export {
  type Lots,
  lots,
  type Money,
  money,
  type Side,
  type SideName,
  sideName,
  sideOf,
  type Ticks,
  ticks,
  UnitError,
} from './numbers/units.ts';
export { type Decimal, decimal, DecimalError, formatDecimal } from './numbers/decimal.ts';
export { type Arithmetic, type Fraction, fractions, roundedUnits } from './numbers/arithmetic.ts';
export {
  contractsText,
  type Instrument,
  instrument,
  type InstrumentText,
  lotsOf,
  moneyText,
  priceText,
  ticksOf,
  type Tier,
} from './instrument/instrument.ts';

// What holds: made complete by rungwise/config.
export type { ByProfile, ByRegime, Policy, Profile, Regime } from './policy.ts';

// The ladder before its first order.
export { coefficientOf, coefficientSum, type LadderRules, ladderRules } from './ladder/ladder.ts';
export {
  type LadderPlan,
  type LadderQuestion,
  type PlannedPosition,
  type PlannedRung,
  planLadder,
  type RestOfBook,
} from './ladder/ladder-plan.ts';
export { type BookCap, type BookLadder, type BookPlan, type BookQuestion, planBook } from './ladder/book-plan.ts';
export {
  type BookWorstCase,
  bookWorstCase,
  type LadderExposure,
  type LadderWorstCase,
  ladderWorstCase,
} from './ladder/worst-case.ts';
export { type LossCaps, lossCaps, type LossReading } from './ladder/loss-caps.ts';

// May we? Every gate with its value and its limit.
export {
  type AdditionSituation,
  type EntrySituation,
  type GridFacts,
  type Judgement,
  judgeAddition,
  judgeEntry,
  type PositionFacts,
  type RunningFacts,
  type Situation,
} from './adding/gates.ts';
export type { AccountFacts } from './ladder/limits.ts';
export type { AdditionGate, EntryGate, GateReading, RefusalCode } from './refusal.ts';

// The bot: events in, decisions out.
export type { CoreEvent, Filled, SignalGiven } from './event.ts';
export type { Decision, Place, PositionClosed, Refused } from './decision.ts';
export type { Approved, Order, OrderRole, OrderTerms } from './orders/order.ts';
export { newRegistry, nextDeadlineMs, type Registry, type RegistryOptions, type SymbolState } from './registry.ts';
export { step } from './step.ts';

// Margin of a linear USDT swap: each formula once.
export {
  bankruptcyPrice,
  breakEvenPrice,
  initialMargin,
  liquidationPrice,
  marginRatio,
  plannedLiquidationPrice,
} from './position/margin.ts';
