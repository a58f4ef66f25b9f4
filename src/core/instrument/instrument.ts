/**
 * What is traded, and the only place where two units are multiplied.
 *
 * Contract math of linear USDT swaps (okx-v5.md §2): value = contracts × ctVal × price. Here contracts are whole lots and the price whole
 * ticks, and one tick on one lot is a whole number of 10⁻⁸ USDT, asserted when the instrument loads: value and PnL are exact, only fees,
 * margins and funding round.
 */
import {
  type Decimal,
  decimal,
  decimalOf,
  formatDecimal,
  formatUnits,
  inStepsOf,
  multiplyDecimals,
  wholeAtScale,
} from '../numbers/decimal.ts';
import { type Lots, lots, MONEY_PLACES, type Money, money, type Ticks, ticks, UnitError } from '../numbers/units.ts';

/** One tier of maintenance margin: up to `lotsMax` in all, at `maintenanceRate`, with at most `leverageMax`. */
export interface Tier {
  readonly lotsMax: Lots;
  readonly maintenanceRate: Decimal;
  readonly leverageMax: number;
}

/** A swap on its grid: prices in whole ticks, sizes in whole lots, margin by tiers. Made by `instrument`. */
export interface Instrument {
  readonly instId: string;
  /** Coin of one contract (`BTC`). */
  readonly baseCoin: string;
  /** Coins in one contract. */
  readonly contractValue: Decimal;
  /** Contracts in one lot. */
  readonly lotSize: Decimal;
  /** Coins in one lot. */
  readonly coinsPerLot: Decimal;
  /** USDT in one tick. */
  readonly tickSize: Decimal;
  /** The smallest order. */
  readonly lotsMin: Lots;
  readonly lotsMaxLimitOrder: Lots;
  readonly lotsMaxMarketOrder: Lots;
  readonly leverageMax: number;
  /** Money (10⁻⁸ USDT) that one tick is worth on one lot. */
  readonly moneyPerTickLot: number;
  /** Ascending; the last one's `lotsMax` is the largest position. */
  readonly tiers: readonly Tier[];
}

/** What an exchange may lower or raise while everything is counted as before; without `tiers` these are as they were read. */
export type InstrumentLimits = Pick<Instrument, 'lotsMaxLimitOrder' | 'lotsMaxMarketOrder' | 'leverageMax'> & {
  readonly tiers?: readonly TierSaid[];
};

/** A tier with its rate as text. */
export type TierSaid = Omit<Tier, 'maintenanceRate'> & { readonly maintenanceRate: string };

export function tierSaid(tier: Tier): TierSaid {
  return { ...tier, maintenanceRate: formatDecimal(tier.maintenanceRate) };
}

/** The coin that a symbol begins with: `BTC` of `BTC-USDT-SWAP`. */
export function coinOf(instId: string): string {
  return instId.split('-')[0] ?? instId;
}

/** An instrument as people and exchanges write it: decimals, contracts. */
export interface InstrumentText {
  readonly instId: string;
  readonly baseCoin: string;
  readonly ctVal: string;
  readonly lotSz: string;
  readonly minSz: string;
  readonly tickSz: string;
  readonly maxLimitSz: string;
  readonly maxMarketSz: string;
  readonly leverageMax: number;
  readonly tiers: readonly { readonly maxSz: string; readonly maintenanceRate: string; readonly leverageMax: number }[];
}

/**
 * An instrument from its sizes as text.
 *
 * @throws {UnitError} where a size is off the lot grid, or one tick on one lot is no whole number of 10⁻⁸ USDT.
 */
export function instrument(text: InstrumentText): Instrument {
  const contractValue = positive(text.instId, 'ctVal', text.ctVal);
  const lotSize = positive(text.instId, 'lotSz', text.lotSz);
  const tickSize = positive(text.instId, 'tickSz', text.tickSz);
  const grid = { instId: text.instId, lotSize, tickSize };
  const last = text.tiers.at(-1);
  if (last === undefined) throw new UnitError(`${text.instId}: no margin tier is given, at least one is needed`);
  return {
    instId: text.instId,
    baseCoin: text.baseCoin,
    contractValue,
    lotSize,
    coinsPerLot: coinsPerLot({ contractValue, lotSize }),
    tickSize,
    lotsMin: lotsOf(grid, text.minSz),
    lotsMaxLimitOrder: lotsOf(grid, text.maxLimitSz),
    lotsMaxMarketOrder: lotsOf(grid, text.maxMarketSz),
    leverageMax: text.leverageMax,
    moneyPerTickLot: moneyPerTickLot(text.instId, contractValue, lotSize, tickSize),
    tiers: text.tiers.map((tier) => ({
      lotsMax: lotsOf(grid, tier.maxSz),
      maintenanceRate: decimal(tier.maintenanceRate),
      leverageMax: tier.leverageMax,
    })),
  };
}

function positive(instId: string, field: string, text: string): Decimal {
  const value = decimal(text);
  if (value.units <= 0n) throw new UnitError(`${instId}: ${field} must be above 0, not "${text}"`);
  return value;
}

/** What the whole numbers of prices and sizes stand for. */
export type GridSteps = Pick<Instrument, 'tickSize' | 'lotSize' | 'contractValue'>;

/**
 * The same instrument on another grid; limits of size stay the contracts that they are, in whole lots.
 * @throws {UnitError} where one tick on one lot would be no whole number of 10⁻⁸ USDT
 */
export function onSteps(of: Instrument, steps: GridSteps): Instrument {
  const { instId, lotSize } = of;
  const inLots = (size: Lots) => {
    const contracts = decimalOf(BigInt(size) * lotSize.units, lotSize.scale);
    return lots(Number(inStepsOf(contracts, steps.lotSize, 'down').steps));
  };
  return {
    ...of,
    ...steps,
    coinsPerLot: coinsPerLot(steps),
    moneyPerTickLot: moneyPerTickLot(instId, steps.contractValue, steps.lotSize, steps.tickSize),
    lotsMin: lots(Math.max(1, inLots(of.lotsMin))),
    lotsMaxLimitOrder: inLots(of.lotsMaxLimitOrder),
    lotsMaxMarketOrder: inLots(of.lotsMaxMarketOrder),
    tiers: of.tiers.map((tier) => ({ ...tier, lotsMax: inLots(tier.lotsMax) })),
  };
}

/** The same instrument with another contract; undefined where its money would be no whole number of 10⁻⁸ USDT. */
export function withContract(of: Instrument, contractValue: Decimal): Instrument | undefined {
  const { lotSize, tickSize } = of;
  try {
    return onSteps(of, { tickSize, lotSize, contractValue });
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return undefined;
  }
}

function moneyPerTickLot(instId: string, contractValue: Decimal, lotSize: Decimal, tickSize: Decimal): number {
  const usdt = multiplyDecimals(coinsPerLot({ contractValue, lotSize }), tickSize);
  const { steps, isBetween } = inStepsOf(usdt, MONEY_STEP, 'down');
  if (isBetween)
    throw new UnitError(
      `${instId}: one tick on one lot is ${formatDecimal(usdt)} USDT, not a whole number of 0.00000001 USDT`,
    );
  const value = Number(steps);
  if (!Number.isSafeInteger(value)) throw new UnitError(`${instId}: one tick on one lot is past the safe range`);
  return value;
}

const MONEY_STEP = decimalOf(1n, MONEY_PLACES);

interface Grid {
  readonly instId: string;
  readonly lotSize: Decimal;
  readonly tickSize: Decimal;
}

/** Coins in one lot. */
export function coinsPerLot({ contractValue, lotSize }: Pick<Instrument, 'contractValue' | 'lotSize'>): Decimal {
  return multiplyDecimals(contractValue, lotSize);
}

/** A size in contracts as lots. @throws {UnitError} off the lot grid. */
export function lotsOf(grid: Pick<Grid, 'instId' | 'lotSize'>, contracts: string | Decimal): Lots {
  return lots(onGrid(grid.instId, 'size', contracts, grid.lotSize, 'lot'));
}

/** A price in USDT as ticks. @throws {UnitError} off the tick grid. */
export function ticksOf(grid: Pick<Grid, 'instId' | 'tickSize'>, price: string | Decimal): Ticks {
  return ticks(onGrid(grid.instId, 'price', price, grid.tickSize, 'tick'));
}

function onGrid(instId: string, what: string, value: string | Decimal, step: Decimal, stepName: string): number {
  const exact = typeof value === 'string' ? decimal(value) : value;
  const { steps, isBetween } = inStepsOf(exact, step, 'down');
  if (isBetween)
    throw new UnitError(
      `${instId}: ${what} ${formatDecimal(exact)} is not a multiple of the ${stepName} ${formatDecimal(step)}`,
    );
  return Number(steps);
}

/** USDT as money. @throws {DecimalError} past eight places. */
export function moneyOf(usdt: Decimal): Money {
  return money(wholeAtScale(usdt, MONEY_PLACES));
}

/** A size in contracts as plain text: `"0.36"`. */
export function contractsText(instrument: Pick<Instrument, 'lotSize'>, size: number): string {
  return formatUnits(BigInt(size) * instrument.lotSize.units, instrument.lotSize.scale);
}

/** A size in coins as plain text. */
export function coinsText({ coinsPerLot }: Pick<Instrument, 'coinsPerLot'>, size: number): string {
  return formatUnits(BigInt(size) * coinsPerLot.units, coinsPerLot.scale);
}

/** A price in USDT as plain text: `"58590.1"`. */
export function priceText(instrument: Pick<Instrument, 'tickSize'>, price: number): string {
  return formatUnits(BigInt(price) * instrument.tickSize.units, instrument.tickSize.scale);
}

/** Money as plain text in USDT: `"210.6"`. */
export function moneyText(value: bigint): string {
  return formatUnits(value, MONEY_PLACES);
}

/**
 * Value of `size` lots at `price` ticks in 10⁻⁸ USDT, as a whole double: for comparisons in the hot path.
 * @throws {UnitError} past the safe range (about 90 million USDT).
 */
export function valueUnits(instrument: Instrument, size: number, price: number): number {
  const value = size * price * instrument.moneyPerTickLot;
  if (!(value <= Number.MAX_SAFE_INTEGER))
    throw new UnitError(
      `${instrument.instId}: the value of ${contractsText(instrument, size)} contracts is past the safe range`,
    );
  return value;
}

/** Value of `size` lots at `price` ticks, exact. */
export function valueMoney(instrument: Instrument, size: number, price: number): Money {
  return money(BigInt(size) * BigInt(price) * BigInt(instrument.moneyPerTickLot));
}

/** The tier that so many lots fall into; past the last one, that. */
export function tierOf({ tiers }: Instrument, sizeLots: number): Tier {
  for (const tier of tiers) if (sizeLots <= tier.lotsMax) return tier;
  return tiers[tiers.length - 1] as Tier;
}

/** The most lots that may be held at this leverage. */
export function lotsMaxAt(instrument: Instrument, leverage: number): Lots {
  let most = 0;
  for (const tier of instrument.tiers) if (leverage <= tier.leverageMax && tier.lotsMax > most) most = tier.lotsMax;
  return lots(most);
}
