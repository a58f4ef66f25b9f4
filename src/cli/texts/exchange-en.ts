/** What `rungwise exchange` says, in English; `exchange-ru.ts` has the type of this object. */
export const exchangeEn = {
  exchange: {
    summary: 'run the paper exchange: OKX v5 over REST and WebSocket, for this bot and any other client',
    port: 'where it listens on this machine (default: 8780)',
    market: 'generated, or replay FILE: candles as CSV (default: generated)',
    symbol: 'whose candles the file of a replay holds',
    symbols: "OKX's names of a generated market, separated by commas (default: all ten)",
    seed: 'which generated market: the same seed, the same market (default: 27)',
    speed: 'seconds of the market in a real one (default: 1)',
    account: 'an account as KEY:SECRET:PASSPHRASE[:USDT]; may be repeated (default: one that is made)',
    state: 'keep accounts, orders and positions in FILE, and go on from it after a restart',
    admin: 'serve /admin: prices, faults, liquidations for tests',
    noLimits: 'no rate limits',
    portTaken: (port: number) => `port ${port} is in use: end what listens there, or choose another with --port`,
    notAccount: (shown: string) =>
      `--account: "${shown}" is not understood; write KEY:SECRET:PASSPHRASE or KEY:SECRET:PASSPHRASE:USDT`,
    accountTwice: (key: string) => `--account: the key "${key}" is named twice; every account has its own`,
    notMarket: (words: string) => `--market: "${words}" is not understood; write generated, or replay FILE`,
    otherMarket: (file: string) =>
      `${file} holds an exchange of another market: start it with the same --market, --symbols and --seed, or name another file`,
    tooShort: (symbol: string) => `the candles of ${symbol} are too few to replay: at least two are needed`,
    running: (market: string) => `The paper exchange is running: ${market}`,
    generated: (count: number, seed: number) => `a generated market of ${count} swaps, seed ${seed}`,
    replayed: (symbol: string) => `candles of ${symbol}`,
    rest: 'REST',
    sockets: 'WebSocket',
    allChannels: 'all channels on one',
    made: (usdt: string) => `An account with ${usdt} USDT was made:`,
    resumed: (count: number, file: string) => `${count === 1 ? '1 account' : `${count} accounts`} resumed from ${file}`,
    notSaved: (file: string, reason: string) => `${file} could not be written: ${reason}`,
    stopHint: 'Ctrl-C ends it.',
    ended: 'The exchange has ended.',
  },
};

export type ExchangeTexts = typeof exchangeEn;
