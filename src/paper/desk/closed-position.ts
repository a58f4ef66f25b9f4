/**
 * How positions ended, for positions-history: one record for each life of a position, as its latest close has left it (OKX's page on
 * positions-history: "the type of latest close position").
 *
 * The simulator starts a new life in the same moment in which an order larger than the position turns it round: what belongs to the old one
 * is told here from its last state and the fill. Money in 10⁻⁸ USDT.
 */
import { timesOver } from '../../core/position/position.ts';
import type { SimPosition } from '../../sim/account/account.ts';
import type { SimFill } from '../../sim/matching/order.ts';
import type { PosSide, Slot } from '../market/listing.ts';
import { type Category, isLiquidation } from '../orders/paper-order.ts';

export type PositionLife = Omit<SimPosition, 'index' | 'costUnits' | 'liquidationTicks'>;

/** 1 partly closed, 2 closed, 3 liquidated, 4 partly liquidated, 5 partly auto-deleveraged, 6 wholly. */
type CloseType = '1' | '2' | '3' | '4' | '5' | '6';

interface ClosedPart {
  readonly type: CloseType;
  readonly isLong: boolean;
  /** Nothing of the position is left. */
  readonly isWhole: boolean;
  readonly openedLots: number;
  readonly openedLotTicks: number;
  readonly closedLots: number;
  readonly closedLotTicks: number;
  readonly lotsMax: number;
  readonly pnlUnits: number;
  readonly feeUnits: number;
  readonly fundingUnits: number;
  readonly penaltyUnits: number;
  readonly openedAt: number;
  readonly closedAt: number;
}

export interface ClosedPosition extends ClosedPart {
  readonly slot: Slot;
  readonly posId: string;
  readonly posSide: PosSide;
  readonly leverage: number;
}

export function lifeOf(position: SimPosition): PositionLife {
  const { lots, side, leverage, marginUnits, openedAt, updatedAt, tradeId, pnlUnits, feeUnits, fundingUnits } =
    position;
  const { penaltyUnits, openedLots, openedLotTicks, closedLots, closedLotTicks, lotsMax } = position;
  return {
    lots,
    side,
    leverage,
    marginUnits,
    openedAt,
    updatedAt,
    tradeId,
    pnlUnits,
    feeUnits,
    fundingUnits,
    penaltyUnits,
    openedLots,
    openedLotTicks,
    closedLots,
    closedLotTicks,
    lotsMax,
  };
}

/** The life of a position after `fill` has closed some or all of it. */
export function closedPart(before: PositionLife, after: SimPosition, fill: SimFill, category: Category): ClosedPart {
  const closing = Math.min(fill.sizeLots, before.lots);
  const isTaken = isLiquidation(category);
  const fee = isTaken
    ? 0
    : closing === fill.sizeLots
      ? fill.feeUnits
      : timesOver(fill.feeUnits, closing, fill.sizeLots, 'floor');
  const isWhole = closing === before.lots;
  return {
    type: closeType(category, isWhole),
    isLong: before.side === 1,
    isWhole,
    openedLots: before.openedLots,
    openedLotTicks: before.openedLotTicks,
    closedLots: before.closedLots + closing,
    closedLotTicks: before.closedLotTicks + closing * fill.priceTicks,
    lotsMax: before.lotsMax,
    pnlUnits: before.pnlUnits + fill.pnlUnits,
    feeUnits: before.feeUnits + fee,
    fundingUnits: before.fundingUnits,
    penaltyUnits: before.penaltyUnits + (isTaken ? fill.feeUnits : 0),
    openedAt: before.openedAt,
    closedAt: isWhole ? fill.at : after.updatedAt,
  };
}

function closeType(category: Category, isWhole: boolean): CloseType {
  if (category === 'full_liquidation') return '3';
  if (category === 'partial_liquidation') return '4';
  if (category === 'adl') return isWhole ? '6' : '5';
  return isWhole ? '2' : '1';
}
