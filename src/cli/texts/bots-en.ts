/** What the bot at an exchange says, in English; `bots-ru.ts` has the type of this object. */
import { type Untradable, untradableReason } from '../../okx/untradable.ts';
import { counted } from './counted.ts';

export const botsEn = {
  paperSummary: 'the bot at a paper exchange: real sockets, a real journal, no money',
  liveSummary: 'the bot at OKX: its demo trading (default), or real money with --real',
  doctorSummary: 'look at key, clock, modes, permissions and instruments, and say what to do',
  exchange: 'a paper exchange that runs already, like http://127.0.0.1:8780 (default: one of its own)',
  running: 'ask a paper exchange that runs already, like http://127.0.0.1:8780, in place of OKX',
  seed: 'market of its own exchange: the same seed, the same market (default: 27)',
  for: 'how long, like 20s or 5m (default: until Ctrl-C)',
  demo: "OKX's demo trading (default)",
  real: 'real money; asks for a confirmation',
  confirm:
    'the account’s number, written instead of typed: a service goes on with what a person has begun at a terminal',
  realKey: 'OKX with the key of real money; changes nothing',
  publicHost: "OKX's REST address (default: https://www.okx.com)",
  keys: 'file with the three lines RUNGWISE_OKX_KEY=…, readable by you alone (default: the environment)',
  host: "OKX's REST address (default: https://www.okx.com; keys are bound to a region)",
  ws: "OKX's WebSocket address (default: wss://ws.okx.com:8443/ws/v5, of demo trading wss://wspap.okx.com:8443/ws/v5)",

  halfAKey: (missing: string, file: string | undefined) =>
    `${file === undefined ? 'the environment' : file} does not hold ${missing}: a key has three parts`,
  strangeKey: 'a part of the API key holds a blank or a strange character: copy it again',
  openKeys: (file: string) => `${file} can be read by others: run chmod 600 ${file}`,
  practiceName: (name: string) =>
    `account.name "${name}" is kept for practice ("demo", and what ends in -demo, -paper or -exchange): ` +
    'its journal would stand where another account practises. Choose another name; a journal that is there already goes with its folder: rename that too',
  noKey:
    'no API key: set RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET and RUNGWISE_OKX_PASSPHRASE, or name a file with --keys. ' +
    'Make the key at OKX with the permissions "read" and "trade" only',
  noPaperKey:
    'no API key: set RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET and RUNGWISE_OKX_PASSPHRASE, or name a file with --keys. ' +
    '"rungwise exchange" prints the three lines of its account when it starts',
  bothLives: '--demo and --real: choose one',
  noRealPaper: '--exchange and --real: choose one; a paper exchange has no real money',
  notPaper: (origin: string) =>
    `--exchange: ${origin} is OKX itself, no paper exchange: "live" trades there, without --real in demo trading`,
  accountInUse: (uid: string) =>
    `another bot on this machine trades account ${uid}, with another journal: end that one, or give this one a sub-account`,
  badUrl: (flag: string, value: string) => `${flag}: "${value}" is no address; write it like https://www.okx.com`,
  delisted: (instId: string) =>
    `the exchange lists ${instId} no more, and nothing of it is open there: the position and orders that the journal knows of it are given up; what its settlement has brought is in the balance`,
  leftOut: {
    open: (instId: string) =>
      `${instId} is not among the configured symbols, but the journal knows of a position or an order: add it back, close it, then leave it out`,
    traded: (instId: string) =>
      `the journal's last rows hold trades of ${instId}, which is not among the configured symbols: add it back, start the bot and stop it, then leave it out`,
  },
  gridTaken: (instId: string, changes: string, wasOpen: boolean) =>
    `the exchange has changed ${instId} since the journal was written: ${changes}; ` +
    (wasOpen
      ? 'what is open of it is adopted as it is found there, with a stop and exits, without rungs, and its indicators begin anew'
      : 'its indicators begin anew'),

  confirmReal: (uid: string, balance: string) =>
    `This trades REAL MONEY of account ${uid} (${balance} USDT). To go on, type: ${uid}`,
  confirmedReal: (uid: string, balance: string) => `This trades REAL MONEY of account ${uid} (${balance} USDT).`,
  confirmedBefore: (path: string) =>
    `--confirm goes on with what a person has begun, and there is no ${path}: start it once at a terminal, without --confirm`,
  otherNumber: (written: string, uid: string) => `--confirm names account ${written}, and the key is of account ${uid}`,
  notConfirmed: 'not confirmed: nothing was started',
  noTerminal:
    'real money needs a person at a terminal to confirm it; a service that goes on with what was begun so has --confirm UID',

  backlog: (waiting: number): string =>
    `${counted(waiting, 'fill')} and settlements of funding wait, and nothing is written any more: check disk and machine, and start again; the exchange tells them anew`,
  lookingAgain: (seconds: string) => `that may pass: looking again in ${seconds} s`,
  notReady: 'the exchange or the account is not ready: see the lines marked ✗',
  started: (symbols: number, path: string, account: string) =>
    `trading ${counted(symbols, 'symbol')}; the journal: ${path}; to talk to it: rungwise status --account ${account}`,
  recovered: (rows: number) => `recovered from the journal (${counted(rows, 'row')})`,
  journalLost: (path: string) =>
    `the journal that stood at ${path} is gone, and this one is new: a pause or a halt, what the day has lost so far and what governors have seen are forgotten; what is open is adopted. ` +
    'If it was only moved, end this bot and put it back',
  changed:
    'the configuration has changed: open positions keep the ladder, base and number of rungs of their entry, every limit is the new one',
  market: (origin: string) => `a paper exchange of its own at ${origin}, a made-up market`,
  status: (balance: string, equity: string, open: number, orders: number) =>
    `balance ${balance}, equity ${equity} USDT, open positions ${open}, orders ${orders}`,
  lost: (why: string) => `nothing is added until the exchange was read: ${why}`,
  ready: 'the exchange was read: trading',
  stoppedBefore: 'stopped before it began: nothing was opened and nothing sent',
  stopping:
    'ending: entries and rungs are called back; positions and their stops stay at the exchange, it cancels all other orders within 30 s',
  leftUncovered: (symbols: string) =>
    `left without a confirmed stop, all of it or a part: ${symbols}: start the bot again, or close at the exchange`,
  fellOver:
    'the bot has stopped by a mistake of its own: nothing was done that is not written down; entries and rungs are called back; positions and their stops stay at the exchange, it cancels all other orders within 30 s; start it again, and report what follows',
  journalFailed:
    'the journal failed, so the bot has stopped: nothing is done that is not written down; entries and rungs are called back; positions and their stops stay at the exchange, it cancels all other orders within 30 s',

  download: {
    summary: "candles (and funding) of OKX's public market into the store; goes on where it was interrupted",
    symbols: "OKX's names, like BTC-USDT-SWAP",
    days: 'how many days back (default: 30)',
    from: 'from when, like 2026-01-31 or 2026-01-31T12:00Z (default: by --days)',
    to: 'until when (default: now)',
    fundingOption: 'what was settled as funding too',
    noMinutes: (from: string, until: string) => `there is no minute between ${from} and ${until}`,
    progress: (symbol: string, done: number, all: number) => `${symbol} ${done} / ${all}`,
    checkName: (near: string | undefined) =>
      near === undefined ? "Check the name: it is OKX's, like BTC-USDT-SWAP." : `Did you mean ${near}?`,
    goesOn: 'what was read is stored; the same command goes on from there',
    done: (symbol: string, added: number, all: string, path: string) =>
      `${symbol}: ${counted(added, 'new candle')}, ${all} in all, read back and sound: ${path}`,
    none: (symbol: string) => `${symbol}: no candle is stored`,
    missing: (minutes: number) => `${minutes} min of the range are not there: the exchange has no candle of them`,
    unread: (minutes: number) => `${minutes} min of the range are not stored`,
    mapped: (prices: string, volumes: string) =>
      `of before the grid changed, put onto the one that is: prices of ${prices} and volume of ${volumes} of the new candles`,
    funding: (added: number, all: string, path: string) =>
      `funding: ${counted(added, 'new settlement')}, ${all} in all: ${path}`,
  },

  doctor: {
    fine: 'everything is as it must be',
    reached: (origin: string) => `${origin} answers`,
    notReached: (origin: string, why: string) => `${origin} does not answer: ${why}`,
    reachAdvice:
      'Check the network and the address (--host, --exchange); from some countries OKX needs a regional host.',
    otherReachAdvice:
      'Check the network and the address (--host, --exchange); a paper exchange must be running: "rungwise exchange" starts one.',
    maintenanceAdvice: 'The exchange is in maintenance: start again when that is over. Stops that stand there stay.',
    clock: (offset: string, uncertainty: string) => `the clock is ${offset} ms off (± ${uncertainty} ms)`,
    clockAdvice: 'Set the system clock by the network (NTP): beyond 30 s OKX refuses every request.',
    clockSpeed: (speed: string) => `the exchange's clock runs ${speed} times as fast as the world's`,
    clockSpeedAdvice:
      'Bots and downloads go by the time of the world: start that exchange without --speed ("rungwise demo" runs fast).',
    key: (uid: string) => `the key works: account ${uid}`,
    keyUntried: (why: string) => `the key could not be tried: ${why}`,
    noKey: (why: string) => `the key does not work: ${why}`,
    keyAdvice: (code: string) =>
      ({
        'no-key': 'Set RUNGWISE_OKX_KEY, RUNGWISE_OKX_SECRET and RUNGWISE_OKX_PASSPHRASE, or name a file with --keys.',
        '50101':
          'The key is of the other environment: keys of demo trading work with --demo only, others with --real only.',
        '50102': 'Set the system clock by the network (NTP).',
        '50105': 'The passphrase is the one typed when the key was made, not the login password.',
        '50110': "This machine's address is not on the key's list: add it at OKX.",
        '50111': 'The key is unknown there: copy it again; at OKX keys are bound to a region (--host).',
        '50113': 'The secret does not fit the key: copy both again.',
        '50119': 'The key is unknown there: copy it again; at OKX keys are bound to a region (--host).',
      })[code] ?? 'Make a new key at OKX with the permissions "read" and "trade".',
    accountMode: (mode: string) =>
      `account mode: ${({ '1': 'spot', '2': 'futures', '3': 'multi-currency margin', '4': 'portfolio margin' } as Record<string, string>)[mode] ?? 'not known to us'}`,
    accountModeAdvice: 'At OKX choose Settings → Account mode → Futures mode.',
    positionMode: (mode: string) =>
      `position mode: ${mode === 'net_mode' ? 'net' : mode === 'long_short_mode' ? 'long/short' : 'not known to us'}`,
    positionModeAdvice:
      'At OKX choose Settings → Position mode → Net mode (one-way); all positions and orders must be closed first.',
    permissions: (list: string) => `permissions of the key: ${list}`,
    withdrawAdvice:
      'The key may withdraw. Make one that may only read and trade: a bot never needs more, a thief does.',
    noTradeAdvice: 'The key may not trade: give it the permission "trade" at OKX.',
    balance: (balance: string) => `balance: ${balance} USDT`,
    balanceAdvice: 'There is no USDT on the trading account: transfer some from the funding account.',
    balanceUnread: (why: string) => `the balance could not be read: ${why}`,
    instrument: (instId: string) => `${instId} can be traded`,
    untradable: (why: Untradable): string => untradableReason(why),
    instrumentProblem: (instId: string, why: string) => `${instId} cannot be traded: ${why}`,
    instrumentWaits: 'The bot starts all the same: nothing is added to it until it trades again, exits are tried.',
    instrumentUnread: (instId: string, why: string) => `${instId} could not be read: ${why}`,
    instrumentAdvice: 'Remove it from "symbols", or check its name.',
    fees: (instId: string, maker: string, taker: string) => `fees of ${instId}: maker ${maker} %, taker ${taker} %`,
    feesUnread: (instId: string, why: string) => `fees of ${instId} could not be read: ${why}`,
    leverage: (instId: string, leverage: number) => `leverage of ${instId} as set: ${leverage}x`,
    leverageUnread: (instId: string, why: string) => `leverage of ${instId} could not be read: ${why}`,
  },
};

export type BotsTexts = typeof botsEn;
