/**
 * What the account pays, asked once for each group of instruments; costs are reckoned with the highest of them. Source: okx-v5.md §0, §1.7.
 *
 * OKX sets rates anew every day, and says so on no channel: they are read at the start and once an hour.
 */
import { type Decimal, decimal, negateDecimal } from '../../core/numbers/decimal.ts';
import { type Fault, faultOfPayload } from '../door/faults.ts';
import type { Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { familyOf } from '../instrument.ts';
import { isPayloadFault, PayloadError } from '../payload-fault.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Instrument as InstrumentRow } from '../wire/instrument.ts';
import type { TradeFee } from '../wire/trade-fee.ts';
import { Due } from './due.ts';

/** Rates paid, positive; a rebate is negative. */
export interface FeeRates {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** Instruments that pay the same, by the first of them. */
export interface FeeGroup {
  readonly instId: string;
  readonly family: string;
  /** Undefined before OKX had groups. */
  readonly groupId: string | undefined;
}

export function feeGroupsOf(rows: readonly InstrumentRow[]): FeeGroup[] {
  const groups = new Map<string, FeeGroup>();
  for (const row of rows) {
    const { instId, groupId } = row;
    const name = groupId ?? instId;
    if (!groups.has(name)) groups.set(name, { instId, family: familyOf(row), groupId });
  }
  return [...groups.values()];
}

export async function readFees(
  rest: Rest,
  { family, groupId }: FeeGroup,
  waitMsMax?: number,
): Promise<FeeRates | { readonly fault: Fault }> {
  const answer = await rest.get(endpoints.tradeFee, { instType: 'SWAP', instFamily: family }, waitMsMax);
  if (answer.kind === 'fault') return { fault: answer.fault };
  const [row] = answer.rows;
  if (row === undefined) return { fault: faultOfPayload('trade-fee') };
  try {
    return feeRatesOf(row, groupId);
  } catch (error) {
    if (!isPayloadFault(error)) throw error;
    return { fault: faultOfPayload(error.message) };
  }
}

/** The account's rates for an instrument: its group's, before 2025-11 those of USDT-margined swaps. @throws {PayloadError} where none is given */
export function feeRatesOf(row: TradeFee, groupId: string | undefined): FeeRates {
  const group = row.feeGroup?.find((each) => each.groupId === groupId);
  for (const [maker, taker] of [
    [group?.maker, group?.taker],
    [row.makerU, row.takerU],
    [row.maker, row.taker],
  ])
    if (maker !== undefined && maker !== '' && taker !== undefined && taker !== '')
      return { maker: paidRate(maker), taker: paidRate(taker) };
  throw new PayloadError('trade-fee gave no rates');
}

/** Ten times what anybody pays for swaps is no rate: liquidations that are reckoned with it would close whatever is open. */
function paidRate(text: string): Decimal {
  const rate = decimal(text);
  if (Math.abs(rate.approx) > RATE_MOST)
    throw new PayloadError(`trade-fee gave ${text} as a share of the value: that is no fee rate`);
  return negateDecimal(rate);
}

const RATE_MOST = 0.01;

/** Undefined of none. */
export function highestRates(all: readonly FeeRates[]): FeeRates | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const highest = (name: keyof FeeRates) =>
    all.reduce((most, each) => (each[name].approx > most.approx ? each[name] : most), first[name]);
  return { maker: highest('maker'), taker: highest('taker') };
}

export interface FeeWatchOptions {
  readonly rest: Rest;
  readonly groups: readonly FeeGroup[];
  /** Every reading that is whole, whatever was heard before. */
  readonly hear: (rates: FeeRates) => void;
  readonly warn: (message: string) => void;
  /** From one reading to the next; an hour unless said otherwise. */
  readonly everyMs?: number;
}

const READ_EVERY_MS = 3_600_000;
const READ_AGAIN_MS = 60_000;
const LOOK_EVERY_MS = 10_000;
/** A slot comes when it comes. */
const WAIT_MS = 60_000;

export class FeeWatch {
  readonly #options: FeeWatchOptions;
  readonly #due: Due;
  #timer: NodeJS.Timeout | undefined;
  #isReading = false;
  #isClosed = false;

  constructor(options: FeeWatchOptions) {
    this.#options = options;
    const { everyMs = READ_EVERY_MS } = options;
    this.#due = new Due(everyMs, Math.min(everyMs, READ_AGAIN_MS));
    // The start has just read them.
    this.#due.take();
  }

  start(): void {
    const { everyMs = READ_EVERY_MS } = this.#options;
    this.#timer = setInterval(() => this.#look(), Math.min(everyMs, LOOK_EVERY_MS));
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#isReading && this.#due.take()) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const { rest, groups, hear, warn } = this.#options;
    const all: FeeRates[] = [];
    for (const group of groups) {
      const read = await readFees(rest, group, WAIT_MS);
      if (this.#isClosed) return;
      if ('fault' in read) {
        warn(`fee rates of ${group.instId}: ${told(read.fault)}`);
        this.#due.failed();
        break;
      }
      all.push(read);
    }
    this.#isReading = false;
    const rates = all.length === groups.length ? highestRates(all) : undefined;
    if (rates !== undefined) hear(rates);
  }
}
