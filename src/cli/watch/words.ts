/** Numbers as lines of a running bot write them. */

import { moneyOf } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { decimalShown, gainShown, moneyShown } from '../../report/words/numbers.ts';
import type { Session } from '../shell/session.ts';

/** What of a session a line is written with. */
export type Words = Pick<Session, 'texts' | 'report' | 'palette'>;

/** USDT, rounded to two places as in a report: balance and net on a screen are those of the summary. */
export function money(value: string, { report }: Words): string {
  return moneyShown(moneyOf(decimal(value)), report);
}

/** The same with a plus before a gain. */
export function gain(value: string, { report }: Words): string {
  return gainShown(moneyOf(decimal(value)), report);
}

/** What a gate read, cut to two places. */
export function reading(value: string, words: Words): string {
  return cut(value, 2, words);
}

/** As many places as a price of its size has: of a coin worth millionths five digits after the noughts. */
export function price(value: string, words: Words): string {
  const size = Math.abs(Number(value));
  const noughts = /^-?0\.(0*)[1-9]/.exec(value)?.[1]?.length ?? 0;
  return cut(value, size >= 10_000 ? 1 : size >= 10 ? 2 : size >= 1 ? 4 : 5 + noughts, words);
}

function cut(value: string, places: number, words: Words): string {
  const [whole = '0', fraction = ''] = value.split('.');
  const text = `${whole}.${fraction.padEnd(places, '0').slice(0, places)}`;
  return shown(/[1-9]/.test(text) ? text : text.replace('-', ''), words);
}

export function shown(value: string, { report }: Words): string {
  return decimalShown(value, report);
}
