/** What `rungwise exchange` says, in English; `exchange-ru.ts` has the type of this object. */
import { counted } from './counted.ts';

export const exchangeEn = {
  exchange: {
    summary: 'run the paper exchange: OKX v5 over REST and WebSocket, for this bot and any other client',
    port: 'where it listens on this machine (default: 8780)',
    market: "generated; replay FILE: candles as CSV; or okx: OKX's own market, now (default: generated)",
    symbol: 'whose candles the file of a replay holds',
    symbols: "OKX's names of the swaps of a generated market or of OKX's, separated by commas (default: all ten)",
    host: 'where the market of --market okx is asked for (default: https://www.okx.com)',
    ws: 'its public sockets, without the last word (default: wss://ws.okx.com:8443/ws/v5)',
    seed: 'which generated market: the same seed, the same market (default: 27)',
    speed: 'seconds of the market in a real one (default: 1)',
    account: 'an account as KEY:SECRET:PASSPHRASE[:USDT]; may be repeated (default: one that is made)',
    state: 'keep accounts, orders and positions in FILE, and go on from it after a restart',
    admin: 'serve /admin: prices, faults, liquidations for tests',
    noLimits: 'no rate limits',
    portForbidden: (port: number) => `port ${port} is the system's own: choose one from 1024 on with --port`,
    portTaken: (port: number) => `port ${port} is in use: end what listens there, or choose another with --port`,
    notAccount: (shown: string) =>
      `--account: "${shown}" is not understood; write KEY:SECRET:PASSPHRASE or KEY:SECRET:PASSPHRASE:USDT, at most 40,000,000 USDT`,
    accountTwice: (key: string) => `--account: the key "${key}" is named twice; every account has its own`,
    notMarket: (words: string) => `--market: "${words}" is not understood; write generated, replay FILE, or okx`,
    onlyNow: "--speed: OKX's market runs at its own speed; leave it out with --market okx",
    noMarket: (reason: string) => `OKX's market is not available: ${reason}; --host and --ws name another address`,
    noCandles: (instId: string) => `${instId}: there are no candles of the last day`,
    noPrices: 'no prices came over its sockets',
    followed: (count: number, origin: string) => `the market of ${origin}, ${counted(count, 'swap')}`,
    standsStill: (reason: string) =>
      `OKX's market is not heard (${reason}): it stands still here; nothing is filled, new orders are refused with 51022`,
    loss: {
      silent: (seconds: number) => `nothing was heard for ${seconds} s`,
      noAnswer: { login: 'the login was not answered', subscription: 'a subscription was not answered' },
      closed: (words: string) => `the connection was closed: ${words}`,
      notice: (words: string) => `it announced its end: ${words}`,
      refused: (words: string) => `the login was refused: ${words}`,
      failed: (said: string) => (said === '' ? 'the connection broke' : `the connection broke: ${said}`),
    },
    goesOn: (seconds: number) => `OKX's market is heard again after ${seconds} s: it goes on at its present prices`,
    silent: (instId: string, channel: string) =>
      `${instId} stands still: OKX's channel ${channel} says nothing of it, though the connection stands; it is asked for anew`,
    minutesLate: (reason: string) =>
      `OKX's closed minutes are not heard (${reason}): they are asked for by REST and come some seconds late; prices, orders and fills go on`,
    minutesInTime: (seconds: number) => `OKX's closed minutes are heard again after ${seconds} s`,
    notState: (file: string) => `${file} holds no saved exchange of this release: name another file`,
    inUse: (file: string) => `${file} is in use by another exchange: end it, or name another file`,
    otherKeys: (key: string, file: string) =>
      `--account: ${file} holds the account "${key}" with another secret or passphrase; give those, or name another file`,
    cutShort: (file: string) =>
      `${file}: the last step was cut short by a crash before anybody had heard of it; it is left out`,
    damagedState: (file: string) =>
      `${file} or the log beside it is damaged: it is not what was written; put back a copy, or name another file`,
    otherMarket: (file: string) =>
      `${file} holds an exchange of another market: start it with the same --market, --symbols and --seed, or name another file`,
    otherGrid: (file: string, instId: string) =>
      `${file} counts ${instId} in another tick, lot or contract than it has now: its positions would be worth something else; name another file`,
    tooShort: (symbol: string) => `the candles of ${symbol} are too few to replay: at least two are needed`,
    running: (market: string) => `The paper exchange is running: ${market}`,
    generated: (count: number, seed: number) => `a generated market of ${counted(count, 'swap')}, seed ${seed}`,
    replayed: (symbol: string) => `candles of ${symbol}`,
    rest: 'REST',
    sockets: 'WebSocket',
    allChannels: 'all channels on one',
    made: (usdt: string) => `An account with ${usdt} USDT was made:`,
    resumed: (count: number, file: string) => `${counted(count, 'account')} resumed from ${file}`,
    notSaved: (file: string, reason: string) => `${file} could not be written: ${reason}`,
    stopHint: 'Ctrl-C ends it.',
    ended: 'The exchange has ended.',
  },
};

export type ExchangeTexts = typeof exchangeEn;
