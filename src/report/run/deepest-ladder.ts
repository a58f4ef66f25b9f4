/** The closed trade that climbed highest, as a picture: its entry and rungs at the prices they got, the average, the way out. */

import { contractsText, type Instrument } from '../../core/instrument/instrument.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';
import type { LadderPicture } from '../drawing/ladder-chart.ts';
import type { TradeRecord } from './record.ts';

interface ClimbedLadder {
  readonly trade: TradeRecord;
  readonly picture: LadderPicture;
}

/** Of several with as many rungs, the one that moved most money either way; undefined where no trade was added to. */
export function deepestLadder(
  trades: readonly TradeRecord[],
  instruments: readonly Instrument[],
): ClimbedLadder | undefined {
  let deepest: TradeRecord | undefined;
  for (const trade of trades)
    if (trade.additions > 0 && (deepest === undefined || isDeeper(trade, deepest))) deepest = trade;
  const instrument = instruments.find(({ instId }) => instId === deepest?.instId);
  return deepest === undefined || instrument === undefined
    ? undefined
    : { trade: deepest, picture: pictureOf(deepest, instrument) };
}

function isDeeper(trade: TradeRecord, than: TradeRecord): boolean {
  return (
    trade.additions > than.additions || (trade.additions === than.additions && size(trade.gross) > size(than.gross))
  );
}

function size(units: bigint): bigint {
  return units < 0n ? -units : units;
}

function pictureOf({ steps, side, gross }: TradeRecord, instrument: Instrument): LadderPicture {
  const lots = steps.reduce((sum, step) => sum + step.lots, 0);
  const cost = steps.reduce((sum, step) => sum + step.value, 0n);
  const exit = side === 'long' ? cost + gross : cost - gross;
  return {
    rungs: steps.map((step) => ({
      rung: step.step,
      price: priceOf(step.value, step.lots, instrument),
      size: contractsText(instrument, step.lots),
      weight: step.lots,
      isFilled: true,
    })),
    levels: [
      { kind: 'average', price: priceOf(cost, lots, instrument) },
      { kind: 'exit', price: priceOf(exit, lots, instrument) },
    ],
  };
}

/** To the tick, half up. */
function priceOf(value: bigint, lots: number, { moneyPerTickLot, tickSize }: Instrument): string {
  const perTick = BigInt(lots) * BigInt(moneyPerTickLot);
  return formatUnits(((value + perTick / 2n) / perTick) * tickSize.units, tickSize.scale);
}
