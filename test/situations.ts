/** What gates and guards judge, written as decimal texts, readable in either arithmetic. */

import {
  type AdditionSituation,
  type EntrySituation,
  type Judgement,
  judgeAddition,
  judgeEntry,
  type Situation,
} from '../src/core/adding/gates.ts';
import { ladderRules } from '../src/core/ladder/ladder.ts';
import type { Arithmetic } from '../src/core/numbers/arithmetic.ts';
import { decimal } from '../src/core/numbers/decimal.ts';
import type { Side } from '../src/core/numbers/units.ts';
import type { Policy, Profile, Regime } from '../src/core/policy.ts';
import type { AdditionGate, EntryGate } from '../src/core/refusal.ts';

export interface RunningText {
  readonly fundingInMs?: number;
  readonly fundingDue: string;
  readonly expectedMove: string;
  readonly roundTripCost: string;
  readonly trendAgainst: boolean;
}

export interface SituationText {
  readonly instId: string;
  readonly halted: boolean;
  readonly stateKnown: boolean;
  readonly ordersInFlight: number;
  readonly side: Side;
  readonly price: string;
  readonly priceAgeMs?: number;
  readonly signalPrice?: string;
  readonly now: number;
  readonly regime: Regime;
  readonly volatilityFactor: string;
  readonly profile: Profile;
  readonly balance: string;
  readonly unrealised: string;
  readonly marginUsed: string;
  readonly marginReserved: string;
  readonly exchangeAvailable?: string;
  readonly openPositions: number;
  readonly totalExposure: string;
  readonly coinsPerLot: string;
  readonly lotsMin: number;
  readonly maintenanceRate: string;
  readonly takerFeeRate: string;
  readonly running?: RunningText;
}

export interface AdditionText extends SituationText {
  readonly position?: {
    readonly side: Side;
    readonly coins: string;
    readonly cost: string;
    /** At the mark; undefined: that is the price. */
    readonly value?: string;
    readonly leverage?: number;
    readonly additionsMade: number;
    readonly lastGrownAt: number;
    readonly base: string;
    readonly stopPrice?: string;
  };
  readonly pnlPercent?: string;
}

export interface EntryText extends SituationText {
  readonly sizeLots: number;
  readonly leverage: number;
  readonly stopPrice: string;
  readonly reentryWaitMs: number;
  readonly sinceCloseMs: number | undefined;
  readonly worstCaseLoss: string;
}

/** An account of 1000 USDT with room for everything; a lot is 0.1 USDT at the price of 100. */
export const ROOMY: SituationText = {
  instId: 'SCRIPT-USDT-SWAP',
  halted: false,
  stateKnown: true,
  ordersInFlight: 0,
  side: 1,
  price: '100',
  priceAgeMs: 0,
  signalPrice: '100',
  now: 1_000_000,
  regime: 'ranging',
  volatilityFactor: '1',
  profile: 'small',
  balance: '1000',
  unrealised: '0',
  marginUsed: '20',
  marginReserved: '0',
  openPositions: 1,
  totalExposure: '100',
  coinsPerLot: '0.001',
  lotsMin: 1,
  maintenanceRate: '0.004',
  takerFeeRate: '0.0005',
};

/** A position of 100 USDT at 5x, its stop 1 % away, to which 72 USDT can be added (conservative, small, ranging, first rung). */
export function roomyAddition(side: Side): Required<Pick<AdditionText, 'position'>> & AdditionText {
  return {
    ...ROOMY,
    side,
    position: {
      side,
      coins: '1',
      cost: '100',
      leverage: 5,
      additionsMade: 0,
      lastGrownAt: 0,
      base: '100',
      stopPrice: String(100 - side),
    },
  };
}

/** An entry of 200 USDT at 5x, its stop 1 % away. */
export function roomyEntry(side: Side): EntryText {
  return {
    ...ROOMY,
    side,
    marginUsed: '0',
    openPositions: 0,
    totalExposure: '0',
    sizeLots: 2000,
    leverage: 5,
    stopPrice: String(100 - side),
    reentryWaitMs: 0,
    sinceCloseMs: undefined,
    worstCaseLoss: '10',
    running: RUNNING,
  };
}

export const RUNNING: RunningText = {
  fundingInMs: 3_600_000,
  fundingDue: '0',
  expectedMove: '0.01',
  roundTripCost: '0.001',
  trendAgainst: false,
};

function situationOf<N>(m: Arithmetic<N>, text: SituationText): Situation<N> {
  const of = (value: string) => m.of(decimal(value));
  const { running } = text;
  return {
    ...text,
    price: of(text.price),
    priceAgeMs: text.priceAgeMs,
    signalPrice: text.signalPrice === undefined ? undefined : of(text.signalPrice),
    volatilityFactor: of(text.volatilityFactor),
    account: {
      balance: of(text.balance),
      unrealised: of(text.unrealised),
      marginUsed: of(text.marginUsed),
      marginReserved: of(text.marginReserved),
      exchangeAvailable: text.exchangeAvailable === undefined ? undefined : of(text.exchangeAvailable),
      openPositions: text.openPositions,
      totalExposure: of(text.totalExposure),
    },
    grid: {
      coinsPerLot: of(text.coinsPerLot),
      lotsMin: text.lotsMin,
      maintenanceRateAfter: () => of(text.maintenanceRate),
      takerFeeRate: of(text.takerFeeRate),
    },
    running:
      running === undefined
        ? undefined
        : {
            fundingInMs: running.fundingInMs,
            fundingDue: of(running.fundingDue),
            expectedMove: of(running.expectedMove),
            roundTripCost: of(running.roundTripCost),
            trendAgainst: running.trendAgainst,
          },
  };
}

function additionOf(policy: Policy, text: AdditionText): <N>(m: Arithmetic<N>) => AdditionSituation<N> {
  const rules = ladderRules(policy.scaling, text.instId, text.profile, text.regime);
  return (m) => {
    const of = (value: string) => m.of(decimal(value));
    const { position } = text;
    return {
      ...situationOf(m, text),
      rules,
      pnlPercent: text.pnlPercent === undefined ? undefined : of(text.pnlPercent),
      position:
        position === undefined
          ? undefined
          : {
              ...position,
              leverage: position.leverage,
              coins: of(position.coins),
              cost: of(position.cost),
              value: position.value === undefined ? m.times(of(position.coins), of(text.price)) : of(position.value),
              base: of(position.base),
              stopPrice: position.stopPrice === undefined ? undefined : of(position.stopPrice),
            },
    };
  };
}

function entryOf(text: EntryText): <N>(m: Arithmetic<N>) => EntrySituation<N> {
  return (m) => ({
    ...situationOf(m, text),
    sizeLots: text.sizeLots,
    leverage: text.leverage,
    stopPrice: m.of(decimal(text.stopPrice)),
    reentryWaitMs: text.reentryWaitMs,
    sinceCloseMs: text.sinceCloseMs,
    worstCaseLoss: m.of(decimal(text.worstCaseLoss)),
  });
}

/** How many of all judgements doubles decided without a doubt: were it none, nothing would be compared. */
export const decidedInDoubles = { count: 0 };

/** Judges in fractions with all gates read, and in doubles; a test that finds them apart fails. */
export function judgedAddition(policy: Policy, text: AdditionText): Judgement<AdditionGate> {
  const situation = additionOf(policy, text);
  const exact = judgeAddition(policy, situation, true);
  return together(
    exact,
    counted((count) => judgeAddition(policy, (m) => count(situation(m)), false)),
  );
}

export function judgedEntry(policy: Policy, text: EntryText): Judgement<EntryGate> {
  const situation = entryOf(text);
  const exact = judgeEntry(policy, situation, true);
  return together(
    exact,
    counted((count) => judgeEntry(policy, (m) => count(situation(m)), false)),
  );
}

function counted<T>(judge: (count: <S>(situation: S) => S) => T): T {
  let readings = 0;
  const judgement = judge((situation) => {
    readings += 1;
    return situation;
  });
  if (readings === 1) decidedInDoubles.count += 1;
  return judgement;
}

function together<Code extends string>(exact: Judgement<Code>, quick: Judgement<Code>): Judgement<Code> {
  if (exact.code !== quick.code || exact.sizeLots !== quick.sizeLots)
    throw new Error(`in fractions ${exact.code} ${exact.sizeLots}, in doubles ${quick.code} ${quick.sizeLots}`);
  return exact;
}
