/** A bot's run as a person or a script sees it: lines, or NDJSON. */
import type { CoreEvent } from '../../core/event.ts';
import { worstParts } from '../../report/book-worst.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import type { BotStatus } from '../operate/control.ts';
import type { Session } from '../shell/session.ts';
import { gridText, lostText } from '../watch/alert-text.ts';
import { happeningLine } from '../watch/happening-line.ts';
import type { Happening } from '../watch/happenings.ts';
import { money } from '../watch/words.ts';
import type { Bot } from './bot.ts';

export interface BotOutput {
  started(bot: Bot, journalPath: string, account: string): void;
  happened(happening: Happening): void;
  /** @param isReady what it means: a reading may be doubted, or differ and wait for the next. */
  exchange(event: Watched, isReady: boolean): void;
  status(status: BotStatus): void;
  ended(status: BotStatus): void;
}

export function jsonOutput(session: Session): BotOutput {
  const line = (value: object) => session.print(JSON.stringify(value));
  let wasReady = false;
  return {
    started: ({ registry, recoveredRows, journalLost, damagedStates, changed, gridsTaken, delisted }, journal) => {
      const symbols = registry.symbols.map(({ instrument }) => instrument.instId);
      const past = { recoveredRows, journalLost, damagedStates };
      line({ kind: 'start', symbols, journal, ...past, changed, gridsTaken, delisted });
    },
    happened: (happening) => {
      const { kind, at, time, symbol, ...rest } = happening;
      line({ kind, at, time, symbol, ...(happening.kind === 'trade' ? happening.trade : rest) });
    },
    exchange: (event, isReady) => {
      if (event.kind === 'exchange-lost') line({ ...event });
      else if (isReady && !wasReady) line({ kind: event.kind, at: event.at });
      wasReady = isReady;
    },
    status: (status) => line({ kind: 'status', ...status }),
    ended: (status) => line({ kind: 'summary', ...status }),
  };
}

export function lineOutput(session: Session): BotOutput {
  const { texts, palette } = session;
  let said: 'ready' | 'lost' | undefined;
  const show = ({ balance, equity, symbols, worst, orders }: BotStatus) => {
    const open = symbols.filter(({ position }) => position !== null).length;
    const text = texts.bots.status(money(balance, session), money(equity, session), open, orders);
    const [worstCase, shock] = worstParts(worst, session.report, PLAIN);
    session.say(palette.dim(`${text}, ${worstCase}, ${shock}`));
  };
  return {
    started: (bot, journalPath, account) => {
      const { registry, recoveredRows, journalLost, damagedStates, changed, gridsTaken, delisted } = bot;
      session.say(texts.bots.started(registry.symbols.length, journalPath, account));
      if (recoveredRows > 0) session.say(texts.bots.recovered(recoveredRows));
      if (journalLost) session.say(palette.warn(texts.bots.journalLost(journalPath)));
      if (damagedStates.length > 0) session.say(palette.warn(texts.operate.damagedStates(damagedStates)));
      for (const { instId, changes, wasOpen } of gridsTaken)
        session.say(palette.warn(texts.bots.gridTaken(instId, gridText(changes, session), wasOpen)));
      for (const instId of delisted) session.say(palette.warn(texts.bots.delisted(instId)));
      if (changed.length === 0) return;
      session.say(palette.warn(texts.bots.changed));
      for (const { key, was, is } of changed) session.say(`  ${key}: ${JSON.stringify(was)} → ${JSON.stringify(is)}`);
    },
    happened: (happening) => {
      const line = happeningLine(happening, session);
      if (line !== undefined) session.say(line);
    },
    exchange: (event, isReady) => {
      if (event.kind === 'exchange-read' && !isReady) return;
      const now = event.kind === 'exchange-lost' ? 'lost' : 'ready';
      if (now === said) return;
      said = now;
      if (event.kind === 'exchange-lost') session.say(palette.warn(texts.bots.lost(lostText(event, texts))));
      else session.say(palette.good(texts.bots.ready));
    },
    status: show,
    ended: show,
  };
}

type Watched = Extract<CoreEvent, { kind: 'exchange-read' | 'exchange-lost' }>;

/** How it stands with the exchange is shown of such events. */
export function isWatched(event: CoreEvent): event is Watched {
  return event.kind === 'exchange-read' || event.kind === 'exchange-lost';
}
