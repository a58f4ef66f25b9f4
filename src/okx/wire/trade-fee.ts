/**
 * GET account/trade-fee. Negative = charged, positive = rebate. Source: okx-v5.md §0, §1.7. The rate of an instrument
 * stands in `feeGroup` under its `groupId`; before 2025-11 in `takerU`/`makerU` (USDT-margined swaps), else
 * `taker`/`maker`.
 */
import { anyList, list, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';

const feeGroup = object({ groupId: text, taker: numberOrEmpty, maker: numberOrEmpty }, {}, { elpMaker: numberOrEmpty });

export const tradeFee = object(
  { taker: numberOrEmpty, maker: numberOrEmpty },
  { takerU: numberOrEmpty, makerU: numberOrEmpty, feeGroup: list(feeGroup) },
  {
    level: text,
    takerUSDC: numberOrEmpty,
    makerUSDC: numberOrEmpty,
    delivery: numberOrEmpty,
    exercise: numberOrEmpty,
    instType: text,
    ruleType: text,
    category: text,
    fiat: anyList,
    ts: numberOrEmpty,
  },
);
export type TradeFee = Read<typeof tradeFee>;
export type WireTradeFee = Wire<typeof tradeFee>;
