/** A time as a person writes it. */
import { isCalendarDay } from '../../data/calendar.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

/** @param text a day, `2026-02-28`, or a time, `2026-02-28T09:30Z`. @returns UTC milliseconds @throws {UsageError} */
export function utcTimeMs({ texts }: Session, flag: string, text: string): number {
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) && isCalendarDay(text);
  const ms = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new UsageError(texts.usage.noTime(flag, text));
  return ms;
}
