/**
 * A position is a fold of its fills. Nothing else changes its size, its cost or its rungs (lessons.md 2, 9, 24).
 *
 * Cost is kept as a sum in 10⁻⁸ USDT, never as a rounded average price; a reduction takes its share of the cost away, rounded against us by
 * less than one unit, and the last lot takes the rest: so Σ of all PnL is exact.
 */
import type { Instrument } from '../instrument/instrument.ts';
import { valueUnits } from '../instrument/instrument.ts';
import { type Side, UnitError } from '../numbers/units.ts';
import type { Regime } from '../policy.ts';

/** Size and cost, the same for the core's registry, the simulator's account and the page. */
export interface Holding {
  /** 0 is flat. */
  lots: number;
  /** +1 long, −1 short; of a flat holding the last one. */
  side: Side;
  /** What the open lots cost at entry, whole 10⁻⁸ USDT. */
  costUnits: number;
}

/**
 * Adds a fill to a holding and returns the PnL it realised, whole 10⁻⁸ USDT before fees; 0 where the fill only enlarged.
 * A fill larger than the holding closes it and opens the rest on the other side, at the same price.
 */
export function foldFill(
  holding: Holding,
  instrument: Instrument,
  side: Side,
  sizeLots: number,
  priceTicks: number,
): number {
  if (holding.lots === 0 || holding.side === side) {
    holding.side = side;
    holding.costUnits = safe(holding.costUnits + valueUnits(instrument, sizeLots, priceTicks));
    holding.lots += sizeLots;
    return 0;
  }
  const closed = Math.min(sizeLots, holding.lots);
  const removed = shareOfCost(holding, closed);
  const pnl = holding.side * (valueUnits(instrument, closed, priceTicks) - removed);
  holding.costUnits -= removed;
  holding.lots -= closed;
  if (sizeLots > closed) foldFill(holding, instrument, side, sizeLots - closed, priceTicks);
  return pnl;
}

/** Cost of `sizeLots` of the holding: rounded up for a long and down for a short, so that the PnL booked is never too large. */
export function shareOfCost(holding: Readonly<Holding>, sizeLots: number): number {
  if (sizeLots === holding.lots) return holding.costUnits;
  return holding.side === 1
    ? timesOver(holding.costUnits, sizeLots, holding.lots, 'ceil')
    : timesOver(holding.costUnits, sizeLots, holding.lots, 'floor');
}

/** Unrealised PnL at a price, whole 10⁻⁸ USDT, exact. */
export function unrealisedUnits(holding: Readonly<Holding>, instrument: Instrument, priceTicks: number): number {
  if (holding.lots === 0) return 0;
  return holding.side * (valueUnits(instrument, holding.lots, priceTicks) - holding.costUnits);
}

/** Average entry price in ticks, not rounded: for display and for distances, never for booking. */
export function averageTicks(holding: Readonly<Holding>, instrument: Instrument): number {
  return holding.costUnits / (holding.lots * instrument.moneyPerTickLot);
}

/** a × b / c in whole numbers, rounded as said; exact where the product leaves the safe range too. */
export function timesOver(a: number, b: number, c: number, rounding: 'floor' | 'ceil'): number {
  const product = a * b;
  if (c > 0 && Math.abs(product) + c <= Number.MAX_SAFE_INTEGER) {
    // The quotient may be one off where it is all but whole; the rest is exact and says so. A remainder operator is ten times as dear.
    let whole = Math.floor(product / c);
    const rest = product - whole * c;
    if (rest < 0) whole -= 1;
    else if (rest >= c) whole += 1;
    return rounding === 'ceil' && whole * c !== product ? whole + 1 : whole;
  }
  const over = BigInt(a) * BigInt(b);
  const under = BigInt(c);
  const whole = over / under;
  const rest = over % under;
  if (rest === 0n) return safe(Number(whole));
  const positive = rest > 0n === under > 0n;
  return safe(Number(rounding === 'ceil' ? (positive ? whole + 1n : whole) : positive ? whole : whole - 1n));
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new UnitError(`${value} units of 0.00000001 USDT are past the safe range`);
  return value;
}

/** One rung as it was climbed: what the journal keeps of it (ladder.md D3). */
export interface RungRecord {
  /** From 1, in the order of first fills. */
  readonly number: number;
  /** Of the order that climbed it; undefined where a person did. */
  readonly clientId: string | undefined;
  readonly at: number;
  /** Exact share of the base, as text. */
  readonly coefficient: string;
  readonly plannedLots: number;
  readonly regime: Regime;
  /** PnL % at the decision. */
  readonly pnlPercent: number;
  readonly source: string;
  filledLots: number;
  valueUnits: number;
  feeUnits: number;
  lastFillAt: number;
}

/** How far a partial step has come. A step happens once, and is booked by its fill (lessons.md 9). */
export interface PartialRecord {
  readonly step: number;
  filledLots: number;
  /** True once its order ended with any fill, or filled whole. */
  done: boolean;
}
