/** Everything the command line says, in English. `ru.ts` has the type of this object: a text that is missing there does not compile. */
import type { PlanCaps } from '../../core/ladder/plan.ts';
import { alertsEn } from './alerts-en.ts';
import { botsEn } from './bots-en.ts';
import { counted } from './counted.ts';
import { exchangeEn } from './exchange-en.ts';
import { journalEn } from './journal-en.ts';
import { operateEn } from './operate-en.ts';
import { plansEn } from './plans-en.ts';
import { runsEn } from './runs-en.ts';

type Caps = keyof PlanCaps<unknown> | 'fixed';

const caps: Readonly<Record<Caps, string>> = {
  margin: 'the margin one position may use',
  value: 'the largest position value',
  free: 'free margin',
  exposure: 'the total exposure',
  loss: 'the loss allowed at the stop',
  tier: "the exchange's tier at this leverage",
  fixed: 'base_size',
};

export const en = {
  ...runsEn,
  ...plansEn,
  ...exchangeEn,
  ...operateEn,
  alerts: alertsEn,
  bots: botsEn,
  journal: journalEn,
  description: 'Trades USDT perpetual swaps by a ladder whose worst case was planned before the first order.',

  help: {
    titles: {
      'Usage:': 'Usage:',
      'Arguments:': 'Arguments:',
      'Options:': 'Options:',
      'Global Options:': 'Everywhere:',
      'Commands:': 'Commands:',
    } as Readonly<Record<string, string>>,
    options: '[OPTIONS]',
    command: 'COMMAND',
    help: 'show this help',
    helpCommand: 'show the help of a command',
    version: 'show the version',
    language: 'language of all texts: en, ru (default: that of the system)',
    noColor: 'no colours (NO_COLOR does the same)',
    exitCodes:
      'Exit codes: 0 done, 1 the answer is no or lines erred, 2 usage or configuration,\n' +
      '3 the exchange, 4 a second instance, 130 interrupted.\n' +
      'Files lie in ./state, or where RUNGWISE_HOME says.',
  },

  /** Of options that several commands have. */
  options: {
    config: 'the configuration (default: rungwise.yaml)',
    configOrDefaults: 'the configuration (default: rungwise.yaml, or the defaults)',
    preset: 'conservative, aggressive or adaptive',
    instruments: 'an instrument that is not known offline, as JSON; may be repeated',
    json: 'one JSON object instead of text',
    jsonLines: 'one JSON object a line for what happens, the last a summary',
  },

  misuse: {
    unknownOption: (flag: string) => `the option "${flag}" is not known`,
    unknownCommand: (word: string) => `"${word}" is not a command`,
    missingArgument: (name: string) => `${name} is missing`,
    missingValue: (flag: string) => `the option "${flag}" needs a value`,
    missingOption: (flag: string) => `the option "${flag}" is missing`,
    tooManyWords: (command: string, example: string | undefined) =>
      `more words than the command understands${example === undefined ? '' : `: write ${command} ${example}`}`,
    near: (names: string) => `did you mean ${names}?`,
    help: '"rungwise --help" lists all commands, "--help" after a command its options',
  },

  usage: {
    noTime: (flag: string, value: string) =>
      `${flag}: "${value}" is not a time; write it like 2026-01-31 or 2026-01-31T12:00Z`,
    notOneOf: (flag: string, value: string, known: readonly string[], near?: string) =>
      `${flag}: "${value}" is not known; ${near === undefined ? `one of: ${known.join(', ')}` : `did you mean ${near}?`}`,
    noneNamed: (flag: string, example: string) =>
      `${flag}: nothing is named; write it like ${example}, or leave it out`,
    notPositive: (flag: string, value: string) =>
      `${flag}: "${value}" is not a number above 0; write it in plain digits, like 1000 or 0.5`,
    notAmount: (flag: string, value: string) =>
      `${flag}: "${value}" is not an amount in USDT above 0, up to 1000000000, with at most 8 decimal places; write it like 50 or 50.25`,
    notFees: (flag: string, value: string) =>
      `${flag}: "${value}" is not understood; write the fees in % as MAKER/TAKER, each from -1 to 10, like 0.02/0.05`,
    notPercent: (flag: string, value: string) => `${flag}: "${value}" is not a number of per cent; write it like 0.01`,
    notNegative: (flag: string, value: string) =>
      `${flag}: "${value}" is not a number of at least 0; write it like 1 or 0.5`,
    notWhole: (flag: string, value: string) => `${flag}: "${value}" is not a whole number from 0; write it like 1`,
    notDuration: (flag: string, value: string) => `${flag}: "${value}" is not a time; write it like 20s, 5m or 1h`,
    notInRange: (flag: string, value: string, least: number, most: number) =>
      `${flag}: "${value}" is not a whole number from ${least} to ${most}`,
    unknownSymbol: (value: string, known: readonly string[], near: string | undefined) =>
      `the symbol "${value}" is not known offline${near === undefined ? '' : `; did you mean ${near}?`}` +
      `${near === undefined ? '. ' : ' '}Known: ${known.join(', ')}. Another one: --instrument FILE`,
    onlySymbols: (value: string, known: readonly string[], near: string | undefined) =>
      `the symbol "${value}" is not known offline${near === undefined ? '.' : `; did you mean ${near}?`} ` +
      `This command knows ${known.join(', ')}. "check", "plan" and "backtest" take others with --instrument FILE`,
    notInstrument: (file: string, why: string) => `${file}: ${why}`,
    otherSymbol: (symbol: string, inFile: string) => `--instrument describes ${inFile}, not ${symbol}`,
    describedTwice: (symbol: string) => `--instrument describes ${symbol} twice: leave one of the files out`,
    planNeedsSymbol: 'SYMBOL is missing: name one, like BTC-USDT-SWAP; --book plans all of the configuration',
    onlyWith: (flag: string, mode: string) => `${flag} has no effect without ${mode}: add that, or leave it out`,
    notBeside: (flag: string, other: string) => `${flag} has no effect beside ${other}: leave one of them out`,
    planNeedsBook: 'one symbol at a time; several together: add --book',
    offGrid: (price: string, tick: string) => `--price: ${price} is not a multiple of the tick ${tick}`,
    priceTooLarge: (price: string, tick: string) =>
      `--price: ${price} is more ticks of ${tick} than can be counted; write the price in USDT`,
  },

  file: (code: string) =>
    ({
      ENOENT: 'there is no such file or folder',
      NOFOLDER: 'its folder does not exist: make it, or name another place',
      EISDIR: 'this is a folder, not a file',
      ENOTDIR: 'a part of the path is a file, not a folder',
      EACCES: 'no permission: change the rights of the file or its folder, or name another place',
      EPERM: 'no permission: change the rights of the file or its folder, or name another place',
      EROFS: 'this disk cannot be written to',
      ENOSPC: 'the disk is full',
      DASH: '"-" does not mean standard output here: name a file',
      UNPLAIN: 'this is no ordinary file (a device or a pipe): name another',
    })[code] ?? `the file cannot be used (${code})`,

  unwritten: (why: string) => `the result could not be written whole to standard output: ${why}`,

  configuration: {
    absent: (file: string) => `there is no ${file} here: write one with "rungwise init", or name the file`,
    defaults: (file: string) => `no ${file} here: the defaults hold ("rungwise init" writes a file)`,
    warnings: (file: string, count: number, argument: string) =>
      `${file}: ${counted(count, 'warning')}; "rungwise check${argument}" tells ${count === 1 ? 'it' : 'them'}`,
  },

  decide: {
    folder: 'standard input is a folder, not cases; give it a file: rungwise decide < cases.ndjson',
    summary: 'judge cases: NDJSON in, one verdict a line out',
    waiting:
      'reading cases from the terminal, one JSON object a line; Ctrl-D ends (usually: rungwise decide < cases.ndjson)',
  },

  init: {
    summary: 'write a commented rungwise.yaml',
    file: 'the file to write (default: rungwise.yaml)',
    yes: 'ask nothing: what no option says is the default',
    symbols: "OKX's names, separated by commas",
    balance: 'balance of plans, backtest, demo and paper, USDT',
    partialMin: 'smallest partial take-profit in USDT, or by_balance (3, 5, 10)',
    governors: 'which governors are on, separated by commas; or none',
    force: 'overwrite files that are there',
    exists: (file: string) => `${file} is there already and stays as it is; "--force" overwrites it`,
    noTerminal: 'there is no terminal to ask questions in: add "--yes", and options for what shall not be the default',
    title: 'A configuration for Rungwise',
    askSymbols: 'Which swaps shall it trade? (space chooses, enter goes on)',
    askSymbolsNone: 'At least one.',
    askBalance: 'Balance for plans, backtest, demo and paper, USDT?',
    askPreset: 'Additions: how many, how often, down to which loss?',
    presets: {
      conservative: '5 additions, 60 s, −2 %',
      aggressive: '7 additions, 30 s, −3 %',
      adaptive: 'by balance and market: 3 to 7 additions, 60 to 30 s, −1 to −3 %',
    },
    askPartial: 'Smallest partial take-profit?',
    partials: {
      by_balance: 'by balance: 3 USDT small, 5 medium, 10 large',
      '5': '5 USDT',
      '10': '10 USDT',
      other: 'another amount',
    },
    askPartialAmount: 'How many USDT?',
    askGovernors: 'Which decisions may it take on its own? (space chooses, enter goes on)',
    governorNames: {
      size_by_day: "size by the day's PnL",
      targets_by_volatility: 'targets and stops by volatility',
      additions_without_signal: 'additions without a new signal (risk: high)',
      mode_by_results: 'trading mode by results (risk: very high)',
      pause: 'pause after a streak of losses',
    },
    number: 'an amount above 0, like 1000: up to 1000000000, at most 8 decimal places',
    strangeSchema: (file: string) =>
      `${file} is there already, is not Rungwise's, and stays as it is; write the configuration into another folder, or overwrite both with "--force"`,
    wrote: (file: string) => `wrote ${file}`,
    next: (file: string) => `now: rungwise check${file === 'rungwise.yaml' ? '' : ` ${file}`}`,
    stopped: 'nothing was written',
  },

  check: {
    summary: 'check a configuration: every value with its origin, and the ladder it leads to',
    settings: 'What holds',
    unmarked: 'what names no origin holds by default',
    origin: {
      default: 'default',
      preset: (name: string) => `preset ${name}`,
      file: 'file',
      line: (line: number) => `line ${line}`,
      commandLine: 'command line',
    },
    rules: 'Additions by balance and market',
    rulesOf: (symbol: string) => `Additions of ${symbol}`,
    profileBelow: (name: string, below: string) => `${name}, below ${below} USDT`,
    profileFrom: (name: string, from: string) => `${name}, from ${from} USDT`,
    profileCaps: (value: string, positions: number) =>
      `a position up to ${value} USDT, ${counted(positions, 'open position')}`,
    columns: {
      regime: 'market',
      additions: 'adds',
      interval: 'after',
      loss: 'loss',
      profit: 'least',
      value: 'up to, USDT',
      margin: 'margin',
      rungs: 'rungs, % of the base',
      sum: 'sum',
    },
    basis: {
      margin: '"loss": no addition below, PnL % of margin; "margin": at most, % of balance',
      price: '"loss": no addition below, PnL % of price; "margin": at most, % of balance',
    },
    ladders: (balance: string, profile: string) =>
      `The ladder at ${balance} USDT (${profile}), example prices, fully climbed`,
    ladderColumns: {
      symbol: 'symbol',
      regime: 'market',
      entry: 'entry',
      rungs: 'rungs, USDT',
      whole: 'whole',
      margin: 'margin',
      loss: 'stopped',
    },
    laddersNote: (stop: string) => `USDT, long, stop ${stop} % away. "rungwise plan SYMBOL" shows every rung.`,
    refusedRung: (symbol: string, regime: string, rung: string, price: string, code: string, why: string) =>
      `${symbol}, ${regime}: ${rung} can never be added at ${price} USDT, an example price: ${why} (${code})`,
    entryNoun: 'the entry',
    rungNoun: (from: number, to: number) => (from === to ? `rung ${from}` : `rungs ${from}–${to}`),
    warnings: (count: number) => counted(count, 'warning'),
    fine: (file: string) => `${file} is fine`,
    fineWith: (file: string, warnings: string) => `${file} may be traded with; ${warnings} above`,
    line: (line: number) => `line ${line}`,
    unknownSymbol: 'is not among the instruments known offline',
    unknownSymbolHint: (near: string | undefined) =>
      near === undefined ? 'Describe it with --instrument FILE, or remove it' : `Did you mean ${near}?`,
  },

  plan: {
    summary: 'the ladder of a position before its first order, and its worst case',
    symbol: "the swap by OKX's name, like BTC-USDT-SWAP",
    price: 'price of the entry (default: the last stored candle, or an example)',
    balance: "USDT (default: the configuration's)",
    side: 'long or short (default: long)',
    regime: 'trending, ranging or choppy (default: that of the stored candles, else ranging)',
    stop: 'distance of the stop from the average, % of price (default: by the ATR of the stored candles, else the nearest that exits allow)',
    title: (symbol: string, side: string, regime: string) => `${symbol}, ${side}, ${regime} market`,
    account: (balance: string, profile: string, leverage: number) =>
      `balance ${balance} USDT (${profile}), leverage ${leverage}x`,
    examplePrice: (price: string) => `${price} is an example price; give yours with --price`,
    storedPrice: (price: string, at: string, origin: string) =>
      `${price} is the last stored close (${at} UTC, from ${origin})`,
    againstTrend: {
      choppy: (symbol: string, side: string) =>
        `${symbol}, ${side}: the trend is against it, which counts as choppy (limits.trend_against); --regime sets another`,
      refuse: (symbol: string, side: string) =>
        `${symbol}, ${side}: the trend is against it, and the bot refuses it now (limits.trend_against: refuse); planned as in a choppy market`,
    },
    base: (base: string, cap: string) => `base ${base} USDT, set by ${cap}`,
    stopAt: (percent: string, ticksOfPrice: string) => `stop ${percent} % (${ticksOfPrice}) from the average`,
    stopByAtr: (atr: string) => `by the ATR of the stored candles, ${atr}`,
    stopRaised: (asked: string) => `the nearest that exits allow, not the ${asked} % of --stop`,
    stopNowhere: (asked: string) =>
      `--stop: ${asked} % below its average a long has no price left; write less than 100, or --side short`,
    stopAboveAtr: (atr: string) =>
      `the nearest that exits allow; by the ATR of the stored candles, ${atr}, it would be nearer`,
    stopFloor: 'the nearest that exits allow: the ATR is not known here; --stop sets another',
    columns: {
      rung: 'rung',
      trigger: 'trigger',
      move: 'move',
      withoutSignal: 'no signal',
      contracts: 'contracts',
      value: 'value',
      total: 'total',
      margin: 'margin',
      average: 'average',
      breakEven: 'break-even',
      liquidation: 'liquid.',
      stop: 'stop',
      loss: 'loss',
    },
    entry: 'entry',
    never: 'none',
    triggerLoss: (limit: string, basis: 'margin' | 'price') =>
      `trigger: the deepest price at which the rung may still be added, PnL ${limit} % of ${basis}`,
    triggerProfit: (least: string, basis: 'margin' | 'price') =>
      `trigger: the first price at which the rung may be added, PnL ${least} % of ${basis}`,
    triggerStop: `trigger marked *: the stop stands nearer than the loss limit, so this is one tick before it`,
    withoutSignal:
      'no signal: from the line above, the price at which the rung would come without one (governors.additions_without_signal)',
    withoutSignalUnknown: 'no signal: not known without the ATR; import candles first',
    lossNote: 'loss: if stopped there, fees, spread and slippage included',
    refused: (rung: string, code: string, why: string) => `${rung} refused: ${why} (${code})`,
    smallestEntry: (contracts: string, value: string, because: string | undefined, base: string) =>
      `the smallest entry is ${contracts} contracts, ${value} USDT${because === undefined ? '' : ` (${because})`}; this balance gives a base of ${base}`,
    wished: (contracts: string, value: string) => `it would have been ${contracts} contracts, ${value} USDT`,
    unreached: (from: number, to: number) =>
      from === to ? `rung ${from} is never reached` : `rungs ${from}–${to} are never reached`,
    worst: (loss: string, percent: string) => `worst case of this ladder: −${loss} USDT, ${percent} % of the balance`,
    book: (positions: number, loss: string, percent: string, allowed: string) =>
      `of a book of ${counted(positions, 'such ladder')}: −${loss} USDT, ${percent} % of the balance (limit ${allowed} %)`,
    bookReckoned: 'book: as its gate reckons, each ladder in the regime where it loses most',
    bookTooLarge: (fits: number) =>
      fits === 0
        ? 'not even one fits the limit: entries are refused (worst-case-too-large)'
        : `only ${fits} fit the limit: further entries are refused (worst-case-too-large)`,
    caps,
  },

  data: {
    stopped: 'interrupted: nothing was stored',
    summary: 'stored candles: import, download, list, verify',
    importSummary: 'store one-minute candles from a CSV file, plain or gzip',
    importFile: 'the CSV file',
    symbol: "whose candles they are, by OKX's name",
    instrument: 'the instrument as JSON, where it is not known offline',
    volume: 'what a volume column without a telling name counts: coins (default) or contracts',
    mend: 'store what is good of a file with faults: bad lines left out, disorder sorted',
    listSummary: 'what is stored',
    verifySummary: 'check every stored file: length, checksum, order, every candle',
    verifySymbols: 'only these symbols (default: all)',
    faulty: 'nothing was stored: mend the file, or store what is good of it with "--mend"',
    stored: (file: string, candles: number) => `stored ${counted(candles, 'candle')} in ${file}`,
    merged: (added: string, replaced: string) =>
      `together with those already there: ${added} new, ${replaced} replaced`,
    gridChange: (what: string, was: string, is: string) => `${what} ${was}, now ${is}`,
    gridMoved: (symbol: string, changes: string, prices: string, volumes: string, of: number) =>
      `the candles of ${symbol} were stored on another grid (${changes}) and are put onto the one that is: prices of ${prices} and volume of ${volumes} of ${counted(of, 'candle')} rounded`,
    inUse: (symbol: string) =>
      `another process is storing candles of ${symbol}: begin again when it has ended, or set RUNGWISE_HOME`,
    none: (folder: string) => `no candles in ${folder}: "rungwise data import FILE --symbol SYMBOL" brings some`,
    columns: {
      symbol: 'symbol',
      candles: 'candles',
      from: 'from (UTC)',
      to: 'to (UTC)',
      missing: 'missing',
      size: 'size',
    },
    allFrom: (origin: string) => `all from ${origin}`,
    stretch: (symbol: string, from: string, to: string, origin: string) => `${symbol}  ${from} … ${to} UTC: ${origin}`,
    moreStretches: (symbol: string, more: number) => `${symbol}  … and ${more} more: "data list --json" has all`,
    notStored: (symbol: string, stored: readonly string[], near: string | undefined) =>
      `no candles of ${symbol} are stored` +
      (near === undefined ? '' : `; did you mean ${near}?`) +
      (stored.length === 0
        ? ': bring some with "rungwise data import"'
        : `${near === undefined ? '. ' : ' '}Stored: ${stored.join(', ')}`),
    sound: (symbol: string, candles: number) => `${symbol}: sound, ${counted(candles, 'candle')}`,
    damaged: 'damaged',
    megabytes: (count: string) => `${count} MB`,
    kilobytes: (count: string) => `${count} kB`,
  },
};

export type Texts = typeof en;
