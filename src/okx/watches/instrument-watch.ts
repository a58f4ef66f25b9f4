/**
 * Instruments while the bot runs: suspended, on another grid, or with other limits of order size and leverage. Source: okx-v5.md §0, §1.6, §4.3; decisions 0024, 0027.
 *
 * OKX says so in channel `instruments`, changes alone: what was said while nobody listened is read by REST, at the start, after the public
 * connection was away, now and then all the same, and where an order was refused with a code that may mean it. Each instrument is told once a life,
 * and again where something is another than told. Until it was read or pushed since the connection stands, nobody knows what it is now.
 *
 * One whose grid has changed stays changed for this life, whatever is said next: prices and sizes are counted in the grid of the start. Its contract, in
 * which money is counted, is told as it is now, also where it is the start's again.
 */

import type { GridChange, InstrumentSaid } from '../../core/event.ts';
import { type Instrument, type InstrumentLimits, type TierSaid, tierSaid } from '../../core/instrument/instrument.ts';
import {
  compareDecimals,
  type Decimal,
  decimal,
  decimalOf,
  formatDecimal,
  multiplyDecimals,
} from '../../core/numbers/decimal.ts';
import { lots } from '../../core/numbers/units.ts';
import type { Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { untradable } from '../instrument.ts';
import { wholeLots } from '../numbers.ts';
import { isPayloadFault } from '../payload-fault.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Instrument as InstrumentRow } from '../wire/instrument.ts';
import { Due } from './due.ts';

export interface InstrumentWatchOptions {
  readonly rest: Rest;
  readonly instruments: readonly Instrument[];
  readonly hear: (event: InstrumentSaid) => void;
  readonly warn: (message: string) => void;
}

/** Read all the same, should a push have been lost. */
const READ_EVERY_MS = 600_000;
const READ_AGAIN_MS = 10_000;
/** While something waits for it. */
const READ_UNKNOWN_MS = 2_000;
/** While one of ours is not in it. */
const READ_MISSING_MS = 60_000;

interface Watched {
  readonly of: Instrument;
  changes: readonly GridChange[];
  /** As it was said last. */
  contract: Decimal;
  limits: InstrumentLimits;
  /** Why it is not traded; undefined: it is. */
  stopped: string | undefined;
  /** It was read, or pushed, since the connection stands. */
  isKnown: boolean;
  /** Lists in a row that have lacked it. */
  missing: number;
  /** As it was told last; empty before. */
  told: string;
}

export class InstrumentWatch {
  readonly #options: InstrumentWatchOptions;
  readonly #watched: ReadonlyMap<string, Watched>;
  readonly #due = new Due(READ_EVERY_MS, READ_AGAIN_MS);
  /** On which changes are heard; undefined: they are not. */
  #connection: object | undefined;
  /** The one that counts: an answer to an earlier one may say what was before. */
  #reading: object | undefined;
  #isClosed = false;

  constructor(options: InstrumentWatchOptions) {
    this.#options = options;
    this.#watched = new Map(
      options.instruments.map((of) => [
        of.instId,
        {
          of,
          changes: [],
          contract: of.contractValue,
          limits: limitsAtStart(of),
          stopped: undefined,
          isKnown: false,
          missing: 0,
          told: '',
        },
      ]),
    );
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Changes are heard from now on; what was said before is read at the next look. */
  connected(): void {
    this.#connection = {};
    this.#due.now();
  }

  /** From now on changes are told to nobody. */
  lost(): void {
    this.#connection = undefined;
    for (const watched of this.#watched.values()) watched.isKnown = false;
  }

  /** Whether the instrument is as it was told. */
  knows(instId: string): boolean {
    return this.#watched.get(instId)?.isKnown === true;
  }

  /** A row of the channel. @throws `isPayloadFault` errors on figures that are none */
  hear(row: InstrumentRow): void {
    if (this.#watched.has(row.instId)) this.#due.pushed();
    this.#take(row, this.#connection);
  }

  /** Its margin tiers as they are now. Before the list was read, whether it trades is not known: told with that. */
  hearTiers(instId: string, tiers: readonly TierSaid[]): void {
    const watched = this.#watched.get(instId);
    if (watched === undefined) return;
    const before = watched.limits.tiers ?? watched.of.tiers.map(tierSaid);
    if (JSON.stringify(tiers) === JSON.stringify(before)) return;
    watched.limits = { ...watched.limits, tiers };
    if (watched.told !== '') this.#tell(watched);
  }

  #take(row: InstrumentRow, connection: object | undefined): void {
    const watched = this.#watched.get(row.instId);
    if (watched === undefined) return;
    // Figures that are none say that it may be another one.
    watched.isKnown = false;
    watched.missing = 0;
    const why = untradable(row);
    const state = why?.code === 'not-live' ? (why.state ?? 'unknown') : why?.code;
    const changes = gridChanges(row, watched.of);
    const contract = contractOf(row) ?? watched.contract;
    if (isSame(contract, watched.of.contractValue) && !isSame(contract, watched.contract))
      changes.push({ of: 'contract', was: formatDecimal(watched.contract), is: formatDecimal(contract) });
    watched.contract = contract;
    watched.limits = limitsIn(row, watched.of, watched.limits);
    this.#hear(watched, changes, state, connection);
  }

  /** An order was refused with a code that may mean it: the list is read at the next look. */
  missed(): void {
    this.#due.now();
  }

  /** Reads the list where that is due. Called often. */
  look(): void {
    if (this.#due.take()) void this.#read();
  }

  async #read(): Promise<void> {
    const { rest, warn } = this.#options;
    const connection = this.#connection;
    const reading = {};
    this.#reading = reading;
    const answer = await rest.get(endpoints.instruments, { instType: 'SWAP' });
    if (this.#isClosed || this.#reading !== reading) return;
    if (answer.kind === 'fault') {
      this.#due.failed(this.#isAwaited ? READ_UNKNOWN_MS : READ_AGAIN_MS);
      return warn(`instruments: ${told(answer.fault)}`);
    }
    if (this.#due.isOvertaken) return;
    // OKX has swaps: a list without any says nothing of ours.
    if (answer.rows.length === 0 && answer.faults.length === 0) {
      this.#due.failed();
      return warn('instruments: the list is empty');
    }
    for (const [instId, watched] of this.#watched) {
      const row = answer.rows.find((each) => each.instId === instId);
      if (row !== undefined) this.#hearListed(row, connection);
      // One that cannot be read may be the one that is missing.
      else if (answer.faults.length === 0) this.#hearMissing(watched, connection);
    }
    for (const { reason } of answer.faults) warn(`an instrument of the list cannot be read: ${reason}`);
    const missing = Math.max(...[...this.#watched.values()].map((watched) => watched.missing));
    if (this.#isAwaited) this.#due.failed(READ_UNKNOWN_MS);
    else if (missing > 0) this.#due.failed(missing === 1 ? READ_AGAIN_MS : READ_MISSING_MS);
  }

  /** One list may be short: two in a row are believed (lessons.md 7). Until then nobody knows. */
  #hearMissing(watched: Watched, connection: object | undefined): void {
    watched.missing += 1;
    watched.isKnown = false;
    if (watched.missing > 1) this.#hear(watched, [], 'not-listed', connection);
  }

  /** Nothing is added to some instrument before it was read. */
  get #isAwaited(): boolean {
    return this.#connection !== undefined && [...this.#watched.values()].some(({ isKnown }) => !isKnown);
  }

  #hearListed(row: InstrumentRow, connection: object | undefined): void {
    try {
      this.#take(row, connection);
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      this.#options.warn(`${row.instId}: ${error.message}`);
    }
  }

  /** @param connection on which changes were heard when it was said or asked for */
  #hear(
    watched: Watched,
    changes: readonly GridChange[],
    stopped: string | undefined,
    connection: object | undefined,
  ): void {
    if (connection !== undefined && connection === this.#connection) watched.isKnown = true;
    if (changes.length > 0) watched.changes = changes;
    watched.stopped = stopped;
    this.#tell(watched);
  }

  #tell(watched: Watched): void {
    const { stopped } = watched;
    const { instId } = watched.of;
    const said = {
      instId,
      ...(stopped === undefined ? {} : { stopped }),
      changes: watched.changes,
      limits: watched.limits,
    };
    const text = JSON.stringify(said);
    if (text === watched.told) return;
    watched.told = text;
    this.#options.hear({ kind: 'instrument', at: this.#options.rest.exchangeNowMs(), ...said });
  }
}

/** What of a grid is another one than at the start; what the row leaves empty has not changed. */
function gridChanges(row: InstrumentRow, of: Instrument): GridChange[] {
  const now: Readonly<Record<GridChange['of'], Decimal | undefined>> = {
    tick: figure(row.tickSz),
    lot: figure(row.lotSz),
    smallest: figure(row.minSz),
    contract: contractOf(row),
  };
  const was: Readonly<Record<GridChange['of'], Decimal>> = {
    tick: of.tickSize,
    lot: of.lotSize,
    smallest: decimalOf(of.lotSize.units * BigInt(of.lotsMin), of.lotSize.scale),
    contract: of.contractValue,
  };
  return (['tick', 'lot', 'smallest', 'contract'] as const).flatMap((part) => {
    const is = now[part];
    if (is === undefined || isSame(is, was[part])) return [];
    return [{ of: part, was: formatDecimal(was[part]), is: formatDecimal(is) }];
  });
}

function limitsAtStart({ lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax }: Instrument): InstrumentLimits {
  return { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax };
}

/** Limits as the row says them, in lots of the start's grid; what it leaves empty has not changed. At least the smallest order: a size of 0 is none. */
function limitsIn(
  { maxLmtSz, maxMktSz, lever }: Pick<InstrumentRow, 'maxLmtSz' | 'maxMktSz' | 'lever'>,
  of: Instrument,
  before: InstrumentLimits,
): InstrumentLimits {
  const most = (text: string) => lots(Math.max(of.lotsMin, wholeLots(of, text).lots));
  return {
    ...before,
    ...(maxLmtSz === '' ? {} : { lotsMaxLimitOrder: most(maxLmtSz) }),
    ...(maxMktSz === '' ? {} : { lotsMaxMarketOrder: most(maxMktSz) }),
    ...(lever === '' ? {} : { leverageMax: Number(lever) }),
  };
}

function isSame(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) === 0;
}

function figure(text: string): Decimal | undefined {
  return text === '' ? undefined : decimal(text);
}

function contractOf({ ctVal, ctMult }: InstrumentRow): Decimal | undefined {
  const value = figure(ctVal);
  const multiplier = figure(ctMult) ?? decimal('1');
  return value && multiplyDecimals(value, multiplier);
}
