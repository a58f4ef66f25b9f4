/** What follows from the reason of a close alone: how fast it is, and whose. Source: rules.md §5, §7. */

import type { CloseReason } from '../decision.ts';
import { EMERGENCY_STOP } from '../governors/door.ts';

/** A time limit or an opposite signal may leave as maker first; everything else goes to the market at once. */
export function isUrgent(reason: CloseReason | undefined): boolean {
  return reason !== 'time' && reason !== 'opposite';
}

/** A person wants it, or what closes everything. */
export function isOfAPerson(reason: CloseReason): boolean {
  return reason === 'operator' || reason === 'end-of-data' || reason === EMERGENCY_STOP;
}
