/** What `plan --book` and `plan --risk` say, in English; `plans-ru.ts` has the type of this object. */
import { counted } from './counted.ts';

export const plansEn = {
  planBook: {
    option: 'the whole book: every symbol as if it had an entry now, and its worst case against the caps',
    shock: 'of --book: all markets move so many ATR against the book at once (default: limits.shock_atr)',
    noPrice:
      '--price names the price of one symbol: leave it out with --book (stored candles or example prices are taken)',
    examplePrice: (symbol: string, price: string) =>
      `${symbol}: ${price} is an example price, for no candles are stored`,
    title: (symbols: number, balance: string, profile: string) =>
      `The book of ${counted(symbols, 'symbol')}, balance ${balance} USDT (${profile})`,
    columns: {
      side: 'side',
      regime: 'market',
      price: 'price',
      entry: 'entry',
      rungs: 'rungs',
      refusal: 'refused',
    },
    order: 'in the order of the configuration; the ladders above are climbed whole by then',
    none: 'not one entry passes its gates: the book stays empty',
    filled: 'Everything filled, then stopped or shocked, USDT',
    stoppedNote: 'stopped: every rung taken, then every stop hit (*: liquidated, that is nearer)',
    shockNote: 'shock: all markets against us at once; stops fill where the move ends',
    atrNote: 'where no candles are stored the ATR is taken from the distance of the stop',
    against: 'Against the limits',
    of: 'of',
    caps: {
      worstCase: 'worst case',
      shock: (atr: string) => `shock of ${atr} ATR`,
      exposure: 'exposure',
      margin: 'margin',
      positions: 'open positions',
    },
  },

  planRisk: {
    option: 'what it can lose by its limits, and what it won and lost on many generated markets',
    seeds: 'of --risk: how many markets (default: 60)',
    seed: "of --risk: the first market's seed (default: 1)",
    days: 'of --risk: days of each market (default: 7)',
    tooMany: (candles: string, symbols: number, days: number, warmUpDays: number, most: string) =>
      `a market of ${counted(symbols, 'symbol')} over ${counted(days, 'day')}, and ${warmUpDays} before them until the indicators are warm, is ${candles} candles, ` +
      `more than the ${most} that --risk makes: name fewer symbols or --days, or shorten timeframes and periods`,
    notWith: (flag: string) => `${flag} has no place beside --risk: whole markets are traded there`,
    progress: (done: number, seeds: number) => `${done} of ${counted(seeds, 'market')}`,
    capsTitle: 'What it can lose',
    planned: 'as planned now',
    limits: 'at most, by the limits',
    position: 'a position, at its stop',
    gap: 'a position, through any gap',
    day: 'a day (UTC)',
    streak: 'ten positions in a row',
    streakDays: '… in so many days at least',
    capsNotes: [
      'at its stop: every rung taken, costs included; a gap: its whole margin',
      'a day: daily_loss_limit halts entries, then a full book of stops',
      'planned: long, example prices, the nearest stop that exits allow',
    ],
    title: (seeds: number, days: number, symbols: string, balance: string) =>
      `${counted(seeds, 'generated market')} of ${counted(days, 'day')}: ${symbols}; balance ${balance} USDT`,
    interrupted: (done: number, seeds: number) => `interrupted after ${done} of ${counted(seeds, 'market')}`,
    worst: 'worst',
    mean: 'mean',
    rows: {
      trade: 'a trade',
      day: 'a day',
      streak: 'ten trades in a row',
      drawdown: 'drawdown',
    },
    tableNote: (first: number, last: number, done: number) =>
      `${done > last - first ? '' : `${done} of `}seeds ${first} to ${last}; 5 %: one in twenty was worse`,
    honest: 'generated markets promise nothing: docs/market.md says how they differ',
    histograms: { trade: 'Trades, USDT', day: 'Days, USDT' },
  },
};

export type PlansTexts = typeof plansEn;
