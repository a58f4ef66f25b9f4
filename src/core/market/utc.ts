/** Moments as text, for what the core explains: it has no `Date`. */
import { DAY_MS, MINUTE_MS } from './candle.ts';

/** `2026-01-05 13:07 UTC`: the minute that holds the moment. @param ms since 1970 UTC, 0 or more */
export function utcText(ms: number): string {
  return `${timeText(ms)} UTC`;
}

/** The same without its zone, where that is said beside it. */
export function timeText(ms: number): string {
  const minutes = Math.floor((ms % DAY_MS) / MINUTE_MS);
  return `${dateText(Math.floor(ms / DAY_MS))} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Days since 1970 as a date of the Gregorian calendar, counted in years that begin in March so that a leap day is the last. */
function dateText(days: number): string {
  const sinceMarch = days + 719_468;
  const era = Math.floor(sinceMarch / 146_097);
  const dayOfEra = sinceMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
