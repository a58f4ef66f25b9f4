/**
 * The verdict of one `decide` case: the core's own rules, read in exact fractions. Source: ladder.md §4, §5, §7.
 */

import { type AdditionSituation, type GridFacts, judgeAddition } from '../../core/adding/gates.ts';
import { explainPartial } from '../../core/exits/partial.ts';
import { coefficientOf, ladderRules } from '../../core/ladder/ladder.ts';
import type { AccountFacts } from '../../core/ladder/limits.ts';
import { profileOf } from '../../core/ladder/profile.ts';
import { type Arithmetic, fractions, roundedUnits, shownFraction } from '../../core/numbers/arithmetic.ts';
import {
  type Decimal,
  decimal,
  decimalOf,
  formatDecimal,
  formatUnits,
  inStepsOf,
  multiplyDecimals,
} from '../../core/numbers/decimal.ts';
import { sideOf } from '../../core/numbers/units.ts';
import type { Policy, Profile } from '../../core/policy.ts';
import type { GateReading } from '../../core/refusal.ts';
import type { AdditionCase, InstrumentCase, PartialCase, PositionCase } from './decide-case.ts';
import { CASE_SAID, MalformedCase } from './malformed-case.ts';

interface AdditionVerdict {
  readonly id: string;
  readonly profile: Profile;
  readonly coefficient: string | null;
  readonly contracts: string;
  readonly value: string;
  readonly margin: string;
  readonly gates: readonly GateReading[];
  readonly decision: 'add' | 'refuse';
  readonly code: string | null;
}

interface PartialCaseVerdict {
  readonly id: string;
  readonly decision: 'close' | 'hold';
  readonly code: string | null;
  readonly fraction: string;
  readonly contracts: string;
  readonly value: string;
  readonly netProfit: string | null;
}

const MAINTENANCE_RATE = decimal('0.004');
const TAKER_RATE = decimal('0.0005');

/** Judges an addition. @throws {MalformedCase} on a size or a price off the instrument's grid. */
export function additionVerdict(given: AdditionCase, policy: Policy): AdditionVerdict {
  const { instrument, position, market } = given;
  const profile = given.profile ?? profileOf(fractions, policy, fractions.of(given.account.balance));
  const rules = ladderRules(policy.scaling, instrument.instId, profile, market.regime);
  refuseOffGrid(given);
  refuseOffTick(instrument, given.signal.price, 'signal.price');
  const situation = <N>(m: Arithmetic<N>): AdditionSituation<N> => ({
    halted: given.halted ?? false,
    stateKnown: given.stateKnown ?? true,
    ordersInFlight: position?.ordersInFlight ?? 0,
    side: sideOf(given.signal.side),
    price: m.of(market.price),
    priceAgeMs: market.priceAgeMs,
    signalPrice: given.signal.price === undefined ? undefined : m.of(given.signal.price),
    now: market.now,
    regime: market.regime,
    volatilityFactor: m.of(market.volatilityFactor),
    profile,
    account: accountOf(m, given),
    grid: gridOf(m, given),
    running: undefined,
    position: position === null ? undefined : positionOf(m, given, position),
    rules,
    pnlPercent: given.pnlPercent === undefined ? undefined : m.of(given.pnlPercent),
  });
  const { code, sizeLots, gates = [] } = judgeAddition(policy, situation, true);
  const coefficient = position === null ? null : formatDecimal(coefficientOf(rules, position.additions.length + 1));
  const size = sizeOf(instrument, sizeLots);
  const value = multiplyDecimals(multiplyDecimals(size, instrument.ctVal), market.price);
  const margin = code === null && position?.leverage ? marginText(value, position.leverage) : '0';
  return {
    id: given.id,
    profile,
    coefficient,
    contracts: formatDecimal(size),
    value: formatDecimal(value),
    margin,
    gates: gates.map((gate) => gateOfCase(instrument, gate)),
    decision: code === null ? 'add' : 'refuse',
    code,
  };
}

/** Its lines are ladder.md §7's to the letter, and those know no unit: a size is one in contracts there. */
function gateOfCase(instrument: InstrumentCase, { code, ok, value, limit, unit }: GateReading): GateReading {
  if (unit !== 'lots' || value === null || limit === null) return { code, ok, value, limit };
  const size = (lots: string) => formatDecimal(sizeOf(instrument, Number(lots)));
  return { code, ok, value: size(value), limit: size(limit) };
}

/** Sizes in whole lots, prices in whole ticks (ladder.md §6); an average entry is a cost sum and lies on no grid. */
function refuseOffGrid({ instrument, position, market }: AdditionCase | PartialCase): void {
  if (position !== null) {
    lotsIn(instrument, position.contracts, 'position.contracts');
    if (position.entryContracts !== undefined) lotsIn(instrument, position.entryContracts, 'position.entryContracts');
    refuseOffTick(instrument, position.stopPrice, 'position.stopPrice');
  }
  refuseOffTick(instrument, market.price, 'market.price');
}

function refuseOffTick({ tickSz }: InstrumentCase, price: Decimal | undefined, path: string): void {
  if (price === undefined) return;
  if (inStepsOf(price, tickSz, 'down').isBetween)
    throw new MalformedCase(CASE_SAID.offTick(formatDecimal(price), formatDecimal(tickSz)), path, 'off-grid');
}

function accountOf<N>(m: Arithmetic<N>, { account }: AdditionCase): AccountFacts<N> {
  return {
    balance: m.of(account.balance),
    unrealised: m.of(account.unrealised),
    marginUsed: m.of(account.marginUsed),
    marginReserved: m.of(account.marginReserved),
    openPositions: account.openPositions,
    totalExposure: m.of(account.totalExposure),
    exchangeAvailable: account.exchangeAvailable === undefined ? undefined : m.of(account.exchangeAvailable),
  };
}

function gridOf<N>(m: Arithmetic<N>, { instrument, maintenanceRate, feeRates }: AdditionCase): GridFacts<N> {
  return {
    coinsPerLot: m.times(m.of(instrument.ctVal), m.of(instrument.lotSz)),
    lotsMin: lotsOfMin(instrument),
    maintenanceRateAfter: () => m.of(maintenanceRate ?? MAINTENANCE_RATE),
    takerFeeRate: m.of(feeRates?.taker ?? TAKER_RATE),
  };
}

function positionOf<N>(
  m: Arithmetic<N>,
  given: AdditionCase,
  position: PositionCase,
): AdditionSituation<N>['position'] {
  const coins = m.times(m.of(position.contracts), m.of(given.instrument.ctVal));
  const frozen = m.of(position.baseValue);
  return {
    side: sideOf(position.side),
    coins,
    cost: m.times(coins, m.of(position.avgPrice)),
    value: m.times(coins, m.of(given.market.price)),
    leverage: position.leverage ? Math.round(position.leverage.approx) : undefined,
    additionsMade: position.additions.length,
    lastGrownAt: Math.max(
      position.openedAt,
      position.lastPartialAt ?? position.openedAt,
      ...position.additions.map((addition) => addition.at),
    ),
    base: position.baseValueNow === undefined ? frozen : m.lesser(frozen, m.of(position.baseValueNow)),
    stopPrice: position.stopPrice ? m.of(position.stopPrice) : undefined,
  };
}

/** Judges a partial take-profit. @throws {MalformedCase} on a size or a price off the instrument's grid. */
export function partialCaseVerdict(given: PartialCase, policy: Policy): PartialCaseVerdict {
  const m = fractions;
  const { instrument, position, market } = given;
  refuseOffGrid(given);
  const verdict = explainPartial(policy, {
    side: sideOf(position.side),
    sizeLots: lotsIn(instrument, position.contracts, 'position.contracts'),
    entryLots: lotsIn(instrument, position.entryContracts, 'position.entryContracts'),
    average: m.of(position.avgPrice),
    price: m.of(market.price),
    coinsPerLot: m.times(m.of(instrument.ctVal), m.of(instrument.lotSz)),
    lotsMin: lotsOfMin(instrument),
    profile: given.profile ?? profileOf(m, policy, m.of(given.account.balance)),
    regime: market.regime,
    planned: given.partial.fraction,
    entryFeeRate: m.of(given.feeRates?.entry ?? TAKER_RATE),
    exitFeeRate: m.of(given.feeRates?.exit ?? TAKER_RATE),
  });
  const held = verdict.code !== null;
  const size = sizeOf(instrument, verdict.partLots);
  return {
    id: given.id,
    decision: held ? 'hold' : 'close',
    code: verdict.code,
    fraction: shownFraction(verdict.fraction),
    contracts: held ? '0' : formatDecimal(size),
    value: held ? '0' : formatDecimal(multiplyDecimals(multiplyDecimals(size, instrument.ctVal), market.price)),
    netProfit: held ? null : shownFraction(verdict.netProfit),
  };
}

function lotsOfMin(instrument: InstrumentCase): number {
  return lotsIn(instrument, instrument.minSz, 'instrument.minSz');
}

function lotsIn(instrument: InstrumentCase, contracts: Decimal, path: string): number {
  const { steps, isBetween } = inStepsOf(contracts, instrument.lotSz, 'down');
  if (isBetween)
    throw new MalformedCase(
      CASE_SAID.offLot(formatDecimal(contracts), formatDecimal(instrument.lotSz)),
      path,
      'off-grid',
    );
  const size = Number(steps);
  if (!Number.isSafeInteger(size))
    throw new MalformedCase(CASE_SAID.pastLots(formatDecimal(contracts)), path, 'off-grid');
  return size;
}

function sizeOf(instrument: InstrumentCase, sizeLots: number): Decimal {
  return decimalOf(BigInt(sizeLots) * instrument.lotSz.units, instrument.lotSz.scale);
}

function marginText(value: Decimal, leverage: Decimal): string {
  const m = fractions;
  return formatUnits(roundedUnits(m.over(m.of(value), m.of(leverage)), 8, 'ceil'), 8);
}
