/**
 * How an order stands, asked of the exchange: told only where it is proven. Evidence is another file's (evidence.ts); here it waits for the moment
 * after which it proves what it says. Source: reliability.md "No double orders" (3, 4).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { DAY_MS } from '../../core/market/candle.ts';
import { lots } from '../../core/numbers/units.ts';
import type { Fault } from '../door/faults.ts';
import { TOO_LONG } from '../door/pages.ts';
import type { Rest } from '../door/rest.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import type { ExchangeLimits } from './exchange-options.ts';
import type { Fills } from './fills.ts';
import type { OrderKind, OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

export interface LookUpOptions {
  readonly rest: Rest;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly limits: ExchangeLimits;
  readonly lives: OrderLives;
  readonly telling: Telling;
  readonly fills: Fills;
  readonly fillsSinceMs: number;
}

const BIRTH_OFF_MS = 60_000;
/** Longer than this nobody waits for a proof; the loop asks again. */
const WAIT_FOR_PROOF_MS = 60_000;

export class LookUps {
  readonly #rest: Rest;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #limits: ExchangeLimits;
  readonly #lives: OrderLives;
  readonly #telling: Telling;
  readonly #fills: Fills;
  readonly #fillsSinceMs: number;
  /** Client ids that are being looked up, each with the look that counts. */
  readonly #looking = new Map<string, object>();
  /** Client ids of which that was told. */
  readonly #tooLong = new Set<string>();
  #startedAtMs = 0;

  constructor({ rest, instruments, limits, lives, telling, fills, fillsSinceMs }: LookUpOptions) {
    this.#rest = rest;
    this.#instruments = instruments;
    this.#limits = limits;
    this.#lives = lives;
    this.#telling = telling;
    this.#fills = fills;
    this.#fillsSinceMs = fillsSinceMs;
  }

  /** Orders of an earlier process had been sent by this moment of the exchange's clock. */
  start(atMs: number): void {
    this.#startedAtMs = atMs;
  }

  /**
   * Asks how an order stands. `takenByMs`: the core asks; it hears whatever was told before, and absence or an amendment not carried out once that
   * can no more come. Absent: only what is new is told.
   */
  async lookUp(clientId: string, instId: string, kind: OrderKind, takenByMs?: number): Promise<void> {
    const of = this.#instruments.get(instId);
    if (of === undefined || this.#looking.has(clientId)) return;
    // In line still (stop-line.ts): nobody there knows of it, and its own answer will say how the order stands.
    if (this.#lives.get(clientId)?.amending?.expiresAtMs === Number.POSITIVE_INFINITY) return;
    const look = {};
    this.#looking.set(clientId, look);
    const counts = () => this.#looking.get(clientId) === look;
    try {
      // While it is on its way it may still arrive.
      await this.#lives.get(clientId)?.placing;
      if (!counts()) return;
      // Twice at most: what may still arrive is asked for once more when it no longer may.
      for (const isLast of [false, true]) {
        const askedAtMs = this.#rest.exchangeNowMs();
        const sinceMs = this.#sinceMs(clientId);
        const evidence = await evidenceOf(this.#rest, { clientId, instId, kind, sinceMs }, of);
        if (!counts()) return;
        const provenAfterMs = this.#provenAfterMs(evidence, clientId, takenByMs);
        if (askedAtMs > provenAfterMs) {
          if (evidence.kind === 'nothing') return this.#foundNothing(clientId, takenByMs !== undefined);
          return await this.#tellEvidence(clientId, instId, evidence, takenByMs !== undefined);
        }
        const waitMs = provenAfterMs - this.#rest.exchangeNowMs() + 1;
        if (takenByMs === undefined || isLast || waitMs > WAIT_FOR_PROOF_MS) return;
        await delay(Math.max(1, waitMs));
      }
    } finally {
      if (counts()) this.#looking.delete(clientId);
    }
  }

  /** The connections are back: looks of before may wait for answers that never come, and count no more. Whoever still wants to know asks again. */
  giveUp(): void {
    this.#looking.clear();
  }

  /** An order's traces are searched for no further back than its birth, which no clock of ours can have missed by more: OKX takes none that is 30 s off. */
  #sinceMs(clientId: string): number {
    const bornAtMs = this.#lives.get(clientId)?.bornAtMs;
    return Math.max(0, bornAtMs === undefined ? this.#longAgoMs() : bornAtMs - BIRTH_OFF_MS);
  }

  /** Of an order that nobody here has sent. */
  #longAgoMs(): number {
    return Math.min(this.#fillsSinceMs, this.#startedAtMs - DAY_MS);
  }

  /**
   * What was asked for after this moment of the exchange's clock proves what it says: an order that is nowhere never will be, one that does not
   * show its amendment never will. Any other evidence stands by itself.
   */
  #provenAfterMs(evidence: Evidence, clientId: string, takenByMs: number | undefined): number {
    const life = this.#lives.get(clientId);
    if (evidence.kind === 'nothing') {
      const expiresAtMs = life?.expiresAtMs ?? this.#startedAtMs + this.#limits.orderLifeMs;
      if (expiresAtMs === Number.NEGATIVE_INFINITY) return expiresAtMs;
      return Math.max(expiresAtMs, takenByMs ?? 0) + this.#clockErrorMs();
    }
    const amending = life?.amending;
    if (evidence.kind !== 'living' || amending === undefined) return Number.NEGATIVE_INFINITY;
    const shows = (now: number, asked: number | undefined) => asked === undefined || now === asked;
    const isAmended = shows(evidence.ticks, amending.ticks) && shows(evidence.sizeLots, amending.sizeLots);
    return isAmended ? Number.NEGATIVE_INFINITY : amending.expiresAtMs + this.#clockErrorMs();
  }

  /** How far our idea of the exchange's clock may be off: an expiry of ours that has passed here has passed there so much later. */
  #clockErrorMs(): number {
    return Math.max(this.#limits.clockErrorMs, this.#rest.clockUncertaintyMs);
  }

  async #tellEvidence(
    clientId: string,
    instId: string,
    evidence: Exclude<Evidence, { kind: 'nothing' }>,
    isAsked: boolean,
  ): Promise<void> {
    if (evidence.kind === 'unanswered') {
      if (evidence.fault.code === TOO_LONG) this.#tellTooLong(clientId, instId, evidence.fault);
      return this.#telling.unanswered(evidence.fault);
    }
    const { filledLots, ordId } = evidence;
    if (filledLots > (this.#lives.get(clientId)?.filledLots ?? 0)) await this.#fills.tellOf(clientId, instId, ordId);
    const at = this.#telling.now();
    if (evidence.kind === 'living') {
      if (isAsked) this.#lives.standing(clientId, evidence.ticks, evidence.sizeLots, at);
      else this.#lives.accepted(clientId, at);
    } else if (isAsked) this.#lives.endedAsAsked(clientId, filledLots, evidence.cause, at);
    else this.#lives.ended(clientId, filledLots, evidence.cause, at);
  }

  /** Nothing else says so: what is unknown is asked for again and again. */
  #tellTooLong(clientId: string, instId: string, fault: Fault): void {
    if (this.#tooLong.has(clientId)) return;
    this.#tooLong.add(clientId);
    this.#telling.odd(
      `what became of order ${clientId} of ${instId} cannot be found out (${fault.message}): until it can, it counts as filled and nothing is added to ${instId}; give this bot a sub-account of its own`,
    );
  }

  /** Past its expiry an order that is nowhere never lived; one that had lived was cancelled without a fill, and the exchange has forgotten it. */
  #foundNothing(clientId: string, isAsked: boolean): void {
    if (this.#lives.get(clientId)?.accepted === true)
      this.#lives.ended(clientId, lots(0), 'not-listed', this.#telling.now());
    else if (isAsked) this.#lives.absent(clientId, this.#telling.now());
  }
}
