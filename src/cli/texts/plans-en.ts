/** What `plan --book` and `plan --risk` say, in English; `plans-ru.ts` has the type of this object. */
export const plansEn = {
  planBook: {
    option: 'the whole book: every symbol as if it had an entry now, and its worst case against the caps',
    shock: 'of --book: all markets move so many ATR against the book at once (default: limits.shock_atr)',
    noPrice:
      '--price names the price of one symbol: leave it away with --book (stored candles or example prices are taken)',
    title: (symbols: number, balance: string, profile: string) =>
      `The book of ${symbols === 1 ? '1 symbol' : `${symbols} symbols`}, balance ${balance} USDT (${profile})`,
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
};

export type PlansTexts = typeof plansEn;
