/** So many of something, as it is said: `1 candle`, `10,080 candles`; `1 свеча`, `2 свечи`, `10 080 свечей`. */
import { countShown } from '../../report/words/numbers.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';

const ENGLISH = new Intl.PluralRules('en');
const RUSSIAN = new Intl.PluralRules('ru');

export function counted(count: number, one: string): string {
  return `${countShown(count, REPORT_TEXTS.en)} ${one}${ENGLISH.select(count) === 'one' ? '' : 's'}`;
}

/** @param few of 2, 3 and 4. @param many of 5 and more, and of none */
export function countedRu(count: number, one: string, few: string, many: string): string {
  const form = RUSSIAN.select(count);
  return `${countShown(count, REPORT_TEXTS.ru)} ${form === 'one' ? one : form === 'few' ? few : many}`;
}
