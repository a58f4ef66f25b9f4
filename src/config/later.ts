/** Keys of the papers that nothing reads yet. They are refused with their reason: a key that does nothing would be a silent lie. */
import type { Language } from './words.ts';

const LATER: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  notify: { en: 'this version sends no notifications', ru: 'эта версия не шлёт уведомлений' },
  state: {
    en: 'the folder of the journal comes from RUNGWISE_HOME (default ./state)',
    ru: 'папку журнала задаёт RUNGWISE_HOME (по умолчанию ./state)',
  },
  timezone: { en: 'this version shows times in UTC', ru: 'эта версия показывает время в UTC' },
  'account.uid': { en: 'this version trades no exchange account', ru: 'эта версия не торгует на счёте биржи' },
};

/** Why a key of the papers is not to be used yet; undefined for a key that was never meant. */
export function laterReason(path: string): Readonly<Record<Language, string>> | undefined {
  return Object.hasOwn(LATER, path) ? LATER[path] : undefined;
}
