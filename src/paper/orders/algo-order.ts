/**
 * Algo orders: they sleep here and send a normal order when their price comes. Source: okx-v5.md §3.3.
 *
 * Judged after every tick of the market, so they act at that tick's price: as on the exchange itself, a trigger is no promise of a fill
 * there. Nothing is frozen for them. Plain data: they can be saved.
 */
import type { PosSide, Slot } from '../market/listing.ts';
import type { Attached, OrderSide, Trigger } from './paper-order.ts';

export const ALGO_TYPES = ['conditional', 'oco', 'trigger', 'move_order_stop'] as const;
export type AlgoType = (typeof ALGO_TYPES)[number];

/** A stop that follows: by a share of the extreme price (millionths), or by a fixed distance. */
export interface Trail {
  readonly ratioPpm: number;
  readonly spreadTicks: number;
  /** 0: from its placing on. */
  readonly activeTicks: number;
  /** The best price since it was activated; 0 before. */
  extremeTicks: number;
}

export interface Entry extends Trigger {
  readonly isBelow: boolean;
}

export interface PaperAlgo {
  readonly algoId: string;
  readonly algoClOrdId: string;
  readonly tag: string;
  readonly slot: Slot;
  readonly posSide: PosSide;
  readonly ordType: AlgoType;
  readonly side: OrderSide;
  readonly reduceOnly: boolean;
  /** `closeFraction` 1: whatever the position is when its price comes. */
  readonly closesAll: boolean;
  /** Ends with the position it belongs to. */
  readonly endsWithPosition: boolean;
  readonly leverage: number;
  readonly attached: readonly Attached[];
  readonly createdAt: number;
  sizeLots: number;
  takeProfit: Trigger | undefined;
  stop: Trigger | undefined;
  /** Of a `trigger` order; the side from which its price comes was settled when it was placed. */
  entry: Entry | undefined;
  readonly trail: Trail | undefined;
  state: 'live' | 'effective' | 'canceled' | 'order_failed';
  ordId: string;
  actualSide: 'tp' | 'sl' | '';
  actualTicks: number;
  actualLots: number;
  triggeredAt: number;
  failCode: string;
  updatedAt: number;
}

/** What an algo order begins with. */
export const ASLEEP = {
  state: 'live',
  ordId: '',
  actualSide: '',
  actualTicks: 0,
  actualLots: 0,
  triggeredAt: 0,
  failCode: '',
} as const satisfies Partial<PaperAlgo>;

export interface Prices {
  readonly lastTicks: number;
  readonly markTicks: number;
}

/** What has woken it. */
export interface Woken {
  readonly actualSide: 'tp' | 'sl' | '';
  /** 6 trigger, 7 take-profit or stop, 25 trailing stop. */
  readonly source: '6' | '7' | '25';
  /** 0: at market. */
  readonly orderTicks: number;
}

/** Which of its prices has come; the stop before the take-profit where one tick met both. A trailing stop moves along here. */
export function wokenBy(algo: PaperAlgo, prices: Prices): Woken | undefined {
  const isSell = algo.side === 'sell';
  if (algo.stop !== undefined && hasCome(algo.stop, prices, isSell))
    return { actualSide: 'sl', source: '7', orderTicks: algo.stop.orderTicks };
  if (algo.takeProfit !== undefined && hasCome(algo.takeProfit, prices, !isSell))
    return { actualSide: 'tp', source: '7', orderTicks: algo.takeProfit.orderTicks };
  if (algo.entry !== undefined && hasCome(algo.entry, prices, algo.entry.isBelow))
    return { actualSide: '', source: '6', orderTicks: algo.entry.orderTicks };
  if (algo.trail !== undefined && hasTurned(algo.trail, prices.lastTicks, isSell))
    return { actualSide: '', source: '25', orderTicks: 0 };
  return undefined;
}

/** What OKX says to a stop or take-profit whose price has come before it was placed, by what it is measured against (okx-v5.md §1.3). */
const PASSED_CODES = {
  last: { takeProfitBuy: '51277', stopBuy: '51278', takeProfitSell: '51279', stopSell: '51280' },
  mark: { takeProfitBuy: '51300', stopBuy: '51302', takeProfitSell: '51303', stopSell: '51304' },
  index: { takeProfitBuy: '51305', stopBuy: '51306', takeProfitSell: '51307', stopSell: '51308' },
} as const;

/** The code that refuses a stop or take-profit which would wake at once; undefined where it may sleep. */
export function passedCode(algo: Pick<PaperAlgo, 'side' | 'stop' | 'takeProfit'>, prices: Prices): string | undefined {
  const isSell = algo.side === 'sell';
  const codes = (trigger: Trigger) => PASSED_CODES[trigger.by];
  if (algo.stop !== undefined && hasCome(algo.stop, prices, isSell))
    return isSell ? codes(algo.stop).stopSell : codes(algo.stop).stopBuy;
  if (algo.takeProfit !== undefined && hasCome(algo.takeProfit, prices, !isSell))
    return isSell ? codes(algo.takeProfit).takeProfitSell : codes(algo.takeProfit).takeProfitBuy;
  return undefined;
}

/** Where a trailing stop stands now; 0 before it is active. */
export function trailTicks(trail: Trail, isSell: boolean): number {
  if (trail.extremeTicks === 0) return 0;
  const distance =
    trail.spreadTicks > 0 ? trail.spreadTicks : Math.round((trail.extremeTicks * trail.ratioPpm) / 1_000_000);
  return isSell ? trail.extremeTicks - distance : trail.extremeTicks + distance;
}

function hasCome(trigger: Trigger, prices: Prices, isBelow: boolean): boolean {
  const ticks = trigger.by === 'last' ? prices.lastTicks : prices.markTicks;
  return isBelow ? ticks <= trigger.triggerTicks : ticks >= trigger.triggerTicks;
}

function hasTurned(trail: Trail, lastTicks: number, isSell: boolean): boolean {
  if (trail.extremeTicks === 0) {
    const isActive =
      trail.activeTicks === 0 || (isSell ? lastTicks >= trail.activeTicks : lastTicks <= trail.activeTicks);
    if (!isActive) return false;
    trail.extremeTicks = lastTicks;
  }
  trail.extremeTicks = isSell ? Math.max(trail.extremeTicks, lastTicks) : Math.min(trail.extremeTicks, lastTicks);
  const stop = trailTicks(trail, isSell);
  return isSell ? lastTicks <= stop : lastTicks >= stop;
}
