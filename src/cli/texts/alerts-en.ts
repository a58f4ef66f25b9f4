/** What an alert says beyond its name, in English; `alerts-ru.ts` has the type of this object. */
import type { Filled, GridChange } from '../../core/event.ts';
import type { SideName } from '../../core/numbers/units.ts';
import type { OrderRole } from '../../core/orders/order.ts';

const roles: Readonly<Record<OrderRole, string>> = {
  entry: 'the entry',
  rung: 'a rung',
  stop: 'the stop',
  target: 'the target',
  partial: 'a partial close',
  close: 'the close',
};

export const alertsEn = {
  rejected: (role: OrderRole, said: string, words: string) => `${roles[role]}: ${said} ${words}`,
  /** Noes of ours, by what stands in place of the exchange's code. */
  notSent: {
    'no-instrument': 'not sent: its instrument is not of this run',
    'leverage-not-set': 'not sent: the leverage it was planned with could not be set',
    'too-many-entries':
      'not sent: so many entries were sent within 2 s that its stop could not have followed at once (OKX takes twenty stops in that time); the next signal tries again',
    'instrument-not-read':
      'not sent: the instrument may be another one than it was planned for (the connection was away, or a part of a lot was filled), and the list of instruments was not read since; what closes and protects is sent all the same',
  } as Readonly<Record<string, string>>,
  otherMode:
    'were the account mode or the position mode changed? Nothing can be opened then: "rungwise doctor" says how they must be',
  stopLost: (cause: string) =>
    `${cause === 'absent' ? 'it never reached the exchange' : `the exchange ended it (${cause})`}; it is placed again`,
  closeFailed: (times: number) =>
    `refused ${times} times in a row: it is tried again every 15 s, at once by "rungwise flatten"; the stop stands, close it by hand where it is urgent`,
  reasoningLost: (error: string) => `what was decided holds, why could not be told: ${error}`,
  orderOfOurs: (clientId: string) => `it has a name of this bot's (${clientId}) and is called back`,
  foreignOrder: (clientId: string) =>
    `this bot has not placed it${clientId === '' ? '' : ` (${clientId})`}: it is yours to cancel`,
  foreignFill: (cause: Filled['cause'], side: string, contracts: string) =>
    `${{ order: 'an order', liquidation: 'a liquidation', adl: 'auto-deleveraging', foreign: 'somebody' }[cause]} opened ${side} ${contracts}`,
  /** What is done with a position that the bot did not open. */
  fates: {
    adopt: 'it gets a stop and exits, but no rungs until "rungwise base"',
    close: 'it is closed at the market',
    alert: 'it is left alone: no stop, no exits; "rungwise base" makes it the bot\'s own, "rungwise flatten" closes it',
  },
  size: (theirs: string, ours: string) => `there it is ${theirs}, in the journal ${ours}, and no fill explains it`,
  sizeOfThen: (theirs: string, ours: string) =>
    `the exchange said ${theirs}, the journal ${ours}, and no fill explained it`,
  noPosition: 'none',
  cost: (theirs: string, ours: string) => `it has cost ${theirs} USDT there, ${ours} in the journal`,
  balance: (theirs: string, ours: string) => `there it is ${theirs} USDT, in the journal ${ours}`,
  taken: {
    size: "the exchange's is taken over",
    cost: "the exchange's is taken over",
    balance: "the exchange's is taken over",
  },
  unsettled: (difference: string, readings: number) =>
    `${difference}; ${readings} readings in a row have each said something else. Somebody or another bot trades on this account, or moves money: stop that, ` +
    'or give this bot a sub-account of its own; it goes on by itself once two readings agree',
  settled: 'exchange and journal agree: it goes on',
  stopped: (state: string) =>
    `its state there is "${state}"; exits are tried every minute, what stands at the exchange stays, and it goes on by itself once it trades again`,
  changedGrid: (changes: string) =>
    `${changes}; exits are tried on the old grid. Start the bot anew, and it goes on with the new one: what is open then keeps a stop and exits, but no rungs`,
  grid: { tick: 'tick', lot: 'lot', smallest: 'smallest order', contract: 'contract' } as Readonly<
    Record<GridChange['of'], string>
  >,
  gridChange: (what: string, is: string, was: string) => `${what} ${is}, it was ${was}`,
  waitsItself: 'the position waits to be closed',
  uncoveredItself: 'the position has no confirmed stop',
  window: (title: string, from: string | undefined, until: string | undefined) =>
    [title, ...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])].join(
      ' ',
    ),
  planned:
    'nothing is added while it runs; what is open keeps its stop, which may not be carried out meanwhile: close it before if that is too much',
  running: 'nothing is added until it is over; what is open keeps its stop, which may not be carried out meanwhile',
  notOfTrading: 'connections or single instruments: trading goes on where it can',
  trades: 'entries and rungs go on',
  besideGrid: (contracts: string, lot: string) =>
    `${contracts} contracts of it are less than a lot (${lot}): they are not counted, and have no stop and no exit; close them by hand`,
  crossPosition: (held: string) =>
    `${held}, a position beside the bot's, which is isolated: it is not counted, and has no stop and no exit; nothing is added to the symbol until "rungwise resume"`,
  crossOfThen: (held: string) => `somebody held ${held} there with cross margin, beside the bot's own`,
  leverage: (theirs: number, ours: number) => `there it is ${theirs}x now, it was ${ours}x, for an open position`,
  leverageMost: (most: number, listed: number) =>
    `at most ${most}x at present, the list says ${listed}x: entries are planned with that until it says something new of the instrument, or the bot is started anew`,
  tier: {
    open: (rate: string, was: string, most: number, wasMost: number) =>
      `for what is open it wants ${rate} % of the value kept, it was ${was} %, and takes at most ${most}x, it was ${wasMost}x: the liquidation price has moved, and the bot goes by the new one`,
    flat: (rate: string, was: string, most: number, wasMost: number) =>
      `it wants ${rate} % of the value kept, it was ${was} %, and takes at most ${most}x, it was ${wasMost}x: sizes and leverage are planned with that`,
  },
  fees: (maker: string, makerWas: string, taker: string, takerWas: string) =>
    `maker ${maker} %, it was ${makerWas} %, taker ${taker} %, it was ${takerWas} %: costs are reckoned with that from now on`,
  accessRefused: (words: string) =>
    `${words}: nothing can be placed, moved or closed until it takes our requests again; stops stand; "rungwise doctor" says what to do`,
  waitsForClose: (symbols: string) => `waiting to be closed: ${symbols}`,
  uncovered: (symbols: string) => `without a confirmed stop: ${symbols}`,
  clock: (seconds: string) => `it is ${seconds} s behind the newest event of the journal; stops stand`,
  lostJournal: (clientId: string) => `an order of a journal that is lost (${clientId}) was filled`,
  lost: {
    notRunning: 'the bot was not running',
    timeAhead: (event: string, says: string, seconds: string) =>
      `an event (${event}) says it is ${says}, ${seconds} s ahead of all others: the machine has slept, or its stamp is wrong; ` +
      'it counts once a second one says the same',
    eventsDropped: (events: string) => `${events} events waited, more than can be thought about`,
    pastTold: (symbol: string) => `minutes of ${symbol} are read from the past`,
    notRead: {
      account: (words: string) => `the account could not be read: ${words}`,
      fills: (words: string) => `the fills could not be read: ${words}`,
    },
    disconnected: (connection: string, words: string) => `the ${connection} connection was lost: ${words}`,
    notConnected: 'a private connection is down',
    accessRefused: (words: string) => `the exchange refuses our requests: ${words}`,
    channelRefused: (channel: string) => `channel ${channel} was refused`,
    twoSided: (symbol: string, side: SideName) =>
      `the account is in long/short mode (${symbol} ${side}), and nothing of it can be read: close what is open there by hand, then set its position mode back to net`,
    unreadable: (words: string) => `what the exchange said cannot be read: ${words}`,
  },
};

export type AlertTexts = typeof alertsEn;
