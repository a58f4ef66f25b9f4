/** The paper exchange that `paper` starts for itself: a free port of this machine, a made-up market, a fresh account. */

import { randomBytes } from 'node:crypto';
import { moneyOf } from '../../core/instrument/instrument.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { runningClock } from '../../paper/clock.ts';
import { PaperExchange } from '../../paper/exchange.ts';
import { GeneratedMarket } from '../../paper/market/generated-market.ts';
import { paperAccess } from '../input/access.ts';
import { knownInstrument } from '../input/instruments.ts';
import { fillModelOf } from '../input/run-options.ts';
import type { Session } from '../shell/session.ts';
import { type BotRunSettings, runBot } from './bot-run.ts';

/** Runs the bot there; the exchange ends with it. @returns as `runBot` does. @throws {UsageError} where a symbol is unknown */
export async function runAtOwnExchange(
  session: Session,
  seed: number,
  run: Omit<BotRunSettings, 'access'>,
): Promise<number> {
  const { config } = run;
  const nowMs = Date.now();
  const secrets = { key: token(), secret: token(), passphrase: token() };
  const instruments = config.symbols.map((symbol) => knownInstrument(session, symbol));
  const { feeRates, leverage } = config.policy.execution;
  const exchange = new PaperExchange({
    source: new GeneratedMarket({ seed, instruments, bornAt: nowMs, fromMs: nowMs, historyMinutes: 26 * 60 }),
    // After its market is made: it must not lag behind the day by what that has taken.
    clock: runningClock(Date.now(), 1),
    accounts: [
      {
        ...secrets,
        balance: moneyOf(config.account.balance),
        makerRate: feeRates.maker,
        takerRate: feeRates.taker,
        leverage: leverage.max,
        uid: `paper${token()}`,
      },
    ],
    fillModel: fillModelOf(config.policy),
  });
  const origin = `http://127.0.0.1:${await exchange.listen(0)}`;
  try {
    if (!run.isJson) session.say(session.texts.bots.market(origin));
    return await runBot(session, { ...run, access: paperAccess(origin, new ApiKey(secrets)) });
  } finally {
    await exchange.close();
  }
}

function token(): string {
  return randomBytes(8).toString('hex');
}
