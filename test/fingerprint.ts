/** A whole backtest in one line, for tests which say that nothing is decided otherwise than before. */
import { createHash } from 'node:crypto';
import { loadTree } from '../src/config/index.ts';
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent } from '../src/core/event.ts';
import { MINUTE_MS } from '../src/core/market/candle.ts';
import { money } from '../src/core/numbers/units.ts';
import type { Registry } from '../src/core/registry.ts';
import { Backtest, type BacktestSettings } from '../src/lab/backtest.ts';
import { encodeState } from '../src/runtime/loop.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';

type Market = Pick<BacktestSettings, 'instruments' | 'candles'>;

/** Count and SHA-256 of every decision with all its numbers, and the balance at the end. */
export function fingerprint(market: Market, tree: object): string {
  return fingerprintOf(market, tree, false, false);
}

/**
 * The same with what the governors would keep: beside every decision whose state it touched, and every so many minutes of data.
 * @param isAttended somebody looks at every event, so that candles go one by one
 */
export function keptFingerprint(market: Market, tree: object, isAttended = false): string {
  return fingerprintOf(market, tree, true, isAttended);
}

/** Their part of a snapshot. */
function governorsOf({ governors, symbols }: Registry): unknown {
  return [governors, symbols.map((symbol) => symbol.governors)];
}

/** Minutes of data between two snapshots: no multiple of any timeframe. */
const SNAPSHOT_MINUTES = 97;

function fingerprintOf(market: Market, tree: object, isKept: boolean, isAttended: boolean): string {
  const hash = createHash('sha256');
  const seen = (value: unknown) => hash.update(`${encodeState(value)}\n`);
  let count = 0;
  let core: Registry | undefined;
  const decided = (_: CoreEvent, decisions: readonly Decision[], registry: Registry) => {
    core = registry;
    // Leverage is one and the same here: the releases that hashes are of did not ask for it again before each entry.
    const told = decisions.filter(({ kind }) => kind !== 'set-leverage');
    for (const decision of told) seen(decision);
    if (isKept) seen([registry.touched.map(({ instrument }) => instrument.instId), governorsOf(registry)]);
    count += told.length;
  };
  const backtest = new Backtest({
    ...market,
    policy: loadTree(tree).policy,
    balance: money(1_000_00000000n),
    model: DEFAULT_FILL_MODEL,
    funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 10_000 },
    traced: false,
    witness: isAttended ? { decided, candleClosed: () => undefined } : { decided },
  });
  while (backtest.advance(SNAPSHOT_MINUTES)) if (isKept && core !== undefined) seen(governorsOf(core));
  const { registry } = backtest.finish();
  if (isKept) seen(governorsOf(registry));
  return `${count} ${registry.balance} ${hash.digest('hex').slice(0, 32)}`;
}
