/** A position of a simulated account: what it holds, its margin, and the sums of its life since it was last flat. Whole 10⁻⁸ USDT. */
import type { Holding } from '../../core/position/position.ts';

export interface SimPosition extends Holding {
  readonly index: number;
  leverage: number;
  marginUnits: number;
  openedAt: number;
  updatedAt: number;
  tradeId: number;
  /** Of this life: realised PnL before fees, fees, funding received, penalties. */
  pnlUnits: number;
  feeUnits: number;
  fundingUnits: number;
  penaltyUnits: number;
  /** Of this life: lots and lots × ticks opened and closed, and the most lots held. */
  openedLots: number;
  openedLotTicks: number;
  closedLots: number;
  closedLotTicks: number;
  lotsMax: number;
  /** Mark price at which it is liquidated; 0 where it is flat or cannot be. */
  liquidationTicks: number;
}

export function flatPosition(index: number, leverage: number): SimPosition {
  return {
    index,
    leverage,
    lots: 0,
    side: 1,
    costUnits: 0,
    marginUnits: 0,
    openedAt: 0,
    updatedAt: 0,
    tradeId: 0,
    pnlUnits: 0,
    feeUnits: 0,
    fundingUnits: 0,
    penaltyUnits: 0,
    openedLots: 0,
    openedLotTicks: 0,
    closedLots: 0,
    closedLotTicks: 0,
    lotsMax: 0,
    liquidationTicks: 0,
  };
}

/** A flat position is opened: its sums begin anew. */
export function beginLife(position: SimPosition, at: number): void {
  position.openedAt = at;
  position.pnlUnits = position.feeUnits = position.fundingUnits = position.penaltyUnits = 0;
  position.openedLots = position.openedLotTicks = position.closedLots = position.closedLotTicks = position.lotsMax = 0;
}
