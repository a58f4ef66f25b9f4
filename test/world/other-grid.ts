/**
 * The exchange gives an instrument another tick, lot or contract: what it holds and lists is from then on counted in these (decision 0045).
 *
 * The sizes of what is open are coins, so another contract makes other numbers of them; a fill that has happened stays the contracts that it was, and its
 * price the price. What cannot be said on the new grid is no whole number of it.
 */

import type { Filled } from '../../src/core/event.ts';
import type { GridSteps } from '../../src/core/instrument/instrument.ts';
import { type Decimal, decimalOf } from '../../src/core/numbers/decimal.ts';
import { lots, ticks } from '../../src/core/numbers/units.ts';
import type { SimPosition } from '../../src/sim/account/sim-position.ts';
import { fillLevelTicks } from '../../src/sim/matching/fill-model.ts';
import type { SavedOrder } from '../../src/sim/matching/order.ts';
import type { Second } from './market.ts';

/** What one step is of another. */
export class Ratio {
  readonly #times: bigint;
  readonly #over: bigint;

  constructor(was: readonly Decimal[], is: readonly Decimal[]) {
    const [above, below] = [was, is].map((all) => ({
      units: all.reduce((product, { units }) => product * units, 1n),
      places: all.reduce((sum, { scale }) => sum + scale, 0),
    })) as [Product, Product];
    this.#times = above.units * 10n ** BigInt(below.places);
    this.#over = below.units * 10n ** BigInt(above.places);
  }

  /** Whole steps of the old grid in those of the new one; undefined: they are none. */
  whole(steps: number): number | undefined {
    const product = BigInt(steps) * this.#times;
    return product % this.#over === 0n ? Number(product / this.#over) : undefined;
  }

  /** The most steps of the old grid, no more than these, that are whole ones of the new. */
  mostWhole(steps: number): number {
    let most = steps;
    while (this.whole(most) === undefined) most -= 1;
    return most;
  }

  down(steps: number): number {
    return Number((BigInt(steps) * this.#times) / this.#over);
  }

  up(steps: number): number {
    return this.down(steps) + (this.whole(steps) === undefined ? 1 : 0);
  }

  near(steps: number): number {
    return Math.round(this.of(steps));
  }

  of(steps: number): number {
    return (steps * Number(this.#times)) / Number(this.#over);
  }
}

interface Product {
  readonly units: bigint;
  readonly places: number;
}

/** From one grid to another. */
export class Regrid {
  readonly ticks: Ratio;
  /** Of sizes that are held or wanted: the same coins. */
  readonly lots: Ratio;
  /** Of sizes that were traded: the same contracts. */
  readonly traded: Ratio;

  constructor(was: GridSteps, is: GridSteps) {
    this.ticks = new Ratio([was.tickSize], [is.tickSize]);
    this.lots = new Ratio([was.contractValue, was.lotSize], [is.contractValue, is.lotSize]);
    this.traded = new Ratio([was.lotSize], [is.lotSize]);
  }

  position(of: SimPosition): SimPosition {
    const lotTicks = (sum: number) => Math.round(this.ticks.of(this.lots.of(sum)));
    return {
      ...of,
      lots: this.lots.near(of.lots),
      openedLots: this.lots.near(of.openedLots),
      openedLotTicks: lotTicks(of.openedLotTicks),
      closedLots: this.lots.near(of.closedLots),
      closedLotTicks: lotTicks(of.closedLotTicks),
      lotsMax: this.lots.near(of.lotsMax),
      liquidationTicks: 0,
    };
  }

  /** What stands beside the new tick goes to the nearest of it; undefined: its size is no whole number of lots. */
  order(of: SavedOrder): SavedOrder | undefined {
    const [requestedLots, sizeLots, filledLots] = [of.requestedLots, of.sizeLots, of.filledLots].map((size) =>
      this.lots.whole(size),
    );
    if (requestedLots === undefined || sizeLots === undefined || filledLots === undefined) return undefined;
    const priceTicks = this.ticks.near(of.priceTicks);
    const triggerTicks = this.ticks.near(of.triggerTicks);
    return {
      ...of,
      requestedLots,
      sizeLots,
      filledLots,
      filledLotTicks: Math.round(this.ticks.of(this.lots.of(of.filledLotTicks))),
      priceTicks,
      triggerTicks,
      frozenTicks: this.ticks.near(of.frozenTicks),
      levelTicks: of.state === 'asleep' ? triggerTicks : fillLevelTicks('pessimistic', of.side, priceTicks),
    };
  }

  /** As its list of fills says it to whoever counts on the new grid; undefined: it is off that. */
  fill(of: Filled): Filled | undefined {
    const sizeLots = this.traded.whole(of.sizeLots);
    const priceTicks = this.ticks.whole(of.priceTicks);
    if (sizeLots === undefined || priceTicks === undefined) return undefined;
    return { ...of, sizeLots: lots(sizeLots), priceTicks: ticks(priceTicks) };
  }

  second(of: Second): Second {
    const bidTicks = this.ticks.near(of.bidTicks);
    return {
      lastTicks: this.ticks.near(of.lastTicks),
      markTicks: this.ticks.near(of.markTicks),
      bidTicks,
      askTicks: Math.max(bidTicks + 1, this.ticks.near(of.askTicks)),
      volumeLots: this.lots.near(of.volumeLots),
    };
  }
}

/** A step that is the first times one of these. */
export const STEP_FACTORS = [
  { times: 1n, places: 1 },
  { times: 5n, places: 1 },
  { times: 1n, places: 0 },
  { times: 2n, places: 0 },
  { times: 5n, places: 0 },
] as const;

export const FINER = STEP_FACTORS.slice(0, 2);
/** Mostly as OKX has done it: ten times as many coins, or a tenth. */
export const CONTRACT_FACTORS = [...STEP_FACTORS, { times: 10n, places: 0 }, { times: 10n, places: 0 }] as const;

export function timesStep(step: Decimal, factor: (typeof CONTRACT_FACTORS)[number] | undefined): Decimal {
  return factor === undefined ? step : decimalOf(step.units * factor.times, step.scale + factor.places);
}
