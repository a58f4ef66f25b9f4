/** Keys of the papers that nothing reads yet. They are refused with their reason: a key that does nothing would be a silent lie. */
import type { Words } from './words.ts';

const LATER: Readonly<Record<string, Words>> = {
  notify: { en: 'this version sends no notifications', ru: 'эта версия не шлёт уведомлений' },
  state: {
    en: 'the folder of the journal comes from RUNGWISE_HOME (default ./state)',
    ru: 'папку журнала задаёт RUNGWISE_HOME (по умолчанию ./state)',
  },
  timezone: { en: 'this version shows times in UTC', ru: 'эта версия показывает время в UTC' },
  'account.uid': {
    en: 'the account of the exchange is the one whose keys live and paper are given (RUNGWISE_OKX_KEY, or --keys FILE)',
    ru: 'счёт на бирже — тот, чьи ключи даны командам live и paper (RUNGWISE_OKX_KEY или --keys FILE)',
  },
};

/** Why a key of the papers is not to be used yet; undefined for a key that was never meant. */
export function laterReason(path: string): Words | undefined {
  return Object.hasOwn(LATER, path) ? LATER[path] : undefined;
}
