/** Numbers as people read them: thousands apart, two decimals for money, a sign where it matters. Exact: cut and rounded in whole numbers. */
import { MONEY_PLACES } from '../../core/numbers/units.ts';
import type { Millionths } from '../run/report.ts';
import type { ReportTexts } from './texts.ts';

/** USDT, rounded to two places (half away from zero): `1,234.56`. */
export function moneyShown(value: bigint, texts: ReportTexts): string {
  const size = rounded(value < 0n ? -value : value, MONEY_PLACES - 2);
  return fixed(size, 2, value < 0n, texts);
}

/** The same with a plus before a gain; what rounds to nothing has no sign. */
export function gainShown(value: bigint, texts: ReportTexts): string {
  const isGain = rounded(value < 0n ? 0n : value, MONEY_PLACES - 2) > 0n;
  return isGain ? `+${moneyShown(value, texts)}` : moneyShown(value, texts);
}

/** `12.35 %`. */
export function percentShown(value: Millionths, texts: ReportTexts): string {
  if (value === undefined) return texts.none;
  const size = value < 0n ? -value : value;
  return `${fixed(rounded(size, 2), 2, value < 0n, texts)} ${texts.percent}`;
}

/** A ratio in millionths: `1.37`. */
export function ratioShown(value: Millionths, texts: ReportTexts): string {
  return value === undefined ? texts.none : fixed(rounded(value, 4), 2, false, texts);
}

export function countShown(value: number, texts: ReportTexts): string {
  return fixed(BigInt(value), 0, false, texts);
}

/** A decimal text (`"58590.1"`) with its thousands apart. */
export function decimalShown(text: string, texts: ReportTexts): string {
  const [whole = '', fraction] = text.replace('-', '').split('.');
  const sign = text.startsWith('-') ? MINUS : '';
  return `${sign}${grouped(whole, texts)}${fraction === undefined ? '' : texts.point + fraction}`;
}

/** The two largest units: `2 h 5 min`. */
export function durationShown(ms: number | undefined, texts: ReportTexts): string {
  if (ms === undefined) return texts.none;
  const seconds = Math.round(ms / 1_000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), texts.duration.days],
    [Math.floor(seconds / 3_600) % 24, texts.duration.hours],
    [Math.floor(seconds / 60) % 60, texts.duration.minutes],
    [seconds % 60, texts.duration.seconds],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${texts.duration.seconds}`;
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

const MINUS = '−';

function fixed(units: bigint, places: number, isNegative: boolean, texts: ReportTexts): string {
  const digits = units.toString().padStart(places + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - places), texts);
  const fraction = places === 0 ? '' : texts.point + digits.slice(digits.length - places);
  return `${isNegative && units !== 0n ? MINUS : ''}${whole}${fraction}`;
}

function grouped(digits: string, texts: ReportTexts): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, texts.group);
}

/** A positive whole number without its last `places` digits, rounded half up. */
function rounded(value: bigint, places: number): bigint {
  const unit = 10n ** BigInt(places);
  return (value + unit / 2n) / unit;
}
