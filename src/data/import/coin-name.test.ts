/** Names of markets as exchanges and providers of candles write them. */
import { describe, expect, it } from 'vitest';
import { mayBeOfCoin } from './coin-name.ts';

// biome-ignore format: a table
const SAME: Readonly<Record<string, string>> = {
  BTC: `BTCUSDT BTC/USDT BTC/USDT:USDT BTC-USDT-SWAP btc XBTUSD 17 tBTCUSD XXBTZUSD PF_XBTUSD BTCUSD_PERP KRW-BTC USDT_BTC BTC-PERPETUAL
    BTC_USDC-PERPETUAL BINANCE:BTCUSDT.P BTCUSD.r BTCUSDm BTC1! X:BTCUSD BITSTAMP_SPOT_BTC_USD FUT_BTC_USDT tBTCF0:USTF0 XBTM24 XBTUSDTM
    BTCFDUSD BTCEUR BTC-29MAR24 BTC/USD:BTC`,
  ETH:  'ETHUSDT XETHZUSD tETHUSD KRW-ETH ETH-PERP',
  XRP:  'XRPUSDT XXRPZUSD tXRPUSD',
  DOGE: 'DOGEUSDT tDOGE:USD',
};

// biome-ignore format: a table
const OTHER: Readonly<Record<string, string>> = {
  BTC:  'ETHUSDT ETHBTC ETH/BTC ETH-BTC ETH/BTC:BTC BINANCE:ETHBTC BTCDOMUSDT BTCUPUSDT BTCSTUSDT BTCETH WBTCUSDT XETHXXBT',
  ETH:  'BTCUSDT ETHBTC BTC-ETH ETHFIUSDT ETHWUSDT STETHUSDT ETHDOWNUSDT',
  SOL:  'SOLVUSDT SOLBTC MSOLUSDT',
  LINK: 'LINKAUSDT LINKBTC',
};

describe("a file's word for its market", () => {
  it.each(pairs(SAME))('is of %s where it reads "%s"', (coin, name) => expect(mayBeOfCoin(name, coin)).toBe(true));
  it.each(pairs(OTHER))('is not of %s where it reads "%s"', (coin, name) =>
    expect(mayBeOfCoin(name, coin)).toBe(false),
  );
});

function pairs(names: Readonly<Record<string, string>>): [coin: string, name: string][] {
  return Object.entries(names).flatMap(([coin, all]) => all.split(/\s+/).map((name): [string, string] => [coin, name]));
}
