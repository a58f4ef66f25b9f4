/**
 * GET account/balance; channel `account`. Source: okx-v5.md §1.7, §4.4.
 *
 * In futures mode with isolated margin: `cashBal` is the cash after margin has moved out, `eq = cashBal + isoEq`,
 * resting orders reduce `availBal` and not `cashBal`. Account-level `adjEq`, `imr`, `mmr`, … are `""` in that mode.
 * Currencies of zero are not listed.
 */
import { boolean, list, millis, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';

const balanceDetail = object(
  {
    ccy: text,
    eq: numberOrEmpty,
    cashBal: numberOrEmpty,
    availBal: numberOrEmpty,
    frozenBal: numberOrEmpty,
    uTime: millis,
  },
  { availEq: numberOrEmpty, isoEq: numberOrEmpty, ordFrozen: numberOrEmpty, upl: numberOrEmpty, isoUpl: numberOrEmpty },
  {
    disEq: numberOrEmpty,
    fixedBal: numberOrEmpty,
    liab: numberOrEmpty,
    uplLiab: numberOrEmpty,
    crossLiab: numberOrEmpty,
    isoLiab: numberOrEmpty,
    rewardBal: numberOrEmpty,
    mgnRatio: numberOrEmpty,
    imr: numberOrEmpty,
    mmr: numberOrEmpty,
    interest: numberOrEmpty,
    twap: numberOrEmpty,
    maxLoan: numberOrEmpty,
    eqUsd: numberOrEmpty,
    borrowFroz: numberOrEmpty,
    notionalLever: numberOrEmpty,
    stgyEq: numberOrEmpty,
    spotInUseAmt: numberOrEmpty,
    clSpotInUseAmt: numberOrEmpty,
    maxSpotInUseAmt: numberOrEmpty,
    spotIsoBal: numberOrEmpty,
    smtSyncEq: numberOrEmpty,
    spotCopyTradingEq: numberOrEmpty,
    spotBal: numberOrEmpty,
    openAvgPx: numberOrEmpty,
    accAvgPx: numberOrEmpty,
    spotUpl: numberOrEmpty,
    spotUplRatio: numberOrEmpty,
    totalPnl: numberOrEmpty,
    totalPnlRatio: numberOrEmpty,
    colRes: text,
    colBorrAutoConversion: text,
    collateralRestrict: boolean,
    collateralEnabled: boolean,
    frpType: text,
    autoLendStatus: text,
    autoLendMtAmt: numberOrEmpty,
  },
);
export type WireBalanceDetail = Wire<typeof balanceDetail>;

export const balance = object(
  { uTime: millis, totalEq: numberOrEmpty, details: list(balanceDetail) },
  { isoEq: numberOrEmpty },
  {
    adjEq: numberOrEmpty,
    availEq: numberOrEmpty,
    ordFroz: numberOrEmpty,
    imr: numberOrEmpty,
    mmr: numberOrEmpty,
    borrowFroz: numberOrEmpty,
    mgnRatio: numberOrEmpty,
    notionalUsd: numberOrEmpty,
    notionalUsdForBorrow: numberOrEmpty,
    notionalUsdForSwap: numberOrEmpty,
    notionalUsdForFutures: numberOrEmpty,
    notionalUsdForOption: numberOrEmpty,
    upl: numberOrEmpty,
  },
);
export type Balance = Read<typeof balance>;
export type WireBalance = Wire<typeof balance>;
