/**
 * A bot in its own process, to be killed: the real machine (bot.ts) at the exchange that the command line names, on the account of that key. It
 * recovers and protects; told `climb` it climbs ladders as fast as its gates allow, asked `held` it tells in a line of JSON what it holds.
 *
 * `patient` goes as maker first, is re-tuned by volatility, and its rungs rest: orders that are amended and called back all the time.
 *
 * @example node bot.child.ts ORIGIN JOURNAL KEY [REST_ORIGIN [patient]]
 */
import { createInterface } from 'node:readline';
import { startBot } from '../../src/cli/bot/bot.ts';
import { paperAccess } from '../../src/cli/input/access.ts';
import { loadTree } from '../../src/config/index.ts';
import { lockJournal } from '../../src/journal/sqlite-journal.ts';
import { ApiKey } from '../../src/okx/door/sign.ts';

const [origin = '', journalPath = '', key = '', rest = origin, style = 'urgent'] = process.argv.slice(2);
const isPatient = style === 'patient';
const INST = 'BTC-USDT-SWAP';
const CLIMB_EVERY_MS = 60;

const bot = await startBot({
  access: { ...paperAccess(origin, new ApiKey({ key, secret: 'killSecret', passphrase: 'killPass' })), origin: rest },
  config: loadTree({
    symbols: [INST],
    signals: { scalper: { enabled: false } },
    position_scaling: { min_interval_seconds: 0 },
    // Fees make a losing day of so many ladders: it has to go on all the same.
    governors: {
      size_by_day: 'off',
      targets_by_volatility: isPatient ? 'on' : 'off',
      pause: 'off',
      additions_without_signal: isPatient
        ? { placement: 'resting', average_down: { loss_share: 0.05, distance_atr: 0.1 } }
        : 'off',
    },
    limits: { daily_loss_limit: 90 },
    execution: {
      entry_style: isPatient ? 'maker_then_taker' : 'taker',
      maker_window_seconds: isPatient ? 2 : 10,
      min_cost_multiple: 0,
      funding_near_seconds: 0,
      reentry: { same_side_seconds: 0, after_loss_seconds: 0, opposite_side_seconds: 0 },
    },
  }),
  journalPath,
  lock: lockJournal(journalPath, Date.now()),
  alone: () => undefined,
  givenUp: new AbortController().signal,
  found: (finding) => {
    if (finding.weight === 'bad') say({ kind: 'bad', finding: finding.about });
  },
  lookingAgain: () => say({ kind: 'looking-again' }),
  warn: (message) => say({ kind: 'warn', message }),
  thought: (event, decisions, { symbols }) => {
    if (event.kind === 'exchange-read') say({ kind: 'read', isReady: bot?.registry.ready ?? false });
    for (const decision of decisions)
      if (decision.kind === 'refused')
        say({ kind: 'refused', code: decision.code, rungs: symbols[0]?.position?.rungs.length });
      else if (decision.kind === 'alert') say({ kind: 'alert', code: decision.code, message: decision.message });
  },
  failed: (error) => {
    say({ kind: 'failed', error: String(error) });
    process.exit(1);
  },
});
if (bot === undefined) process.exit(3);
say({ kind: 'started', rows: bot.recoveredRows });
createInterface({ input: process.stdin }).on('line', (word) => {
  if (word === 'climb') setInterval(climb, CLIMB_EVERY_MS);
  else if (word === 'held') say({ kind: 'held', ...held() });
});

/** A signal of the same side; a ladder that is climbed is closed, and the next one begins. */
function climb(): void {
  const symbol = bot?.registry.symbols[0];
  if (bot === undefined || symbol === undefined || symbol.pricedAt < 0 || !symbol.series.ready || !bot.registry.ready)
    return;
  const rungs = symbol.position?.rungs.length ?? 0;
  const at = bot.nowMs();
  if (rungs >= 3 && symbol.position?.closing === undefined)
    bot.loop.hear({ kind: 'operator', at, command: { do: 'flatten', by: 'test', instId: INST } });
  else
    bot.loop.hear({
      kind: 'signal',
      at,
      instId: INST,
      side: 1,
      strength: 1,
      priceTicks: symbol.markTicks as never,
      source: 'test',
      reasons: [],
    });
}

function held() {
  const position = bot?.registry.symbols[0]?.position;
  return {
    isReady: bot?.registry.ready ?? false,
    lots: position === undefined ? 0 : position.holding.side * position.holding.lots,
    position: position?.number ?? 0,
    rungs: position?.rungs.map(({ clientId, filledLots }) => ({ clientId, filledLots })) ?? [],
    entryLots: position?.entryLots ?? 0,
    unexplained: bot?.registry.symbols[0]?.unexplained ?? null,
    orders: [...(bot?.registry.orders.values() ?? [])].map(
      ({ order, state }) => `${order.clientId} ${order.role} ${state}`,
    ),
  };
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
