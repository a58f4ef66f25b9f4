/**
 * `rungwise paper`: the whole bot over the real adapter, at a paper exchange. Without `--exchange` it starts one of its own on a free port of this
 * machine, with a made-up market and a fresh account; then its journal begins anew as well.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from '../../journal/errors.ts';
import { takeWriterLock } from '../../journal/writer-lock.ts';
import { ApiKey } from '../../okx/sign.ts';
import { runningClock } from '../../paper/clock.ts';
import { PaperExchange } from '../../paper/exchange.ts';
import { GeneratedMarket } from '../../paper/market-source.ts';
import { originOf, paperAccess } from './addresses.ts';
import { runBot } from './bot-run.ts';
import { configurationOrDefaults, stateFolder } from '../shell/configuration.ts';
import { removeJournal } from '../demo/demo-journal.ts';
import { instrumentOf } from '../shell/instruments.ts';
import { apiKeyOf } from './keys.ts';
import { fillModelOf, moneyOf } from '../shell/run-options.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

export interface PaperOptions {
  readonly config?: string;
  readonly exchange?: string;
  readonly keys?: string;
  readonly seed: number;
  readonly for?: number;
  readonly json?: boolean;
}

/** @returns 0; 3 where the exchange is not ready. @throws {UsageError} @throws {ConfigError} @throws {JournalError} */
export async function paper(session: Session, options: PaperOptions): Promise<number> {
  const config = configurationOrDefaults(session, options.config);
  // Another exchange is another account, and one account has one journal.
  const account = `${config.account.name}-${options.exchange === undefined ? 'paper' : 'exchange'}`;
  const journalPath = join(stateFolder(session), account, 'journal.db');
  const run = { config, account, journalPath, lengthMs: options.for, isJson: options.json === true };
  if (options.exchange !== undefined) {
    const origin = originOf(session, '--exchange', options.exchange);
    const key = apiKeyOf(session, options.keys);
    if (key === undefined) throw new UsageError(session.texts.bots.noKey);
    return runBot(session, { ...run, access: paperAccess(origin, key) });
  }
  removeOld(journalPath);
  const nowMs = Date.now();
  const secrets = { key: token(), secret: token(), passphrase: token() };
  const instruments = config.symbols.map((symbol) => instrumentOf(session, symbol, undefined));
  const { feeRates, leverage } = config.policy.execution;
  const exchange = new PaperExchange({
    source: new GeneratedMarket({
      seed: options.seed,
      instruments,
      bornAt: nowMs,
      fromMs: nowMs,
      historyMinutes: 26 * 60,
    }),
    clock: runningClock(nowMs, 1),
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
    if (options.json !== true) session.print(session.texts.bots.market(origin));
    return await runBot(session, { ...run, access: paperAccess(origin, new ApiKey(secrets)) });
  } finally {
    await exchange.close();
  }
}

/** The account of an exchange of our own is gone with it: its journal says nothing about the next. @throws {JournalError} where a bot writes it */
function removeOld(journalPath: string): void {
  attempt(journalPath, 'created', () => mkdirSync(dirname(journalPath), { recursive: true, mode: 0o700 }));
  const lock = takeWriterLock(journalPath, Date.now());
  try {
    removeJournal(journalPath);
  } finally {
    lock.release();
  }
}

function token(): string {
  return randomBytes(8).toString('hex');
}
