/**
 * Cross margin: positions that stand on everything the account has free, weighed together at their marks.
 *
 * Which instruments are crossed is fixed when the account is made. Amounts are whole 10⁻⁸ USDT. Source: okx-v5.md §2: initial margin is the
 * value at mark over leverage; liquidation when equity ≤ Σ (maintenance + closing fee).
 */
import { type Instrument, tierOf, valueUnits } from '../../core/instrument/instrument.ts';
import { timesOver, unrealisedUnits } from '../../core/position/position.ts';
import { type FeeRate, feeRate, feeUnits } from '../matching/fill-model.ts';
import type { SimPosition } from './account.ts';

export interface CrossWeights {
  readonly unrealisedUnits: number;
  readonly initialUnits: number;
  readonly maintenanceUnits: number;
  /** Maintenance margin and the fee of closing all. */
  readonly neededUnits: number;
}

export const NO_WEIGHTS: CrossWeights = {
  unrealisedUnits: 0,
  initialUnits: 0,
  maintenanceUnits: 0,
  neededUnits: 0,
};

export class CrossMargin {
  readonly indexes: ReadonlySet<number>;
  readonly #instruments: readonly Instrument[];
  readonly #markTicks: (index: number) => number;

  /** `markTicks`: where the mark of an instrument stands now. */
  constructor(indexes: Iterable<number>, instruments: readonly Instrument[], markTicks: (index: number) => number) {
    this.indexes = new Set(indexes);
    this.#instruments = instruments;
    this.#markTicks = markTicks;
  }

  has(index: number): boolean {
    return this.indexes.has(index);
  }

  /** All crossed positions together. */
  weights(positions: readonly SimPosition[], taker: FeeRate): CrossWeights {
    let sum = NO_WEIGHTS;
    for (const index of this.indexes) {
      const position = positions[index];
      if (position === undefined || position.lots === 0) continue;
      const one = this.weight(position, taker);
      sum = {
        unrealisedUnits: sum.unrealisedUnits + one.unrealisedUnits,
        initialUnits: sum.initialUnits + one.initialUnits,
        maintenanceUnits: sum.maintenanceUnits + one.maintenanceUnits,
        neededUnits: sum.neededUnits + one.neededUnits,
      };
    }
    return sum;
  }

  /** One crossed position. */
  weight(position: SimPosition, taker: FeeRate): CrossWeights {
    const instrument = this.#instruments[position.index] as Instrument;
    const mark = this.#markTicks(position.index);
    const value = valueUnits(instrument, position.lots, mark);
    const maintenance = feeRate(tierOf(instrument, position.lots).maintenanceRate);
    const maintenanceUnits = timesOver(value, maintenance.over, maintenance.under, 'ceil');
    return {
      unrealisedUnits: unrealisedUnits(position, instrument, mark),
      initialUnits: Math.ceil(value / position.leverage),
      maintenanceUnits,
      neededUnits: maintenanceUnits + feeUnits(instrument, taker, position.lots, mark),
    };
  }

  /** Initial margin that a position would need at another leverage, beyond what it holds at its own. */
  initialMore(position: SimPosition, leverage: number): number {
    const instrument = this.#instruments[position.index] as Instrument;
    const value = valueUnits(instrument, position.lots, this.#markTicks(position.index));
    return Math.ceil(value / leverage) - Math.ceil(value / position.leverage);
  }
}
