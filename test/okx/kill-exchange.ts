/** The paper exchange at which bots are killed (killed-bot.ts): a generated market with a day of history, an account for each key. */
import { decimal } from '../../src/core/numbers/decimal.ts';
import { runningClock } from '../../src/paper/clock.ts';
import { PaperExchange } from '../../src/paper/exchange.ts';
import { GeneratedMarket } from '../../src/paper/market/generated-market.ts';
import { BTC } from './paper-rig.ts';

export const KILL_KEY = 'kill0';

export async function killExchange(
  keys: readonly string[],
): Promise<{ readonly paper: PaperExchange; readonly origin: string }> {
  const nowMs = Date.now();
  const paper = new PaperExchange({
    source: new GeneratedMarket({
      seed: 5,
      instruments: [BTC],
      bornAt: nowMs,
      fromMs: nowMs,
      historyMinutes: 27 * 60,
    }),
    clock: runningClock(nowMs, 1),
    accounts: keys.map((key, n) => ({
      key,
      secret: 'killSecret',
      passphrase: 'killPass',
      balance: 200_000_000_000n,
      makerRate: decimal('0.0002'),
      takerRate: decimal('0.0005'),
      leverage: 3,
      uid: String(n + 7),
    })),
    isRateLimited: false,
  });
  return { paper, origin: `http://127.0.0.1:${await paper.listen(0)}` };
}
