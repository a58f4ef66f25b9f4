/**
 * When the account is read, and which reading counts: one at a time, not too often, and again until nothing was told while it was under way. What a reading
 * is: reading.ts. Source: reliability.md; okx-v5.md §1.7–1.8.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { BesideGrid, ExchangeRead, LostBecause } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Rest } from '../door/rest.ts';
import { told, UnansweredError } from '../door/verdict.ts';
import { isPayloadFault } from '../payload-fault.ts';
import type { Errands } from './errands.ts';
import type { ExchangeLimits } from './exchange-options.ts';
import type { Fills } from './fills.ts';
import type { LookUps } from './look-ups.ts';
import type { OrderLives } from './order-lives.ts';
import { readAccount } from './reading.ts';
import type { Telling } from './telling.ts';

export interface AccountReaderOptions {
  readonly rest: Rest;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly limits: ExchangeLimits;
  readonly lives: OrderLives;
  readonly errands: Errands;
  readonly telling: Telling;
  readonly fills: Fills;
  readonly lookUps: LookUps;
  /** Why what is read now would not be the whole account; undefined where nothing is in its way. */
  readonly notWhole: () => LostBecause | undefined;
}

export class AccountReader {
  readonly #rest: Rest;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #limits: ExchangeLimits;
  readonly #lives: OrderLives;
  readonly #errands: Errands;
  readonly #telling: Telling;
  readonly #fills: Fills;
  readonly #lookUps: LookUps;
  readonly #notWhole: () => LostBecause | undefined;
  /** The one that counts, while one is under way. */
  #reading: object | undefined;
  #readBeganAt = Number.NEGATIVE_INFINITY;
  #readAgain = false;
  #contractsHeard = 0;
  /** What of each position is beside its grid, as the newest reading has told it. */
  #besideTold: ReadonlyMap<string, string> = new Map();
  #isClosed = false;

  constructor(options: AccountReaderOptions) {
    this.#rest = options.rest;
    this.#instruments = options.instruments;
    this.#limits = options.limits;
    this.#lives = options.lives;
    this.#errands = options.errands;
    this.#telling = options.telling;
    this.#fills = options.fills;
    this.#lookUps = options.lookUps;
    this.#notWhole = options.notWhole;
  }

  /** A reading that is asked for while another is under way follows it: it must not be older than the asking. */
  read(): void {
    this.#readAgain = this.#reading !== undefined;
    if (this.#reading === undefined) this.readAnew();
  }

  /** One that is under way counts no more: begun before the connections came back, it may wait for answers that never come, and a stop with it. */
  readAnew(): void {
    if (this.#isClosed) return;
    const reading = {};
    this.#reading = reading;
    const counts = () => this.#reading === reading;
    this.#errands.inBackground(async () => {
      try {
        await this.#readWhole(counts);
      } catch (error) {
        if (counts() || !(error instanceof UnansweredError || isPayloadFault(error))) throw error;
      } finally {
        if (counts()) {
          this.#reading = undefined;
          if (this.#readAgain) this.read();
        }
      }
    });
  }

  /** What a position costs is counted in another contract from now on: what was read in the old one is no moment of the new. */
  contractHeard(): void {
    this.#contractsHeard += 1;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #readWhole(counts: () => boolean): Promise<void> {
    for (let readings = 1; !this.#isClosed && counts(); readings += 1) {
      await this.#waitForReading();
      const livingBefore = this.#lives.living();
      const toldBefore = this.#telling.count + this.#contractsHeard;
      const reading = await readAccount(this.#rest, this.#instruments);
      if (reading.kind === 'failed')
        return counts()
          ? this.#telling.lost({ code: 'not-read', what: 'account', words: told(reading.fault) }, reading.fault)
          : undefined;
      // Fills are true whoever reads them: where connections come and go, each reading that is overtaken still tells them.
      const fault = (await this.#fills.readNew()) ?? (await this.#fills.readFunding());
      if (!counts()) return;
      if (fault !== undefined)
        return this.#telling.lost({ code: 'not-read', what: 'fills', words: told(fault) }, fault);
      // What was told meanwhile may or may not be in what was read: only a reading that stood still is one moment.
      if (this.#telling.count + this.#contractsHeard > toldBefore && readings < this.#limits.readingsMax) continue;
      const { besideGrid, crossMargin, ...account } = reading.account;
      const listed = new Set(account.orders.map(({ clientId }) => clientId));
      for (const life of livingBefore)
        if (!listed.has(life.clientId) && !life.ended)
          this.#errands.inBackground(() => this.#lookUps.lookUp(life.clientId, life.instId, life.kind));
      const because = this.#notWhole();
      if (because !== undefined) return this.#telling.lost(because);
      this.#fills.standAt(account.positions);
      this.#telling.tell({
        kind: 'exchange-read',
        at: this.#telling.now(),
        ...account,
        ...this.#newBeside(besideGrid),
        ...(crossMargin.length === 0 ? {} : { crossMargin }),
      });
      return;
    }
  }

  #newBeside(besideGrid: readonly BesideGrid[]): Pick<ExchangeRead, 'besideGrid'> {
    const told = this.#besideTold;
    this.#besideTold = new Map(besideGrid.map(({ instId, contracts }) => [instId, contracts]));
    const news = besideGrid.filter(({ instId, contracts }) => told.get(instId) !== contracts);
    return news.length === 0 ? {} : { besideGrid: news };
  }

  async #waitForReading(): Promise<void> {
    const waitMs = this.#readBeganAt + this.#limits.readEveryMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    this.#readBeganAt = performance.now();
  }
}
