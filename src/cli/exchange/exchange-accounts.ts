/** The accounts of `rungwise exchange`: named on the command line, or one that is made. */
import { randomBytes } from 'node:crypto';
import { moneyOf } from '../../core/instrument/instrument.ts';
import { type Decimal, decimal } from '../../core/numbers/decimal.ts';
import { MONEY_PLACES } from '../../core/numbers/units.ts';
import type { AccountOptions } from '../../paper/desk/desk.ts';
import { readDecimal } from '../input/read-decimal.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { ExchangeOptions } from './exchange.ts';

const BALANCE_USDT = decimal('10000');
/** The simulator counts exactly up to 90 million (sim/account/tally.ts): so an account may double its money, and is right to the last unit. */
const BALANCE_USDT_MAX = 40_000_000;
const MAKER_RATE = decimal('0.0002');
const TAKER_RATE = decimal('0.0005');
/** OKX's own for a fresh account. */
const LEVERAGE = 3;

type Known = Pick<AccountOptions, 'key' | 'secret' | 'passphrase' | 'uid'>;

/** Never shows what was written: it holds a secret. @throws {UsageError} */
export function accountsOf(
  session: Session,
  { account: words = [], state }: ExchangeOptions,
  saved: readonly { readonly options: Known }[],
): AccountOptions[] {
  const { texts } = session;
  const known = new Map(saved.map(({ options }) => [options.key, options]));
  const uids = freeUids(new Set(saved.map(({ options }) => options.uid)));
  const accounts = words.map((word) => {
    const [key = '', secret = '', passphrase = '', usdt, ...more] = word.split(':');
    const balance = usdt === undefined ? BALANCE_USDT : amountOrNone(usdt);
    if (key === '' || secret === '' || passphrase === '' || more.length > 0 || balance === undefined)
      throw new UsageError(texts.exchange.notAccount(`${key}:…`));
    const before = known.get(key);
    if (before !== undefined && (before.secret !== secret || before.passphrase !== passphrase))
      throw new UsageError(texts.exchange.otherKeys(key, String(state)));
    return accountOf({ key, secret, passphrase }, balance, before?.uid ?? String(uids.next().value));
  });
  const twice = accounts.find(({ key }, i) => accounts.findIndex((other) => other.key === key) !== i);
  if (twice !== undefined) throw new UsageError(texts.exchange.accountTwice(twice.key));
  return accounts;
}

const FIRST_UID = 700_000_000_001;

/** Numbers of accounts that nobody has: what an account is told is told by its number. */
function* freeUids(taken: ReadonlySet<string>): Generator<string, never> {
  for (let uid = FIRST_UID; ; uid += 1) if (!taken.has(String(uid))) yield String(uid);
}

function accountOf(keys: Pick<AccountOptions, 'key' | 'secret' | 'passphrase'>, balance: Decimal, uid: string) {
  return {
    ...keys,
    balance: moneyOf(balance),
    makerRate: MAKER_RATE,
    takerRate: TAKER_RATE,
    leverage: LEVERAGE,
    uid,
  };
}

/** With keys of its own. */
export function newAccount(): AccountOptions {
  const [key, secret, passphrase] = [16, 16, 8].map((bytes) => randomBytes(bytes).toString('hex'));
  return accountOf(
    { key: key ?? '', secret: secret ?? '', passphrase: passphrase ?? '' },
    BALANCE_USDT,
    String(FIRST_UID),
  );
}

function amountOrNone(word: string): Decimal | undefined {
  const amount = readDecimal(word);
  if (amount === undefined || amount.units < 0n) return undefined;
  return amount.scale <= MONEY_PLACES && amount.approx <= BALANCE_USDT_MAX ? amount : undefined;
}
