/** Whether a file's own word for its market may be of a coin: exchanges spell one market in many ways. */

/** What a coin is priced in, and what marks a contract; at the beginning of what follows the coin. */
const MONEY =
  /^Z?(?:(?:B|T|FD|G|RL|PY)?USD[A-Z]?\d?|USTF?|USX|DAI|EUR|GBP|JPY|KRW|TRY|BRL|AUD|CAD|CHF|RUB|UAH|KZT|INR|IDR|NGN|ZAR|MXN|ARS|COP|CLP|PEN|PLN|CZK|HUF|SEK|NOK|DKK|ILS|AED|SAR|PKR|VND|PHP|MYR|TWD|CNY|CNH|CNT|HKD|SGD|THB)/;
const CONTRACT = /^(?:PERP|SWAP|SPOT|FUT|[FGHJKMNQUVXZ]?\d)/;
/** Letters that some put before every coin: Bitfinex, Kraken. */
const PREFIX = /(?:^|[^A-Z])(?:T|XX?)?$/;

/**
 * Whether a name like `BTCUSDT`, `BTC/USDT`, `tBTCUSD`, `KRW-BTC` or `XBTUSD` may be of the coin; a number is no name, and says nothing.
 * `BTCDOMUSDT` is another coin, `ETHBTC` one that is priced in this.
 */
export function mayBeOfCoin(symbol: string, baseCoin: string): boolean {
  const name = symbol.toUpperCase();
  if (!/[A-Z]/.test(name)) return true;
  const coins = baseCoin === 'BTC' ? ['BTC', 'XBT'] : [baseCoin.toUpperCase()];
  return coins.some((coin) => isPriced(name, coin));
}

function isPriced(name: string, coin: string): boolean {
  const at = name.indexOf(coin);
  if (at === -1) return false;
  const before = name.slice(0, at);
  const after = name.slice(at + coin.length);
  if (/^[A-Z]/.test(after) && !MONEY.test(after) && !CONTRACT.test(after)) return false;
  const moneyBefore = before.replace(/[-_/]$/, '');
  if (MONEY.test(moneyBefore)) return true;
  if (!PREFIX.test(before)) return false;
  // Where a pair ends with the coin and no money is in it, the coin is what another one is priced in.
  const isSecond = /[A-Z0-9][-_/]$/.test(before);
  return !isSecond || after.split(/[^A-Z0-9]+/).some((word) => MONEY.test(word));
}
