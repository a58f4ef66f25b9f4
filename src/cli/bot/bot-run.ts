/**
 * A bot at an exchange while a person watches: lines or NDJSON of what happens, a status now and then, an end by Ctrl-C, by time, or because the
 * journal failed. Shared by `paper` and `live`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../config/index.ts';
import type { CoreEvent } from '../../core/event.ts';
import { isUncovered } from '../../core/orders/orders.ts';
import { LeftOutError } from '../../core/saved-registry.ts';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import { findingLines } from '../format/findings.ts';
import type { Access } from '../input/access.ts';
import { controlled, type LostStatus } from '../operate/bot-status.ts';
import { openDoor } from '../operate/open-door.ts';
import { EXIT } from '../shell/failure.ts';
import { type Interruption, listenForInterruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { writeWithoutWaiting } from '../shell/terminal.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';
import { type Happening, Happenings, type RefusalHappened } from '../watch/happenings.ts';
import { type Bot, startBot } from './bot.ts';
import { type BotOutput, isWatched, jsonOutput, lineOutput } from './bot-output.ts';
import { soleAtAccount } from './sole-at-account.ts';

export interface BotRunSettings {
  readonly access: Access;
  readonly config: Config;
  readonly journalPath: string;
  readonly lock: WriterLock;
  /** Name of its folder. */
  readonly account: string;
  /** Real milliseconds; absent: until somebody ends it. */
  readonly lengthMs?: number | undefined;
  readonly isJson: boolean;
}

const STATUS_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** @returns 0; 3 where exchange or account are not ready. @throws {JournalError} @throws {UsageError} @throws {Interrupted} before the bot stands */
export async function runBot(session: Session, settings: BotRunSettings): Promise<number> {
  const { texts } = session;
  writeWithoutWaiting(session.terminal);
  const output = settings.isJson ? jsonOutput(session) : lineOutput(session);
  const run = new RunState();
  const happenings = new Happenings((happening) => {
    run.remember(happening);
    output.happened(happening);
  });
  const beginning = new AbortController();
  let account: WriterLock | undefined;
  const interruption = listenForInterruption(() => beginning.abort());
  try {
    const bot = await started(session, settings, beginning.signal, {
      alone: (uid) => {
        account = soleAtAccount(session, settings.access, uid);
      },
      thought: (event, decisions, registry) => {
        run.heard(event, registry.ready);
        if (isWatched(event)) output.exchange(event, registry.ready);
        happenings.thought(event, decisions, registry);
      },
      warn: (message) => session.tell(session.palette.warn(message)),
      failed: (error) => run.fail(error),
    });
    if (bot !== undefined) return await runToEnd(session, settings, { bot, run, output, interruption });
    if (interruption.isAsked) throw new Interrupted(texts.bots.stoppedBefore);
    session.tell(session.palette.bad(texts.bots.notReady));
    return EXIT.exchange;
  } finally {
    account?.release();
    interruption.release();
  }
}

interface Running {
  readonly bot: Bot;
  readonly run: RunState;
  readonly output: BotOutput;
  readonly interruption: Interruption;
}

/** Until the end, whichever comes first. */
async function runToEnd(session: Session, settings: BotRunSettings, { bot, run, output, interruption }: Running) {
  const { texts } = session;
  const door = controlled({
    account: settings.account,
    registry: bot.registry,
    loop: bot.loop,
    nowMs: () => bot.nowMs(),
    isConnected: () => bot.isConnected,
    lost: () => run.lost,
    refusals: () => run.refusals,
  });
  const closeDoor = await openDoor(session, settings.journalPath, door);
  try {
    output.started(bot, settings.journalPath, settings.account);
    await untilEnd(run, interruption, settings.lengthMs, () => output.status(door.status()));
    // Of a loop that has failed this is said with the reason.
    if (run.failure === undefined) session.tell(texts.bots.stopping);
  } finally {
    closeDoor();
    await bot.leave();
  }
  const uncovered = bot.registry.symbols.filter(isUncovered).map(({ instrument }) => instrument.instId);
  if (uncovered.length > 0) session.tell(session.palette.bad(texts.bots.leftUncovered(uncovered.join(', '))));
  output.ended(door.status());
  if (run.failure === undefined) return EXIT.done;
  const { error } = run.failure;
  const told = whatFailed(error);
  if (told !== undefined) session.tell(texts.bots[told]);
  throw error;
}

async function started(
  session: Session,
  { access, config, journalPath, lock }: BotRunSettings,
  givenUp: AbortSignal,
  hooks: Pick<Parameters<typeof startBot>[0], 'alone' | 'thought' | 'warn' | 'failed'>,
): Promise<Bot | undefined> {
  try {
    return await startBot({
      access,
      config,
      journalPath,
      lock,
      givenUp,
      found: (finding) => {
        if (finding.weight !== 'good') for (const line of findingLines(session, finding)) session.tell(line);
      },
      lookingAgain: (inMs) => session.tell(session.texts.bots.lookingAgain(String(inMs / 1_000))),
      ...hooks,
    });
  } catch (error) {
    if (error instanceof LeftOutError)
      throw new UsageError(session.texts.bots.leftOut[error.why](error.instId), { cause: error });
    throw error;
  }
}

/** What is said before the error: one of too much that waits says it all itself. */
function whatFailed(error: unknown): 'journalFailed' | 'fellOver' | undefined {
  const name = error instanceof Error ? error.name : '';
  if (name === 'BacklogError') return undefined;
  return name === 'JournalError' ? 'journalFailed' : 'fellOver';
}

const REFUSALS_KEPT = 100;

/** What is remembered of a run, and what ends it besides the person. */
class RunState {
  failure: { readonly error: unknown } | undefined;
  /** The newest first. */
  readonly refusals: RefusalHappened[] = [];
  lost: LostStatus | undefined;

  heard(event: CoreEvent, isReady: boolean): void {
    // A reading was made: what keeps it from being believed is told otherwise.
    if (isReady || event.kind === 'exchange-read') this.lost = undefined;
    if (event.kind !== 'exchange-lost') return;
    const { at, reason, because } = event;
    const since = this.lost?.since ?? (at > 0 ? at : undefined);
    this.lost = {
      reason,
      ...(since === undefined ? {} : { since }),
      ...(because === undefined ? {} : { because }),
    };
  }

  remember(happening: Happening): void {
    if (happening.kind !== 'refusal') return;
    this.refusals.unshift(happening);
    if (this.refusals.length > REFUSALS_KEPT) this.refusals.pop();
  }

  fail(error: unknown): void {
    this.failure = { error };
  }
}

async function untilEnd(
  run: RunState,
  interruption: { readonly isAsked: boolean },
  lengthMs: number | undefined,
  status: () => void,
): Promise<void> {
  const beganMs = performance.now();
  let statusMs = beganMs;
  while (!interruption.isAsked && run.failure === undefined) {
    const nowMs = performance.now();
    if (lengthMs !== undefined && nowMs - beganMs >= lengthMs) return;
    if (nowMs - statusMs >= STATUS_EVERY_MS) {
      statusMs = nowMs;
      status();
    }
    await pause(LOOK_EVERY_MS);
  }
}
