/**
 * What a configuration can lose in a position, in a day, in ten positions in a row: by its limits, whatever the market does, and as it plans now.
 *
 * Amounts in whole 10⁻⁸ USDT, losses positive. A day: entries halt at `daily_loss_limit`, but what is open by then may still be stopped. Ten
 * in a row: each loses its share of what the one before left. Source: rules.md §5, §6.1, §8. Deliberately absent: governors that would pause or
 * shrink sooner, funding, and, but for `gapUnits`, stops that a gap jumps over.
 */

import type { Policy } from '../policy.ts';
import type { BookPlan } from './book-plan.ts';
import type { LadderPlan } from './ladder-plan.ts';
import { ladderWorstCase, stoppedLossUnits } from './worst-case.ts';

/** Losses of one reading: the planned ladders, or the limits. */
export interface LossReading {
  /** One position at its stop, every rung taken, costs included. */
  readonly positionUnits: number;
  /** From the day's first balance: the limit, and then a full book of stops. */
  readonly dayUnits: number;
  /** Ten positions in a row, each at its stop. */
  readonly streakUnits: number;
  /** The least UTC days that such a streak takes: the daily limit halts the rest of a day, and a full book may be stopped after it. */
  readonly streakDays: number;
}

/** What can be lost: as the ladders are planned now, and at most by the limits. */
export interface LossCaps {
  readonly planned: LossReading;
  readonly limits: LossReading;
  /** One position through any gap: its whole margin, for it is isolated. */
  readonly gapUnits: number;
}

export const STREAK = 10;

/**
 * Adds up what can be lost.
 *
 * @param balanceUnits whole 10⁻⁸ USDT
 * @param plans ladders of every symbol and market that is meant; refused ones do not count
 * @param book of the same account
 */
export function lossCaps(policy: Policy, balanceUnits: number, plans: readonly LadderPlan[], book: BookPlan): LossCaps {
  const meant = plans.filter(({ rungs }) => rungs[0]?.refusal === null);
  const worst = meant.map(({ exposure }) => ladderWorstCase(policy, balanceUnits, exposure));
  const positionUnits = Math.max(0, ...worst.map(({ stoppedUnits }) => stoppedUnits));
  // A stop as far as the price itself: what remains is max_loss_per_position and the costs.
  const atLimit = meant.map(({ exposure }) =>
    stoppedLossUnits(policy, balanceUnits, {
      ...exposure,
      leverage: undefined,
      stopDistanceTicks: exposure.averageTicks,
    }),
  );
  const positionMost = Math.max(positionUnits, ...atLimit);
  const dayLimit = (balanceUnits * policy.limits.dailyLossPercentMax.approx) / 100;
  const bookMost = Math.min(book.caps.worstCase.limit, book.caps.positions.limit * positionMost);
  const reading = (position: number, bookUnits: number): LossReading => ({
    positionUnits: position,
    dayUnits: dayLimit + bookUnits,
    ...streak(position / balanceUnits, dayLimit / balanceUnits, balanceUnits, book.caps.positions.limit),
  });
  return {
    planned: reading(positionUnits, book.worst.stoppedUnits),
    limits: reading(positionMost, bookMost),
    gapUnits: Math.max(0, ...worst.map(({ marginUnits, valueUnits }) => marginUnits ?? valueUnits)),
  };
}

function streak(
  share: number,
  dayShare: number,
  balanceUnits: number,
  openMost: number,
): Pick<LossReading, 'streakUnits' | 'streakDays'> {
  let left = balanceUnits;
  for (let i = 0; i < STREAK; i++) left -= left * share;
  // Entries go on while less than the limit is lost of the day's first balance; what is open then may all be stopped.
  let aDay = openMost;
  for (let day = 1 - share; aDay < STREAK && 1 - day < dayShare; day -= day * share) aDay++;
  return { streakUnits: Math.ceil(balanceUnits - left), streakDays: Math.ceil(STREAK / aDay) };
}
