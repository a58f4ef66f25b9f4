/**
 * What the exchange says of itself: which instruments it trades, on which grid, and its maintenance. And the noes that follow from it.
 *
 * Instruments are counted in the lots and ticks of the start: another grid is a multiple of them, and what stands off it is refused.
 */
import { isDeepStrictEqual } from 'node:util';
import type { GridChange, InstrumentSaid, MaintenanceSaid, MaintenanceWindow } from '../../src/core/event.ts';
import type { Instrument, InstrumentLimits } from '../../src/core/instrument/instrument.ts';
import { decimalOf, formatDecimal } from '../../src/core/numbers/decimal.ts';
import { lots } from '../../src/core/numbers/units.ts';
import type { No } from './wire.ts';

/** OKX's words for an instrument that it does not trade, and what it answers to an order for it; `not-listed`: it is gone from the list. */
const STOPS = { suspend: '51022', rebase: '51022', expired: '51028', 'not-listed': '51001' } as const;
export type Stop = keyof typeof STOPS;

interface Listed {
  readonly stopped: Stop | undefined;
  readonly tickFactor: number;
  readonly lotFactor: number;
  readonly contractFactor: number;
  /** The most lots of an order, the largest leverage. What stands already stays. */
  readonly lotsMost: number;
  readonly leverageMost: number;
  /** The list names them; else they are of a kind that it does not, as the worth of an order. */
  readonly areLimitsListed: boolean;
}

interface Notice {
  readonly at: number;
  readonly listed: readonly Listed[];
  readonly windows: readonly MaintenanceWindow[];
}

const AS_AT_THE_START: Listed = {
  stopped: undefined,
  tickFactor: 1,
  lotFactor: 1,
  contractFactor: 1,
  lotsMost: Number.POSITIVE_INFINITY,
  leverageMost: Number.POSITIVE_INFINITY,
  areLimitsListed: false,
};

export class Notices {
  readonly #instruments: readonly Instrument[];
  readonly #nowMs: () => number;
  readonly #told: (event: InstrumentSaid | MaintenanceSaid) => void;
  /** Oldest first. */
  readonly #notices: Notice[];
  readonly #soundSince: number[];

  constructor(
    instruments: readonly Instrument[],
    nowMs: () => number,
    told: (event: InstrumentSaid | MaintenanceSaid) => void,
  ) {
    this.#instruments = instruments;
    this.#nowMs = nowMs;
    this.#told = told;
    this.#notices = [{ at: Number.NEGATIVE_INFINITY, listed: instruments.map(() => AS_AT_THE_START), windows: [] }];
    this.#soundSince = instruments.map(() => Number.NEGATIVE_INFINITY);
  }

  get #newest(): Notice {
    return this.#notices.at(-1) as Notice;
  }

  /** The instrument as the list says it, whatever is counted by. */
  listedAt(index: number): Instrument {
    return this.#instruments[index] as Instrument;
  }

  isTraded(index: number): boolean {
    return this.#newest.listed[index]?.stopped === undefined;
  }

  /** A lot of the bot's is as many coins as at the start. */
  isOfSameContract(index: number): boolean {
    return (this.#newest.listed[index] ?? AS_AT_THE_START).contractFactor === 1;
  }

  leverageMost(index: number): number {
    return (this.#newest.listed[index] ?? AS_AT_THE_START).leverageMost;
  }

  /** Since when it is traded on the grid of the start; Infinity: it is not. */
  soundSince(index: number): number {
    const listed = this.#newest.listed[index] ?? AS_AT_THE_START;
    const isSound = listed.stopped === undefined && hasGridOfTheStart(listed);
    return isSound ? (this.#soundSince[index] ?? Number.NEGATIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  /** Nothing is said of it. */
  isAsAtTheStart(index: number): boolean {
    return isDeepStrictEqual(this.#newest.listed[index], AS_AT_THE_START);
  }

  /** Some grid is another one than at the start. */
  get hasOtherGrid(): boolean {
    return !this.#newest.listed.every(hasGridOfTheStart);
  }

  /** The list has named other limits than at the start, at some time. */
  get hasListedLimits(): boolean {
    return this.#notices.some(({ listed }) => listed.some(({ areLimitsListed }) => areLimitsListed));
  }

  /** From now on the instrument is so; what is left out stays as it is. */
  list(index: number, change: Partial<Listed>): void {
    const { listed, windows } = this.#newest;
    const next = listed.map((each, n) => (n === index ? { ...each, ...change } : each));
    this.#notices.push({ at: this.#nowMs(), listed: next, windows });
    if (this.soundSince(index) !== Number.POSITIVE_INFINITY) this.#soundSince[index] = this.#nowMs();
    this.#told(this.#instrumentSaid(index, next[index] ?? AS_AT_THE_START));
  }

  /** Everything is as it was at the start, and no maintenance is planned. */
  heal(): void {
    this.#newest.listed.forEach((listed, index) => {
      if (!isDeepStrictEqual(listed, AS_AT_THE_START)) this.list(index, AS_AT_THE_START);
    });
    if (this.#newest.windows.length > 0) this.#announce([]);
  }

  /** Plans maintenance, or says another thing of what it has planned. */
  say(window: MaintenanceWindow): void {
    this.#announce([...this.#newest.windows.filter(({ title }) => title !== window.title), window]);
  }

  /** It is over, or called off. */
  over(title: string): void {
    this.#announce(this.#newest.windows.filter((each) => each.title !== title));
  }

  #announce(windows: readonly MaintenanceWindow[]): void {
    this.#notices.push({ at: this.#nowMs(), listed: this.#newest.listed, windows });
    this.#told(this.maintenance());
  }

  maintenance(asOf = Number.POSITIVE_INFINITY): MaintenanceSaid {
    return { kind: 'maintenance', at: this.#nowMs(), windows: this.#asOf(asOf).windows };
  }

  instruments(asOf = Number.POSITIVE_INFINITY): InstrumentSaid[] {
    return this.#asOf(asOf).listed.map((each, index) => this.#instrumentSaid(index, each));
  }

  #asOf(at: number): Notice {
    return this.#notices.findLast((each) => each.at <= at) as Notice;
  }

  #instrumentSaid(index: number, listed: Listed): InstrumentSaid {
    const { stopped, tickFactor, lotFactor, contractFactor } = listed;
    const of = this.#instruments[index] as Instrument;
    const { instId, tickSize, lotSize, contractValue } = of;
    const changes = [
      changeOf('tick', tickSize, tickFactor),
      changeOf('lot', lotSize, lotFactor),
      changeOf('contract', contractValue, contractFactor),
    ];
    return {
      kind: 'instrument',
      at: this.#nowMs(),
      instId,
      ...(stopped === undefined ? {} : { stopped }),
      changes: changes.filter((each) => each !== undefined),
      limits: limitsOf(listed, of),
    };
  }

  /** Why nothing of this size at this price (0: at the market) is taken at present. */
  no(index: number, sizeLots: number, atTicks: number): No | undefined {
    const { stopped, tickFactor, lotFactor, lotsMost } = this.#newest.listed[index] ?? AS_AT_THE_START;
    if (stopped !== undefined)
      return { code: STOPS[stopped], message: `the instrument is not traded: ${stopped}`, proves: true };
    if (sizeLots % lotFactor !== 0)
      return { code: '51121', message: 'Order quantity must be a multiple of the lot size', proves: true };
    if (sizeLots > lotsMost) return { code: '51202', message: 'Order amount exceeds the maximum amount', proves: true };
    if (atTicks % tickFactor !== 0)
      return { code: '51150', message: 'The price is no multiple of the tick size', proves: true };
    return undefined;
  }
}

function limitsOf({ lotsMost, leverageMost, areLimitsListed }: Listed, of: Instrument): InstrumentLimits {
  const most = (size: number) => lots(areLimitsListed ? Math.min(lotsMost, size) : size);
  return {
    lotsMaxLimitOrder: most(of.lotsMaxLimitOrder),
    lotsMaxMarketOrder: most(of.lotsMaxMarketOrder),
    leverageMax: areLimitsListed ? Math.min(leverageMost, of.leverageMax) : of.leverageMax,
  };
}

function hasGridOfTheStart({ tickFactor, lotFactor, contractFactor }: Listed): boolean {
  return tickFactor === 1 && lotFactor === 1 && contractFactor === 1;
}

function changeOf(of: GridChange['of'], was: Instrument['tickSize'], factor: number): GridChange | undefined {
  if (factor === 1) return undefined;
  return { of, was: formatDecimal(was), is: formatDecimal(decimalOf(was.units * BigInt(factor), was.scale)) };
}
