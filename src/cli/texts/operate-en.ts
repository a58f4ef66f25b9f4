/** What the commands to a running bot and its journal say, in English; `operate-ru.ts` has the type of this object. */
import type { ChangeSentence } from '../../core/decision.ts';
import type { OrderRole, OrderState } from '../../core/orders/order.ts';
import type { GateUnit } from '../../report/decision/gate-reading.ts';
import { counted } from './counted.ts';

export const operateEn = {
  operate: {
    statusSummary: 'how the running bot stands: equity, positions, orders, refusals',
    pauseSummary: 'the running bot adds nothing until "resume"; exits go on',
    resumeSummary: 'lift a pause or halt, and accept what no fill explained',
    flattenSummary: 'close a position, or all: then the bot halts until "resume"',
    flattenSymbol: 'only this symbol',
    baseSummary: 'give a position that the bot has adopted the base of its ladder, so that it gets rungs',
    baseSymbol: 'whose position',
    baseUsdt: 'how much of it was the entry, at its average; without it all that is held',
    explainSummary: 'show an order, a refusal or what the governors changed, with every number it rests on',
    explainOrder: 'the client id of the order',
    lastRefusal: 'why this symbol was last refused an entry or an addition',
    governedChanges: 'what the governors changed, of all or of this symbol: old → new, why, until when',
    reportSummary: 'what a bot has made of its account: net, fees, by rung, regime and refusal, from its journal',
    reportFrom: 'from when, like 2026-01-31 or 2026-01-31T12:00Z (default: from the first row)',
    reportTo: 'until when (default: to the last row)',
    emptySpan: (from: string, to: string) => `--from ${from} is not before --to ${to}`,
    nothingThen: (path: string, before: string | undefined, after: string | undefined) =>
      `${path} holds nothing of that time` +
      (before === undefined ? '' : `; its last row before is of ${before} UTC`) +
      (after === undefined ? '' : `; its first row after is of ${after} UTC`),
    starts: (count: number) => counted(count, 'start'),
    replaySummary: 'decide the events of a journal anew and show the first row that comes out otherwise',
    replayJournal: 'the journal, like state/demo/journal.db',
    replayConfig: 'with this configuration in place of the recorded one',
    backupSummary: 'copy the journal of a bot, also while it trades, and read the copy through',
    backupFolder: 'a new folder for the copy (default: beside the journal, named by the time)',
    recoverSummary: 'make a damaged journal usable: keep every row before the damage',
    account: 'whose bot: the folder in state (default: demo)',
    journal: 'the journal itself, wherever it lies',
    notRunning: (path: string, running: readonly string[]) =>
      running.length === 0
        ? `no bot is running on ${path}: start one, or name another with --account or --journal`
        : `no bot is running on ${path}, but here: ${running.map((account) => `--account ${account}`).join(', ')}`,
    busy: (path: string, by: string) =>
      `${path} is held by a process that takes no commands${by}: a bot that is starting or leaving, or a recovery. Ask again in a moment; where it stays so the bot's control.sock is gone: end that process politely (kill) and start the bot again`,
    noAnswer: {
      silent: (path: string) =>
        `the bot that writes ${path} has not answered: whether it has heard is not known. Ask "rungwise status" again, and look at its machine and disk`,
      untold: (path: string) =>
        `the bot that writes ${path} does not answer, so it was not told: look at its machine and disk, and give the command again`,
      strange: (path: string) =>
        `what listens beside ${path} does not answer as a bot does: end it, and start the bot again`,
    },
    olderBot: (account: string, pid: number) =>
      `${account} (pid ${pid}) runs an older release, which tells too little for this text: "rungwise status --json" shows it; end it and start it with this one`,
    notTraded: (symbol: string, traded: string) => `${symbol} is not traded here: ${traded}`,
    nothingOpen: (symbol: string) => `nothing is open on ${symbol}: "rungwise status" lists what is`,
    hasBase: (symbol: string, base: string) =>
      `${symbol} has a base of ${base} USDT, and it stays as it is until the position is closed`,
    belowALot: (symbol: string, lot: string) => `that is less than a lot of ${symbol}: ${lot} USDT at least`,
    abovePosition: (symbol: string, held: string) =>
      `the base is what of the position was its entry, and ${symbol} holds ${held} USDT: not more than that`,
    noBase: (symbol: string) => `adopted, no rungs: "rungwise base ${symbol}" gives its ladder a base`,
    unconfirmedStop: 'no stop that the exchange has confirmed',
    partlyStopped: (stopped: string, held: string) => `contracts under a confirmed stop: ${stopped} of ${held}`,
    closing: (reason: string) => `is being closed (${reason})`,
    closeRefused: 'the exchange refuses that, it is tried again',
    notCarriedOut: 'the bot has stopped: the command was not carried out',
    doorClosed: (why: string) => `"rungwise status" and the like will not reach this bot: ${why}`,
    told: {
      pause: 'paused: nothing is added until "rungwise resume"; exits go on',
      resume: 'resumed',
      flatten: (symbol: string | undefined) =>
        symbol === undefined
          ? 'everything is being closed; nothing is added until "rungwise resume"'
          : `${symbol} is being closed`,
      flattenNothing: (symbol: string | undefined) =>
        symbol === undefined
          ? 'nothing is open; nothing is added until "rungwise resume"'
          : `nothing is open of ${symbol}; an entry on its way is called back`,
      base: (symbol: string, base: string) =>
        `${symbol} has a base of ${base} USDT: rungs come by its ladder, through every gate`,
      baseWaits: '; what no fill explained there wants "rungwise resume" first',
    },
    state: {
      trading: 'trading',
      since: (halted: string, at: string) => `${halted}; since ${at}`,
      disconnected: 'not connected: nothing is added',
      notReady: 'the account is not read: nothing is added',
      unsettled: 'the account is another one at every reading: nothing is added',
      maintenance: 'the exchange is in maintenance: nothing is added',
      dayLost: 'the daily loss limit is reached: nothing is added until the next day (UTC)',
    },
    unexplained: (symbol: string, why: string) => `${symbol}: ${why}; nothing is added there until "rungwise resume"`,
    worst: 'everything filled, then stopped or shocked (USDT)',
    orders: 'orders',
    refusals: 'last refusals',
    units: {
      percent: '%',
      share: '%',
      ms: 'ms',
      usdt: 'USDT',
      'usdt-of-price': 'USDT of price',
      lots: 'lots',
      contracts: 'contracts',
      orders: 'orders',
      rungs: 'rungs',
      positions: 'positions',
      fact: '',
    } as Readonly<Record<GateUnit, string>>,
    /** Of a fact that a gate found: it is so. */
    isSo: 'yes',
    columns: {
      unit: 'in',
      price: 'price',
      order: 'order',
      role: 'for',
      side: 'side',
      filled: 'filled',
      state: 'state',
      gate: 'gate',
      value: 'value',
      meaning: 'why not',
    },
    roles: {
      entry: 'entry',
      rung: 'rung',
      stop: 'stop',
      target: 'target',
      partial: 'partial',
      close: 'close',
    } as Readonly<Record<OrderRole, string>>,
    buySell: { buy: 'buy', sell: 'sell' },
    states: {
      sent: 'sent',
      live: 'live',
      unknown: 'unknown',
      ending: 'ending',
    } as Readonly<Record<OrderState, string>>,
    explainWhat: 'name an order, or ask --last-refusal SYMBOL, or --governed',
    noOrder: (clientId: string) => `the journal holds no order "${clientId}"; "rungwise status" lists those that live`,
    noRefusal: (symbol: string) => `nothing was refused for ${symbol} in this journal`,
    notInJournal: (symbol: string, traded: string) =>
      `the bot of this journal does not trade ${symbol}; it trades ${traded}`,
    noChange: (symbol: string | undefined) =>
      `no governor changed anything${symbol === undefined ? '' : ` for ${symbol}`} in this journal`,
    decided: (row: number, at: string, event: string) => `row ${row}, ${at}, on ${event}:`,
    archived: 'an event that is archived away',
    outcome: 'What came of it:',
    rows: (count: number) => counted(count, 'row'),
    backupExists: (folder: string) =>
      `${folder} exists, and a copy gets a folder of its own: name another, or none; by itself it is named by the time`,
    backedUp: (path: string, rows: number, copy: string, archives: number) =>
      `${counted(rows, 'row')} of ${path} copied and read through: ${copy}${archives === 0 ? '' : `, with ${counted(archives, 'archive')} of older rows beside it`}`,
    backedUpDamaged: (row: number) =>
      `row ${row} is damaged in the journal, and so in the copy: a bot can go on from either; explain and replay stop there, and only an older copy has what follows`,
    sound: (path: string) => `${path} opens as it is, and its bot can go on: there is nothing to recover`,
    damagedStates: (rows: readonly number[]) =>
      (rows.length === 1
        ? `the state saved after row ${rows[0]} of the journal is damaged and passed over: what it held is made of older rows again. `
        : `the states saved after rows ${rows.join(', ')} of the journal are damaged and passed over: what they held is made of older rows again. `) +
      'A disk that has lost bytes may lose more: take a copy ("rungwise backup") and look at the disk',
    soundAfter: (path: string, row: number | undefined) =>
      `${path} opens, and its bot can go on from its last snapshot: it is left as it is.` +
      ` ${row === undefined ? 'What lies' : `Row ${row}`} before that is damaged: explain and replay stop there, and only a copy of the journal helps`,
    recovered: (last: number, acknowledged: number | undefined, damaged: string) =>
      `kept up to row ${last}${acknowledged === undefined ? '' : ` of ${acknowledged}`}; the damaged files: ${damaged}`,
    givenUp: (first: number, last: number) =>
      `rows ${first} to ${last} were not kept, for some of them are damaged: the bot goes on from its snapshot at row ${last}; explain and replay can read none of them, only a copy of the journal helps`,
    noStart: (path: string) => `${path} does not say what it was started with, so it cannot be thought again`,
    same: (rows: number) => `same: ${counted(rows, 'row')}, every decision as recorded`,
    differs: (row: number, at: string, event: string) => `row ${row}, ${at}, is decided otherwise, on ${event}:`,
    field: 'field',
    was: 'recorded',
    is: 'now',
    /** @param written the release and its code, undefined where it is not noted. @param configuration another one than the recorded */
    releases: (written: string | undefined, now: string, configuration: string | undefined) =>
      written === undefined
        ? `Written by an older version that did not note which, replayed by ${now}: rules were mended between the two, and "now" may be such a rule.`
        : written !== now
          ? `Written by ${written}, replayed by ${now}: where a rule was mended between the two, "now" is the mended one.`
          : configuration !== undefined
            ? `Written and replayed by ${now}: the difference is the configuration, ${configuration}.`
            : `Written and replayed by ${now}: the same code with the same configuration must decide the same. This is a defect: report it with the journal.`,
    nothing: 'nothing',
    never: 'never',
    /** As it stands in the journal. */
    because: {
      'it still stands': 'it still stands',
      'it stands as it was': 'it stands as it was',
      'it would not be amended': 'it would not be amended',
      'less is left of the position': 'less is left of the position',
      'no rung is wanted there any more': 'no rung is wanted there any more',
      'nothing is left for it': 'nothing is left for it',
      'the journal does not know it': 'the journal does not know it',
      'the exchange does not trade it as it did': 'the exchange does not trade it as it did',
      'the exchange is in maintenance': 'the exchange is in maintenance',
      'the bot is being stopped': 'the bot is being stopped',
      'the maker window is over': 'the maker window is over',
      'the position changed': 'the position changed',
      'the position is flat': 'the position is flat',
      'the position is gone': 'the position is gone',
      'the published price moved': 'the published price moved',
      'the touch moved': 'the touch moved',
      'the wish changed meanwhile': 'the wish changed meanwhile',
      'trading went off by its results': 'trading went off by its results',
    } as Readonly<Record<ChangeSentence, string>>,
    silent: (ms: string) => `no answer for ${ms} ms`,
  },
};

export type OperateTexts = typeof operateEn;
