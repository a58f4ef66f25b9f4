/**
 * GET account/config; POST account/set-position-mode. Source: okx-v5.md §1.7.
 *
 * `acctLv`: 1 spot, 2 futures, 3 multi-currency, 4 portfolio. `perm` is a comma list (`read_only,trade,withdraw`).
 * OKX may enlarge: `acctLv`, `posMode`. An unrecognised mode stops the start; it is never taken for another.
 */
import { anyList, boolean, object, open, type Read, text, type Wire } from './field.ts';

const posMode = open('net_mode', 'long_short_mode');

export const accountConfig = object(
  { uid: text, acctLv: open('1', '2', '3', '4'), posMode, perm: text },
  { mainUid: text, ip: text, label: text },
  {
    ctIsoMode: text,
    level: text,
    levelTmp: text,
    kycLv: text,
    autoLoan: boolean,
    greeksType: text,
    acctStpMode: text,
    mgnIsoMode: text,
    opAuth: text,
    roleType: text,
    traderInsts: anyList,
    spotRoleType: text,
    spotTraderInsts: anyList,
    type: text,
    enableSpotBorrow: boolean,
    spotBorrowAutoRepay: boolean,
    spotOffsetType: text,
    liquidationGear: text,
    feeType: text,
    settleCcy: text,
    settleCcyList: anyList,
    stgyType: text,
  },
);
export type AccountConfig = Read<typeof accountConfig>;
export type WireAccountConfig = Wire<typeof accountConfig>;

export const positionModeAck = object({ posMode }, {}, {});
export type WirePositionModeAck = Wire<typeof positionModeAck>;
