/** A bot within the test's own process, at an exchange with real sockets: it trades BTC, and hears its signals from the test. */

import { type Bot, startBot } from '../../src/cli/bot/bot.ts';
import { paperAccess } from '../../src/cli/input/access.ts';
import { loadTree } from '../../src/config/index.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import type { SymbolState } from '../../src/core/registry.ts';
import { lockJournal } from '../../src/journal/sqlite-journal.ts';
import { ApiKey } from '../../src/okx/door/sign.ts';
import { KEYS } from './generated-exchange.ts';
import { BTC } from './paper-rig.ts';

export interface BotWithin {
  readonly bot: Bot;
  readonly symbol: SymbolState;
  /** A signal to go long, at the mark. */
  long(): void;
}

/** @param through where requests and feeds of the market go instead @param failed what its loop fails by; without it the test does */
export async function botWithin(settings: {
  readonly origin: string;
  readonly through?: string;
  readonly entryStyle: 'taker' | 'maker_only';
  readonly thought?: (event: CoreEvent, decisions: readonly Decision[]) => void;
  readonly failed?: (error: unknown) => void;
}): Promise<BotWithin> {
  const { RUNGWISE_OKX_KEY: key, RUNGWISE_OKX_SECRET: secret, RUNGWISE_OKX_PASSPHRASE: passphrase } = KEYS;
  const access = paperAccess(settings.origin, new ApiKey({ key, secret, passphrase }));
  const bot = await startBot({
    access: { ...access, origin: settings.through ?? access.origin },
    config: loadTree({
      symbols: [BTC.instId],
      signals: { scalper: { enabled: false } },
      execution: { entry_style: settings.entryStyle, min_cost_multiple: 0, funding_near_seconds: 0 },
    }),
    journalPath: 'journal.db',
    lock: lockJournal('journal.db', Date.now()),
    alone: () => undefined,
    givenUp: new AbortController().signal,
    found: () => undefined,
    lookingAgain: () => undefined,
    warn: () => undefined,
    thought: settings.thought ?? (() => undefined),
    failed:
      settings.failed ??
      ((error) => {
        throw error;
      }),
  });
  const symbol = bot?.registry.symbols[0];
  if (bot === undefined || symbol === undefined) throw new Error('the bot did not start');
  const long = () => {
    const facts = { side: 1, strength: 1, priceTicks: symbol.markTicks as never, source: 'test', reasons: [] } as const;
    bot.loop.hear({ kind: 'signal', at: bot.nowMs(), instId: BTC.instId, ...facts });
  };
  return { bot, symbol, long };
}
