/** What backtest and demo say, in English; `runs-ru.ts` has the type of this object. */
import { counted } from './counted.ts';

export const runsEn = {
  run: {
    stoppedReading: 'interrupted while candles were read: nothing was run',
    balance: "start balance, USDT (default: the configuration's)",
  },

  backtest: {
    summary: 'trade candles of the past and report every number',
    candlesOption: 'candles as CSV (plain or gzip); for several symbols repeat SYMBOL=FILE',
    symbol: 'whose candles FILE holds; without files: stored candles of this symbol; may be repeated',
    signals: "somebody else's signals as NDJSON, in place of the built-in scalper",
    funding:
      'funding at every settlement (00, 08, 16 UTC), % of the value; longs pay (default: what is stored with the candles, else 0.01)',
    spread: "spread, ticks (default: the configuration's, 1)",
    slippage: "what a taker loses beyond the touch, bps (default: the configuration's, 1)",
    fees: "fees, % of the value (default: the configuration's, 0.02/0.05)",
    decisions: 'write every decision with its numbers, and every fill, to FILE, as NDJSON',
    mend: 'use what is good of a file with faults: bad lines left out, disorder sorted',
    whoseCandles: (file: string, several: boolean) =>
      several
        ? `--candles: for several files write SYMBOL=FILE each time, like BTC-USDT-SWAP=${file}`
        : `whose candles does ${file} hold? Add --symbol BTC-USDT-SWAP, or write SYMBOL=${file}`,
    symbolTwice: (symbol: string) => `${symbol} is named twice: one symbol, one file of candles`,
    fileTwice: (file: string, symbol: string) =>
      `${file} is named for ${symbol} and for another symbol: one file of candles, one symbol`,
    notStored: (symbol: string, folder: string) =>
      `no candles of ${symbol} in ${folder}: name a file with --candles ${symbol}=FILE, or store one with "rungwise data import"`,
    stored: (symbol: string, span: string, origins: string) =>
      `${symbol} from the store: ${span}; brought from ${origins}`,
    candles: (count: number) => counted(count, 'candle'),
    mapped: (prices: number, volumes: string) =>
      `mapped onto the instrument's grid: prices of ${counted(prices, 'candle')}, volume of ${volumes}`,
    gaps: (gaps: number, minutes: string) => `${counted(gaps, 'gap')} (${minutes} min missing)`,
    fundingRange: (value: string) =>
      `--funding: ${value} % is not a rate; write up to six decimal places, between -10 and 10`,
    overwrites: (file: string) => `--decisions: ${file} is a file that is read from; name another one`,
    ladder: (symbol: string, side: string, begun: string) =>
      `The deepest ladder, in contracts: ${symbol}, ${side}, ${begun} UTC`,
    fundingStored: (symbol: string, stored: number, missing: string | undefined) =>
      missing === undefined
        ? `funding of ${symbol}: ${counted(stored, 'settlement')} as the exchange has settled them`
        : `funding of ${symbol}: ${counted(stored, 'settlement')} as the exchange has settled them, ${missing} not stored: counted with 0.01 % per 8 h`,
    fundingUnknown: (symbols: string, settlements: number) =>
      `funding of ${symbols} is not known here: ${counted(settlements, 'settlement')} counted with 0.01 % per 8 h ("data download --funding" brings it beside stored candles)`,
    neverWarm: (symbol: string, candles: number) =>
      `${symbol}: its indicators were not warm after ${counted(candles, 'candle')}, so the scalper never spoke; shorten timeframes and periods, or bring more candles`,
    makerOnly: (windowSeconds: number) =>
      `entry_style maker_only: candles of a minute do not tell which orders are filled that rest for ${windowSeconds} s. In the pessimistic run only those are that an opening jumps over, in the optimistic nearly all: neither says what this style would have earned`,
    signalsLeftOut: (left: string, given: number) =>
      `left out, because no candle is of their minute: ${left} of ${counted(given, 'signal')}`,
    wrote: (count: number, file: string) => `${counted(count, 'line')} of decisions and fills in ${file}`,
    interruptedLate: 'interrupted in the optimistic run: the report is of the pessimistic one alone',
    interrupted: (candles: number) => `interrupted after ${counted(candles, 'candle')}: the report ends there`,
    speed: (candles: number, seconds: string, rate: string) =>
      `${counted(candles, 'candle')} in ${seconds} s, ${rate} a second`,
  },

  demo: {
    summary: 'watch the bot trade a made-up market: no keys, no network',
    for: 'how long, in real time, like 20s or 5m (default: until Ctrl-C)',
    speed: 'simulated seconds in a real one (default: 300)',
    seed: 'which market: the same seed, the same market (default: 27)',
    symbols: "OKX's names, separated by commas (default: five)",
    starting: (symbols: number, path: string) =>
      `a made-up market of ${counted(symbols, 'symbol')}; the journal: ${path}`,
    preparing: 'making a day of market history …',
    title: 'demo',
    balance: 'balance',
    equity: 'equity',
    seedName: 'seed',
    open: 'open positions',
    signal: 'signal',
    rungs: 'rungs',
    position: 'position',
    market: 'market and positions',
    refusals: (count: string) => `refused (${count})`,
    happened: 'happened',
    none: 'nothing so far',
    flat: 'flat',
    average: 'average',
    stop: 'stop',
    target: 'target',
    nextRung: 'next rung without a signal',
    averageDownAt: (price: string) => `averaging down at ${price}`,
    pyramidAt: (price: string) => `pyramid at ${price}`,
    limit: 'limit',
    closed: 'closed',
    partial: (contracts: string, price: string) => `a part closed: ${contracts} at ${price}`,
    keys: 'q ends, space pauses',
    paused: 'paused',
    slower: (reached: string, asked: string) => `${reached} of ${asked}`,
    keysPaused: 'paused: space goes on, q ends',
    status: (balance: string, equity: string, open: number) =>
      `balance ${balance}, equity ${equity} USDT, open positions ${open}`,
    ended: (simulated: string, seconds: string, speed: string) =>
      `${simulated} of the market in ${seconds} s (×${speed})`,
    journal: (path: string) => `every event and decision is in ${path}`,
    displayFailed: (why: string) => `the display failed on the way, the bot did not: ${why}`,
    journalFailed: 'the journal failed, so the demo has stopped: nothing is done that is not written down',
  },

  signals: {
    line: (file: string, line: number, problem: string) => `${file}, line ${line}: ${problem}`,
    none: (file: string) => `${file} holds no signal`,
    json: 'this is no JSON object; a signal looks like {"instId":"BTC-USDT-SWAP","side":"long","strength":0.6,"price":"51234.5","at":1613692800000}',
    missing: (keys: string) =>
      `it lacks ${keys}; a signal looks like {"instId":"BTC-USDT-SWAP","side":"long","strength":0.6,"price":"51234.5","at":1613692800000}`,
    unknownKey: (key: string, known: readonly string[]) => `the key "${key}" is not known; known: ${known.join(', ')}`,
    symbol: (value: string, known: string) => `"instId" must be one of ${known}, not ${value}`,
    side: (value: string) => `"side" must be "long" or "short", not ${value}`,
    strength: (value: string) => `"strength" must be a number from 0 to 1, not ${value}`,
    text: (key: string, value: string) =>
      key === 'reasons' ? `"reasons" must be a list of texts, not ${value}` : `"${key}" must be a text, not ${value}`,
    at: (value: string) => `"at" must be UTC milliseconds or a time like 2021-02-19T00:01:00Z, not ${value}`,
    price: (value: string) => `"price" must be a number above 0, not ${value}`,
  },
};

export type RunsTexts = typeof runsEn;
