/**
 * The whole book before its first order: every symbol as if it had an entry now, in the order in which they are named, and its worst case.
 *
 * Each entry is judged by the bot's own gates in the book that those before it make once they are climbed whole; one that is refused takes
 * nothing. Source: rules.md §8. Deliberately absent: which of them would signal first, and entries that a later profit would make room for.
 */
import { fractions } from '../numbers/arithmetic.ts';
import type { Decimal } from '../numbers/decimal.ts';
import type { Policy, Profile } from '../policy.ts';
import { wholeUnits } from '../situation.ts';
import { type LadderPlan, type LadderQuestion, planLadder, type RestOfBook } from './ladder-plan.ts';
import { spendableMargin, totalExposureMax, worstCaseLossMax } from './limits.ts';
import { profileOf } from './profile.ts';
import { type BookWorstCase, type LadderWorstCase, ladderWorstCase, togetherOf } from './worst-case.ts';

/** One symbol's question; balance and the rest of the book are everybody's. */
export type BookQuestion = Omit<LadderQuestion, 'balance' | 'rest'>;

/** One symbol of the book: its ladder, and what it can lose. */
export interface BookLadder {
  readonly plan: LadderPlan;
  /** Undefined where its entry is refused. */
  readonly worst: LadderWorstCase | undefined;
}

/** What the book takes of a limit; whole 10⁻⁸ USDT, or positions. */
export interface BookCap {
  readonly used: number;
  readonly limit: number;
}

/** The book before its first order. */
export interface BookPlan {
  readonly balance: Decimal;
  readonly profile: Profile;
  readonly ladders: readonly BookLadder[];
  /** Of those that are not refused, together. */
  readonly worst: BookWorstCase;
  readonly caps: {
    /** Loss if every stop is hit, against `max_worst_case_loss`. */
    readonly worstCase: BookCap;
    /** Value, against `max_total_exposure`. */
    readonly exposure: BookCap;
    /** Margin, against the free margin of an empty book less its reserve. */
    readonly margin: BookCap;
    readonly positions: BookCap;
  };
}

const m = fractions;

/** Plans the book of an account with nothing open. @throws {UnitError} where values leave the safe range. */
export function planBook(policy: Policy, balance: Decimal, questions: readonly BookQuestion[]): BookPlan {
  const balanceUnits = wholeUnits(m.of(balance));
  const ladders: BookLadder[] = [];
  let rest: RestOfBook = { openPositions: 0, marginUnits: 0, exposureUnits: 0, worstCaseUnits: 0 };
  for (const question of questions) {
    const plan = planLadder(policy, { ...question, balance, rest });
    const isRefused = plan.rungs[0]?.refusal !== null;
    const worst = isRefused ? undefined : ladderWorstCase(policy, balanceUnits, plan.exposure);
    ladders.push({ plan, worst });
    if (worst !== undefined) rest = withLadder(rest, worst);
  }
  const whole = m.of(balance);
  const profile = profileOf(m, policy, whole);
  const account = {
    balance: whole,
    unrealised: m.zero,
    marginUsed: m.zero,
    marginReserved: m.zero,
    exchangeAvailable: undefined,
    openPositions: 0,
    totalExposure: m.zero,
  };
  return {
    balance,
    profile,
    ladders,
    worst: togetherOf(ladders.flatMap(({ worst }) => worst ?? [])),
    caps: {
      worstCase: { used: rest.worstCaseUnits, limit: wholeUnits(worstCaseLossMax(m, policy, whole)) },
      exposure: { used: rest.exposureUnits, limit: wholeUnits(totalExposureMax(m, policy, whole)) },
      margin: { used: rest.marginUnits, limit: wholeUnits(spendableMargin(m, policy, account)) },
      positions: { used: rest.openPositions, limit: policy.profiles[profile].openPositionsMax },
    },
  };
}

function withLadder(rest: RestOfBook, { marginUnits, valueUnits, stoppedUnits }: LadderWorstCase): RestOfBook {
  return {
    openPositions: rest.openPositions + 1,
    marginUnits: rest.marginUnits + Math.ceil(marginUnits ?? valueUnits),
    exposureUnits: rest.exposureUnits + Math.ceil(valueUnits),
    worstCaseUnits: rest.worstCaseUnits + stoppedUnits,
  };
}
