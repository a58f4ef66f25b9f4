/**
 * The bot at an exchange that speaks OKX, the same for paper, demo and live: checked, recovered from its journal, then the loop between adapter,
 * feed and journal. Source: design.md §3, §6.
 *
 * A new journal begins with the balance of that moment in a snapshot: whatever happens after it can be folded. An old one is folded first, then
 * the exchange is read; orders that it left without an answer are asked for, never sent again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../config/index.ts';
import { HISTORY_MINUTES } from '../../config/warm-up.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { GridTaken } from '../../core/instrument/taken-grid.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { isUncovered } from '../../core/orders/orders.ts';
import type { Policy } from '../../core/policy.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { LeftOutError, saveRegistry } from '../../core/saved-registry.ts';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import { newRun } from '../../journal/new-run.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';
import type { Rest } from '../../okx/door/rest.ts';
import { OkxExchange } from '../../okx/exchange.ts';
import { OkxFeed } from '../../okx/feed.ts';
import { checkStart, type Finding, isDelisted, lookPatiently, mayPass, type Ready } from '../../okx/start.ts';
import { doubtsInstrument } from '../../okx/untradable.ts';
import { FeeWatch } from '../../okx/watches/fees.ts';
import { encodeState, LOOP_LIMITS, Loop } from '../../runtime/loop.ts';
import { recover } from '../../runtime/past/recover.ts';
import { type Access, restOf } from '../input/access.ts';
import { type ChangedSetting, noteStarted, startedIn } from '../operate/started-note.ts';
import { steadyClock, steadyNowMs } from '../shell/steady-clock.ts';

interface BotSettings {
  readonly access: Access;
  readonly config: Config;
  readonly journalPath: string;
  /** Of that journal, taken before anybody looks at the exchange: a second instance is refused however slowly that answers. */
  readonly lock: WriterLock;
  /** Asked before anything is opened: throws where another bot trades this account. */
  readonly alone: (uid: string) => void;
  /** Aborted before the loop stands, nothing is opened. */
  readonly givenUp: AbortSignal;
  readonly found: (finding: Finding) => void;
  /** What was found may pass (`mayPass` of okx/start.ts): it is looked at again in so long. */
  readonly lookingAgain: (inMs: number) => void;
  readonly warn: (message: string) => void;
  readonly thought: (event: CoreEvent, decisions: readonly Decision[], registry: Registry) => void;
  /** The journal failed: nothing is decided or sent any more; stops stand on the exchange. */
  readonly failed: (error: unknown) => void;
}

export interface Bot {
  readonly registry: Registry;
  readonly loop: Loop;
  /** The exchange's time as we know it. */
  nowMs(): number;
  /** Rows that the journal held; 0 of a new one. */
  readonly recoveredRows: number;
  /** A journal had stood at its path and is gone: this one is new. */
  readonly journalLost: boolean;
  /** Rows after which the journal held a state that is damaged: it was passed over. */
  readonly damagedStates: readonly number[];
  /** What the configuration says otherwise than when this journal's bot was started last. */
  readonly changed: readonly ChangedSetting[];
  /** Symbols to which the exchange has given another grid since the journal was written. */
  readonly gridsTaken: readonly GridTaken[];
  /** Symbols that are neither configured nor listed any more: what the journal held of them is given up. */
  readonly delisted: readonly string[];
  readonly isConnected: boolean;
  /**
   * Calls back what would still grow, and waits a moment until that is done and what was filled meanwhile has its stop; then saves and disconnects. A loop that
   * has failed gives nothing a stop any more, nor is anything saved.
   * Positions and stops stay; the exchange cancels the other orders within half a minute.
   */
  leave(): Promise<void>;
}

/** So long a bot that is stopped waits for its last answers, as long as a stop may take to stand (reliability.md R8). */
const LEAVE_MS = 3_000;
const LEAVE_LOOK_MS = 20;
/** Fills and funding are asked for again from so long before the last reading, for lists lag; the core knows those it has. */
const FILLS_OVERLAP_MS = 3_600_000;
const FUNDING_OVERLAP_MS = 60_000;
const ARCHIVE = { rowsMax: 200_000, bytesMax: 256 * 1024 * 1024, segmentRows: 50_000 };

/**
 * @returns undefined where it was given up, or a finding is bad, and stays so where it may pass: nothing was opened
 * @throws what `alone` throws. @throws {JournalError} `other-account`, `corrupt` and the like
 * @throws {LeftOutError} where the configuration lacks a symbol that the journal still has something of
 */
export async function startBot(settings: BotSettings): Promise<Bot | undefined> {
  const { access, givenUp } = settings;
  const looking = new AbortController();
  const giveUp = () => looking.abort();
  givenUp.addEventListener('abort', giveUp);
  const rest = restOf(access, steadyNowMs, looking.signal);
  const ready = await lookUntilReady(settings, rest);
  // From here on what is asked for is wanted: a bot that is told to end calls its orders back first.
  givenUp.removeEventListener('abort', giveUp);
  if (ready === undefined || givenUp.aborted) return undefined;
  settings.alone(ready.uid);
  const journal = openBotJournal(settings, ready, () => rest.exchangeNowMs());
  try {
    const delisted = new Set<string>();
    for (;;) {
      try {
        return begin({ settings, rest, ready, journal }, delisted);
      } catch (error) {
        if (!(error instanceof LeftOutError) || delisted.has(error.instId)) throw error;
        if (!(await isDelisted(rest, error.instId))) throw error;
        delisted.add(error.instId);
      }
    }
  } catch (error) {
    journal.close();
    throw error;
  }
}

async function lookUntilReady({ access, config, givenUp, found, lookingAgain }: BotSettings, rest: Rest) {
  if (givenUp.aborted) return undefined;
  const tell = (finding: Finding) => {
    if (!givenUp.aborted) found(finding);
  };
  const look = () => checkStart(rest, access.origin, config.symbols, tell);
  const { ready } = await lookPatiently(look, ({ findings }) => mayPass(findings), lookingAgain, givenUp);
  return ready;
}

/** What a bot stands on once exchange and journal can be had. */
interface Ground {
  readonly settings: BotSettings;
  readonly rest: Rest;
  readonly ready: Ready;
  readonly journal: JournalWriter;
}

/** @throws {LeftOutError} */
function begin(ground: Ground, delisted: ReadonlySet<string>): Bot {
  const { settings, rest, ready, journal } = ground;
  const registry = newRegistry({
    run: journal.meta.orderRun,
    policy: policyAt(settings.config.policy, ready),
    instruments: ready.instruments,
    balance: ready.balance,
    traced: true,
    ready: false,
    delisted,
  });
  const recoveredRows = journal.lastSeq;
  const recovered = recoveredRows === 0 ? undefined : recover(registry, journal);
  const { seq: startSeq, changed } = noteStart(journal, registry, rest.exchangeNowMs(), settings.config);
  const parts = partsOf(ground, registry, recovered?.snapshotSeq ?? startSeq);
  parts.exchange.start();
  parts.feed.start();
  parts.fees.start();
  return {
    registry,
    loop: parts.loop,
    nowMs: () => rest.exchangeNowMs(),
    recoveredRows,
    journalLost: journal.opened.predecessorLost,
    damagedStates: journal.opened.unreadableSnapshots,
    changed,
    gridsTaken: recovered?.gridsTaken ?? [],
    delisted: [...delisted],
    get isConnected() {
      return parts.exchange.isConnected;
    },
    leave: () => leave(ground, registry, parts),
  };
}

interface Parts {
  readonly loop: Loop;
  readonly exchange: OkxExchange;
  readonly feed: OkxFeed;
  readonly fees: FeeWatch;
}

type Hear = (event: CoreEvent) => void;

/** The parts of a bot, none of them started: each says what it hears to the loop, which has the exchange do what was decided. */
function partsOf(ground: Ground, registry: Registry, snapshotSeq: number): Parts {
  const hear = (event: CoreEvent) => {
    if (doubtsInstrument(event)) feed.doubtInstruments();
    if (event.kind === 'instrument') {
      // What waits comes before it: an order that it leads to is one of the instrument as it was, and the adapter holds it back.
      loop.drain();
      exchange.hearInstrument(event);
    }
    loop.hear(event);
  };
  const exchange: OkxExchange = exchangeOf(ground, registry, hear, (instId) => feed.knowsInstrument(instId));
  const feed: OkxFeed = feedOf(ground, registry, hear);
  const fees = feeWatchOf(ground, hear);
  const { settings, journal } = ground;
  const loop: Loop = new Loop({
    registry,
    exchange,
    journal,
    clock: steadyClock(),
    limits: LOOP_LIMITS,
    snapshotSeq,
    witness: { thought: settings.thought, warn: (error) => settings.warn(String(error)) },
    failed: settings.failed,
  });
  return { loop, exchange, feed, fees };
}

/** Knows what the journal knows of its orders and trades. */
function exchangeOf(
  { settings, rest, ready, journal }: Ground,
  registry: Registry,
  hear: Hear,
  knowsInstrument: (instId: string) => boolean,
): OkxExchange {
  const { createdAtMs, orderRun } = journal.meta;
  // Not since the last event: prices are heard beside fills and funding that are not.
  const readAtMs = Math.max(createdAtMs, registry.readAt);
  const exchange = new OkxExchange({
    rest,
    key: settings.access.key,
    wsUrl: settings.access.wsUrl,
    run: orderRun,
    instruments: ready.instruments,
    hear,
    warn: settings.warn,
    random: Math.random,
    knowsInstrument,
    fillsSinceMs: Math.max(createdAtMs, readAtMs - FILLS_OVERLAP_MS),
    fundingSinceMs: Math.max(createdAtMs, readAtMs - FUNDING_OVERLAP_MS),
  });
  exchange.adopt(
    registry.orders.values(),
    registry.symbols.flatMap(({ instrument: { instId }, tradesSeen }) =>
      tradesSeen.oldestFirst().map((tradeId) => ({ instId, tradeId })),
    ),
  );
  return exchange;
}

function feedOf({ settings, rest, ready }: Ground, registry: Registry, hear: Hear): OkxFeed {
  const { access, warn } = settings;
  return new OkxFeed({
    rest,
    isDemo: access.isDemo,
    wsUrl: access.wsUrl,
    instruments: ready.instruments,
    hear,
    warn,
    random: Math.random,
    lastMinute: (instId) => lastMinuteOf(registry, instId),
    historyMinutes: HISTORY_MINUTES,
    isUrgent: (instId, markTicks) => {
      const symbol = registry.byInstId.get(instId);
      return symbol !== undefined && (markTicks <= symbol.watchBelowTicks || markTicks >= symbol.watchAboveTicks);
    },
  });
}

function feeWatchOf({ settings, rest, ready }: Ground, hear: Hear): FeeWatch {
  return new FeeWatch({
    rest,
    groups: ready.feeGroups,
    hear: ({ maker, taker }) =>
      hear({ kind: 'fee-rates', at: rest.exchangeNowMs(), maker: formatDecimal(maker), taker: formatDecimal(taker) }),
    warn: settings.warn,
  });
}

/** As {@link Bot.leave}. */
async function leave({ rest, journal }: Ground, registry: Registry, { loop, exchange, feed, fees }: Parts) {
  if (loop.state === 'running') {
    loop.hear({ kind: 'operator', at: rest.exchangeNowMs(), command: { do: 'leave', by: 'operator' } });
    loop.drain();
    await within(LEAVE_MS, () => loop.state !== 'running' || !isUnsettled(registry));
  }
  if (loop.state === 'failed') await callBack(registry, exchange);
  feed.close();
  fees.close();
  loop.stop();
  exchange.close();
  journal.close();
}

/**
 * A loop that has failed decides nothing any more: what would still grow is called back, which no row has to say first. How it ended the next start reads.
 */
async function callBack({ orders }: Registry, exchange: OkxExchange): Promise<void> {
  for (const { order } of orders.values()) if (!order.reduceOnly) exchange.cancel(order.instId, order.clientId);
  await delay(LEAVE_LOOK_MS);
  await within(LEAVE_MS, () => !exchange.isBusy);
}

/** An entry that fills after we have gone has no stop until the next start: nobody would place it. */
async function within(ms: number, isDone: () => boolean): Promise<void> {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt && !isDone()) await delay(LEAVE_LOOK_MS);
}

/** Something may still grow, is open without a stop that the exchange has confirmed, or is closed and its stop still sleeps there: nobody cancels that one. */
function isUnsettled({ symbols }: Registry): boolean {
  return symbols.some((symbol) => {
    const { position, orders } = symbol;
    return isUncovered(symbol) || orders.some(({ order }) => !order.reduceOnly || position === undefined);
  });
}

function openBotJournal({ journalPath, lock }: BotSettings, ready: Ready, now: () => number): JournalWriter {
  return openJournal(journalPath, { accountUid: ready.uid, run: newRun(), now, archive: ARCHIVE, lock });
}

/** Costs are reckoned with the account's own rates. */
function policyAt(policy: Policy, { feeRates }: Ready): Policy {
  return { ...policy, execution: { ...policy.execution, feeRates } };
}

/** What holds from here on, and of a new journal the state it begins with. */
function noteStart(journal: JournalWriter, registry: Registry, atMs: number, config: Config) {
  const isNew = journal.lastSeq === 0;
  const before = journal.lastNote();
  const noted = noteStarted(journal, registry, config, atMs, before && startedIn(before));
  if (isNew) journal.snapshot(noted.seq, encodeState(saveRegistry(registry)));
  journal.commit();
  return noted;
}

function lastMinuteOf(registry: Registry, instId: string): number | undefined {
  const minute = registry.byInstId.get(instId)?.series.openMinute ?? -1;
  return minute < 0 ? undefined : minute;
}
