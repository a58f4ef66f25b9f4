/**
 * What the bot does where the exchange does not trade an instrument, or is in maintenance: what it tells, calls back, keeps, and how often it asks
 * (decisions 0027, 0028). Which that is, the checks' own books say (halts.ts).
 */
import type { Alert, Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import { type Approved, partsOfClientId } from '../../src/core/orders/order.ts';
import type { Registry, SymbolState } from '../../src/core/registry.ts';
import { INSTRUMENT_CODES } from '../../src/okx/untradable.ts';
import type { Halts } from './halts.ts';

/** What reduces is tried once a minute where the exchange does not trade; a reading has to come for it, every quarter of one. */
export const TRIED_MS = 60_000 + 15_000;
/** Noes within a minute there: to a stop and a close, before it is heard and after, and again where something has changed. */
const NOES_MOST = 12;

export interface StandstillSettings {
  readonly instruments: readonly Instrument[];
  readonly nowMs: () => number;
  /** As in checks.ts. */
  readonly hadMs: () => number;
}

export class Standstill {
  readonly #instruments: readonly Instrument[];
  readonly #nowMs: () => number;
  readonly #hadMs: () => number;
  readonly #halts: Halts;
  readonly #violated: (invariant: string, detail: string) => void;
  /** By instrument that is not traded as ever, as far as the bot has heard: why, when in the time that the bot had it was last asked to reduce, and the noes to it. */
  readonly #stopped: ({ readonly why: string; triedAt: number; noes: No[] } | undefined)[];

  constructor(
    { instruments, nowMs, hadMs }: StandstillSettings,
    halts: Halts,
    violated: (invariant: string, detail: string) => void,
  ) {
    this.#instruments = instruments;
    this.#nowMs = nowMs;
    this.#hadMs = hadMs;
    this.#halts = halts;
    this.#violated = violated;
    this.#stopped = instruments.map(() => undefined);
  }

  /** The bot has thought about an event that the halts have heard. */
  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    this.#checkKept(event, decisions);
    this.#checkRecalled(event, registry);
    this.#countTries(event, decisions, registry);
  }

  /** That an instrument stops, or maintenance is planned, begins or is over, is told at once; before the halts hear of it. */
  isTold(event: CoreEvent, decisions: readonly Decision[]): void {
    for (const news of this.#halts.newsOf(event))
      if (!decisions.some((each) => each.kind === 'alert' && (each.instId === news || each.message.includes(news))))
        this.#violated('a person is told what the exchange says of itself', `${event.kind} ${news}`);
  }

  /** A stop goes once another one is confirmed in its stead; where nothing is traded what stands stays, for nothing would be taken in its stead. */
  #checkKept(event: CoreEvent, decisions: readonly Decision[]): void {
    if (event.kind !== 'order-amended') return;
    const placed = decisions.flatMap((each) => (each.kind === 'place' ? [each.order] : []));
    for (const decision of decisions) {
      if (decision.kind !== 'cancel' || decision.because !== 'it would not be amended') continue;
      const { clientId, instId } = decision;
      const { role, position, attempt = 0 } = partsOfClientId(clientId) ?? {};
      if (role !== 'rung' && this.#halts.stopped(instId) !== undefined)
        this.#violated('what stands is not called back where nothing is traded', clientId);
      const isNext = (each: Approved) =>
        each.role === 'stop' && each.position === position && each.attempt === attempt + 1;
      if (role === 'stop' && placed.some(isNext))
        this.#violated('a stop is not called back before the next one is confirmed', clientId);
    }
  }

  /** Of an instrument that stops, and of all in maintenance, what would grow is called back in the same thought. */
  #checkRecalled(event: CoreEvent, registry: Registry): void {
    if (event.kind !== 'instrument' && event.kind !== 'maintenance') return;
    for (const [clientId, { order, state }] of registry.orders) {
      if (order.reduceOnly || state === 'ending') continue;
      const isOfIt = event.kind === 'maintenance' || event.instId === order.instId;
      const because =
        event.kind === 'maintenance' ? this.#halts.maintenance(registry.now) : this.#halts.stopped(order.instId);
      if (isOfIt && because !== undefined)
        this.#violated('what would grow is called back where nothing may be added', `${clientId}: ${because}`);
    }
  }

  /** What reduces is asked for now and then where the exchange does not trade, and not as fast as noes come (decision 0027). */
  #countTries(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    const [now, had] = [this.#nowMs(), this.#hadMs()];
    this.#instruments.forEach(({ instId }, index) => {
      const why = this.#halts.stopped(instId);
      if (why === undefined) return void (this.#stopped[index] = undefined);
      const before = this.#stopped[index];
      const stopped = before?.why === why ? before : { why, triedAt: before?.triedAt ?? had, noes: [] };
      this.#stopped[index] = stopped;
      const { noes } = stopped;
      // After a fill everything is tried as if for the first time.
      if (event.kind === 'filled' && event.instId === instId) noes.length = 0;
      for (const each of decisions) {
        if (each.kind === 'place' && each.order.instId === instId && isProtection(each.order)) stopped.triedAt = had;
        const position = each.kind === 'alert' && each.instId === instId ? noOfInstrument(each) : undefined;
        if (position !== undefined) noes.push({ at: now, position });
      }
      const isRead = event.kind === 'exchange-read' && registry.ready && registry.readAt === event.at;
      if (isRead && had > stopped.triedAt + TRIED_MS && isLacking(registry.byInstId.get(instId)))
        this.#violated(
          'what reduces is tried where it is not traded',
          `${instId}: not for ${had - stopped.triedAt} ms of its time`,
        );
      const last = noes.at(-1);
      const times = noes.filter(({ at, position }) => position === last?.position && at > now - 60_000).length;
      if (times < NOES_MOST) return;
      this.#violated('what is not traded is not asked for without end', `${instId}: ${times} noes in a minute`);
      noes.length = 0;
    });
  }
}

interface No {
  readonly at: number;
  readonly position: number;
}

/** The position of an order that was refused because of the instrument. */
function noOfInstrument({ facts }: Alert): number | undefined {
  if (facts?.code !== 'order-rejected' || !INSTRUMENT_CODES.has(facts.said)) return undefined;
  return partsOfClientId(facts.clientId)?.position;
}

/** What a position may lack: its target has a law of its own, everywhere (targets.ts). */
function isProtection({ role }: Approved): boolean {
  return role === 'stop' || role === 'close';
}

/** Of the position a stop, or the close that it waits for, is not even asked for. */
function isLacking(symbol: SymbolState | undefined): boolean {
  const { position, working, orders = [] } = symbol ?? {};
  if (position === undefined || position.leftAlone === true) return false;
  const hasStop = orders.some(({ order }) => order.role === 'stop' && order.position === position.number);
  return !hasStop || (position.closing !== undefined && working === undefined);
}
