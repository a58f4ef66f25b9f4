/** A paper exchange with a generated market and a day of history on 127.0.0.1, closed at the end of the test. */
import { onTestFinished } from 'vitest';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import { decimal } from '../../src/core/numbers/decimal.ts';
import { runningClock } from '../../src/paper/clock.ts';
import { PaperExchange } from '../../src/paper/exchange.ts';
import { GeneratedMarket } from '../../src/paper/market/generated-market.ts';
import { BTC } from './paper-rig.ts';

export const KEYS = {
  RUNGWISE_OKX_KEY: 'theKeyOfTheTest',
  RUNGWISE_OKX_SECRET: 'theSecretOfTheTest',
  RUNGWISE_OKX_PASSPHRASE: 'thePassphraseOfTheTest',
};

export async function generatedExchange(
  instruments: readonly Instrument[] = [BTC],
  historyMinutes = 27 * 60,
  nowMs = Date.now(),
): Promise<{ readonly paper: PaperExchange; readonly origin: string }> {
  const paper = new PaperExchange({
    source: new GeneratedMarket({ seed: 11, instruments, bornAt: nowMs, fromMs: nowMs, historyMinutes }),
    clock: runningClock(nowMs, 1),
    accounts: [
      {
        key: KEYS.RUNGWISE_OKX_KEY,
        secret: KEYS.RUNGWISE_OKX_SECRET,
        passphrase: KEYS.RUNGWISE_OKX_PASSPHRASE,
        balance: 100_000_000_000n,
        makerRate: decimal('0.0002'),
        takerRate: decimal('0.0005'),
        leverage: 5,
        uid: '4711',
      },
    ],
    isRateLimited: false,
  });
  const origin = `http://127.0.0.1:${await paper.listen(0)}`;
  onTestFinished(() => paper.close());
  return { paper, origin };
}
