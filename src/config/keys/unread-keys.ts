/** Keys that a person looks for here and that nothing reads. They are refused with their reason: a key that does nothing would be a silent lie. */
import type { Words } from './words.ts';

const UNREAD: Readonly<Record<string, Words>> = {
  notify: { en: 'this version sends no notifications', ru: 'эта версия не шлёт уведомлений' },
  state: {
    en: 'the folder of the journal comes from RUNGWISE_HOME (default ./state)',
    ru: 'папку журнала задаёт RUNGWISE_HOME (по умолчанию ./state)',
  },
  timezone: { en: 'this version shows times in UTC', ru: 'эта версия показывает время в UTC' },
  dry_run: {
    en: 'the command says it: paper trades without money, live with it',
    ru: 'это говорит команда: paper торгует без денег, live — на деньги',
  },
  'account.uid': {
    en: 'the account of the exchange is the one whose keys live and paper are given (RUNGWISE_OKX_KEY, or --keys FILE)',
    ru: 'счёт на бирже — тот, чьи ключи даны командам live и paper (RUNGWISE_OKX_KEY или --keys FILE)',
  },
};

/** Wherever it stands: a secret that somebody has written down is to be told where secrets go. */
const ACCESS = /^(exchange|okx|key|(api_?)?(key|secret|passphrase|password)|secret_?key)$/i;
const ACCESS_ELSEWHERE: Words = {
  en: 'the exchange is OKX, and its keys never stand in this file: give them by RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET and RUNGWISE_OKX_PASSPHRASE, or --keys FILE',
  ru: 'биржа здесь OKX, а её ключи в этот файл не пишут: их задают RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET и RUNGWISE_OKX_PASSPHRASE или --keys FILE',
};

/** Why a key is not read from this file; undefined of one that nobody looks for. */
export function whyUnread(path: string): Words | undefined {
  if (Object.hasOwn(UNREAD, path)) return UNREAD[path];
  return ACCESS.test(path.replace(/^.*\./s, '')) ? ACCESS_ELSEWHERE : undefined;
}
