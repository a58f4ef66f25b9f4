/**
 * The paper exchange in a process of its own, so that a figure has the exchange's core to itself. Told by its parent what to do, one message at a
 * time; answers with what it took of the processor.
 */
import { once } from 'node:events';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { decimal } from '../src/core/numbers/decimal.ts';
import { ManualClock, runningClock } from '../src/paper/clock.ts';
import { PaperExchange } from '../src/paper/exchange.ts';
import { GeneratedMarket } from '../src/paper/market/generated-market.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { BENCH_KEYS, type ChildAnswer, type ChildOrder } from './exchange-process.ts';

const nowMs = Date.now();
const stands = new ManualClock(nowMs, Date.now);
const isStanding = process.argv[2] === 'stands';
const exchange = new PaperExchange({
  source: new GeneratedMarket({ seed: 1, instruments: OFFLINE_INSTRUMENTS, bornAt: nowMs, fromMs: nowMs }),
  clock: isStanding ? stands : runningClock(nowMs, 1),
  isRateLimited: false,
  // Thousands of orders a second are more than any market gives: what is measured is the exchange, not the wait for a counterparty.
  fillModel: { ...DEFAULT_FILL_MODEL, depthUsdtMin: 10_000_000 },
  accounts: [
    {
      ...BENCH_KEYS,
      balance: 1_000_000n * 100_000_000n,
      makerRate: decimal('0.0002'),
      takerRate: decimal('0.0005'),
      leverage: 10,
      uid: '1',
    },
  ],
});
const port = await exchange.listen(0);
tell({ port });
process.on('message', (order: ChildOrder) => void carryOut(order));
process.on('disconnect', () => process.exit(0));

let begun = process.cpuUsage();

async function carryOut(order: ChildOrder): Promise<void> {
  if (order.do === 'begin') {
    begun = process.cpuUsage();
    return tell({ cpuUs: 0 });
  }
  if (order.do === 'seconds') {
    const startedMs = performance.now();
    for (let second = 0; second < order.count; second += 1) {
      const dueMs = order.perSecond === undefined ? 0 : startedMs + (second * 1_000) / order.perSecond;
      while (performance.now() < dueMs) await delay(1);
      stands.pass(1_000);
      exchange.advance();
      await turn();
    }
  }
  const { user, system } = process.cpuUsage(begun);
  tell({ cpuUs: user + system, filled: exchange.desk(BENCH_KEYS.key)?.fills.list().length ?? 0 });
}

function tell(answer: ChildAnswer): void {
  process.send?.(answer);
}

await once(process, 'disconnect');
