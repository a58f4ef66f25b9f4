/**
 * Fills and funding as the exchange lists them, told once each: since the last time, of one order, or as they are pushed. Source: okx-v5.md §1.8, §3.5.
 *
 * Beside that the position that they add up to since the last reading: one that was pushed and is another has no explanation yet.
 */
import type { Filled, PositionReading } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { type Money, money } from '../../core/numbers/units.ts';
import type { Fault } from '../door/faults.ts';
import { type Listed, listAll, TOO_LONG } from '../door/pages.ts';
import type { Rest } from '../door/rest.ts';
import { reversed, UnansweredError } from '../door/verdict.ts';
import { inE8 } from '../numbers.ts';
import { isPayloadFault } from '../payload-fault.ts';
import type { Bill } from '../wire/bill.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Fill } from '../wire/fill.ts';
import type { Order } from '../wire/order.ts';
import { type FillFacts, fillName, fillOfRow, foreignCause } from './fill-facts.ts';
import type { OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

/** Fills may be listed out of order for a moment: so much of the past is asked for again. */
const OVERLAP_MS = 30_000;
const PAGES_MAX = 50;
/** What is older the exchange lists elsewhere, slower: fills after three days, bills after seven (okx-v5.md §1.7, §1.8). An hour for clocks. */
const FILLS_LISTED_MS = 71 * 3_600_000;
const BILLS_LISTED_MS = 167 * 3_600_000;

export interface FillsOptions {
  readonly rest: Rest;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly lives: OrderLives;
  readonly telling: Telling;
  /** From these moments of the exchange's clock on its lists are new to us. */
  readonly fillsSinceMs: number;
  readonly fundingSinceMs: number;
}

const PAGING = { idOf: (row: { readonly billId: string }) => row.billId, pagesMax: PAGES_MAX };
const NOTHING = { kind: 'ok', rows: [] } as const;

/** A history without end, of an account that others trade on, is not read: what it would explain is told as a difference. */
function unlessEndless<Row>(listed: Listed<Row>): Listed<Row> {
  return listed.kind === 'fault' && listed.fault.code === TOO_LONG ? NOTHING : listed;
}

export class Fills {
  readonly #rest: Rest;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #lives: OrderLives;
  readonly #telling: Telling;
  readonly #fillsSinceMs: number;
  readonly #fundingSinceMs: number;
  /** When the newest fill happened that can have no older one come after it. */
  #fromMs: number | undefined;
  /** What happened while nobody was there has all been told. */
  #hasReadAbsence = false;
  #hasReadFunding = false;
  /** Fundings told, by bill. */
  readonly #billsTold = new Set<string>();
  /** Fills that were told as such, by bill. */
  readonly #uncountable = new Set<string>();
  /** The last order that was asked for: the fills of one that is none of ours come one after the other. */
  #foreign: { readonly order: string; readonly category: Promise<Order['category']> } | undefined;
  /** Orders with cross margin: what they fill is another position than ours, and in the list of fills looks like ours. */
  readonly #leftOut = new Set<string>();
  readonly #besideGrid = new Set<string>();
  /** Signed lots by instrument: the last reading and the fills since. */
  readonly #lots = new Map<string, number>();

  constructor({ rest, instruments, lives, telling, fillsSinceMs, fundingSinceMs }: FillsOptions) {
    this.#rest = rest;
    this.#instruments = instruments;
    this.#lives = lives;
    this.#telling = telling;
    this.#fillsSinceMs = fillsSinceMs;
    this.#fundingSinceMs = fundingSinceMs;
  }

  /** Positions as they were read. */
  standAt(positions: readonly PositionReading[]): void {
    for (const { instId } of this.#instruments.values()) this.#lots.set(instId, 0);
    for (const { instId, signedLots } of positions) this.#lots.set(instId, signedLots);
  }

  /** A fill of it could not be counted: its lot is another than ours, whatever its list says; an order planned again might be a double. */
  isBesideGrid(instId: string): boolean {
    return this.#besideGrid.has(instId);
  }

  /** An order of somebody with cross margin. */
  leaveOut(instId: string, ordId: string): void {
    this.#leftOut.add(`${instId} ${ordId}`);
  }

  signedLots(instId: string): number {
    return this.#lots.get(instId) ?? 0;
  }

  /** Tells the fills since the last time; a fault where not all could be read. */
  async readNew(): Promise<Fault | undefined> {
    const fromMs = this.#hasReadAbsence ? this.#fromMs : undefined;
    const listed = fromMs === undefined ? await this.#sinceBefore() : await this.#since(fromMs);
    if (listed.kind === 'fault') return listed.fault;
    const settledMs = this.#rest.exchangeNowMs() - OVERLAP_MS;
    for (const row of listed.rows) {
      await this.#tellFill(row);
      if (Number(row.ts) < settledMs) this.#fromMs = Math.max(this.#fromMs ?? 0, Number(row.ts));
    }
    this.#hasReadAbsence = true;
    return undefined;
  }

  /** Oldest first. By time and not by `before`: whether that alone gives the nearest or the newest OKX does not say of fills. */
  async #since(fromMs: number): Promise<Listed<Fill>> {
    const cut = (rows: number) =>
      this.#telling.odd(
        `more than ${rows} fills since the last reading, others trade on this account: the newest are read; what the older ones have done shows as a difference`,
      );
    return reversed(
      await listAll(this.#rest, endpoints.fills, { instType: 'SWAP', begin: fromMs }, { ...PAGING, cut }),
    );
  }

  /** Oldest first; those that nobody lists any more, after a long absence, from the history. */
  async #sinceBefore(): Promise<Listed<Fill>> {
    const query = { instType: 'SWAP', begin: this.#fillsSinceMs };
    const recent = await this.#since(this.#fillsSinceMs);
    if (recent.kind === 'fault' || this.#hasReadAbsence) return recent;
    if (!this.#isLongAgo(this.#fillsSinceMs, FILLS_LISTED_MS)) return recent;
    const old = unlessEndless(reversed(await listAll(this.#rest, endpoints.fillsHistory, query, PAGING)));
    if (old.kind === 'fault') return old;
    // Some stand in both: each is told once.
    return { kind: 'ok', rows: [...old.rows, ...recent.rows] };
  }

  #isLongAgo(sinceMs: number, listedMs: number): boolean {
    return sinceMs < this.#rest.exchangeNowMs() - listedMs;
  }

  async readFunding(): Promise<Fault | undefined> {
    const query = { type: '8', instType: 'SWAP', begin: this.#fundingSinceMs };
    const isOldEnough = ({ billId }: { billId: string }) => this.#billsTold.has(billId);
    const listed = await listAll(this.#rest, endpoints.bills, query, { ...PAGING, isOldEnough });
    if (listed.kind === 'fault') return listed.fault;
    const isOverdue = !this.#hasReadFunding && this.#isLongAgo(this.#fundingSinceMs, BILLS_LISTED_MS);
    const old = isOverdue ? unlessEndless(await listAll(this.#rest, endpoints.billsArchive, query, PAGING)) : NOTHING;
    if (old.kind === 'fault') return old.fault;
    this.#hasReadFunding = true;
    for (const row of [...listed.rows, ...old.rows].toSorted((a, b) => Number(a.ts) - Number(b.ts))) {
      if (this.#billsTold.has(row.billId) || !this.#instruments.has(row.instId)) continue;
      this.#billsTold.add(row.billId);
      this.#telling.tell({ kind: 'funding-settled', at: Number(row.ts), instId: row.instId, amount: fundingOf(row) });
    }
    return undefined;
  }

  /** The fills of one order that the exchange has and we have not. */
  async tellOf(clientId: string, instId: string, ordId: string): Promise<void> {
    if (ordId === '') return;
    this.#lives.name(ordId, clientId, undefined);
    const listed = await listAll(
      this.#rest,
      endpoints.fills,
      { instType: 'SWAP', instId, ordId },
      { idOf: (row) => row.billId, pagesMax: PAGES_MAX },
    );
    if (listed.kind === 'fault') return this.#telling.unanswered(listed.fault);
    for (const row of listed.rows.toReversed()) await this.#tellFill(row);
  }

  async #tellFill(row: Fill): Promise<void> {
    const of = this.#instruments.get(row.instId);
    if (of === undefined) return;
    const clientId = this.#lives.name(row.ordId, row.clOrdId, undefined) ?? this.#lives.namedBefore(row.ordId);
    if (this.#lives.knows(fillName(row))) return;
    if (this.#leftOut.has(`${row.instId} ${row.ordId}`)) return;
    const cause = foreignCause('normal', row.subType);
    const fill = this.#countable(row, of);
    if (fill === undefined) {
      this.#besideGrid.add(row.instId);
      return this.#lives.filledBeside(clientId);
    }
    if (clientId !== undefined || cause !== 'foreign') return this.filled(fill, clientId, cause);
    // An order without a client id of ours: a person's, or sent by a stop of ours. The order itself says which.
    await this.tellUnnamed(fill, row.ordId, row.subType);
  }

  /** A fill that names no order of ours: the order itself says whose it is. @throws {UnansweredError} */
  async tellUnnamed(fill: FillFacts, ordId: string, subType?: string): Promise<void> {
    const order = `${fill.instId} ${ordId}`;
    if (this.#foreign?.order !== order) this.#foreign = { order, category: this.#askWhose(fill.instId, ordId) };
    const asked = this.#foreign;
    try {
      const category = await asked.category;
      if (!this.#leftOut.has(order)) this.filled(fill, this.#lives.namedBefore(ordId), foreignCause(category, subType));
    } catch (error) {
      if (this.#foreign === asked) this.#foreign = undefined;
      throw error;
    }
  }

  /** Of an order of ours its name is known from then on. @returns the order's category */
  async #askWhose(instId: string, ordId: string): Promise<Order['category']> {
    if (ordId === '') return 'normal';
    const answer = await this.#rest.get(endpoints.order, { instId, ordId });
    if (answer.kind === 'fault' && answer.fault.class !== 'gone') throw new UnansweredError(answer.fault);
    const order = answer.kind === 'ok' ? answer.rows[0] : undefined;
    if (order?.tdMode === 'cross') this.leaveOut(instId, ordId);
    const named = order && this.#lives.name(ordId, order.clOrdId, order.algoClOrdId);
    if (named === undefined)
      for (const clientId of this.#lives.sleepingStops(instId)) await this.#askStop(clientId, ordId);
    return order?.category ?? 'normal';
  }

  /** An order that a stop has sent need not bear its name (U28); the stop says which one it has sent. */
  async #askStop(clientId: string, ordId: string): Promise<void> {
    const answer = await this.#rest.get(endpoints.algoOrder, { algoClOrdId: clientId });
    if (answer.kind === 'fault') {
      if (answer.fault.class === 'gone' || answer.fault.class === 'refused') return;
      throw new UnansweredError(answer.fault);
    }
    const [row] = answer.rows;
    if (row?.ordId === ordId || row?.ordIdList?.includes(ordId) === true) this.#lives.name(ordId, clientId, undefined);
  }

  /**
   * Undefined where it cannot be counted: off a grid that has changed under us, in another coin. It is told once, and what it has done the reading shows
   * as a difference; to give the reading up for it would leave every other instrument unread, and for good.
   */
  #countable(row: Fill, of: Instrument): FillFacts | undefined {
    try {
      return fillOfRow(row, of);
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      if (!this.#uncountable.has(row.billId))
        this.#telling.odd(`fill ${row.tradeId} of ${row.instId} cannot be counted: ${error.message}`);
      this.#uncountable.add(row.billId);
      return undefined;
    }
  }

  filled(facts: FillFacts, clientId: string | undefined, cause: Filled['cause']): void {
    if (this.#lives.filled(facts, clientId, cause))
      this.#lots.set(facts.instId, this.signedLots(facts.instId) + facts.side * facts.sizeLots);
  }
}

/** Funding that a bill booked, from cash or from margin (U4): received, negative where paid. */
function fundingOf(row: Bill): Money {
  return money(inE8(decimal(row.pnl === '' ? row.balChg : row.pnl), 'down'));
}
