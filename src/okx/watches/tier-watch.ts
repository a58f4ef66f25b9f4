/**
 * Margin tiers while the bot runs. Source: okx-v5.md §1.6.
 *
 * OKX changes them without a word on any channel, so they are read: where the connection was away, where an order was refused with a code that may mean
 * it, and once an hour all the same; one instrument after the other, as the limit of these questions allows.
 */
import type { Instrument, TierSaid } from '../../core/instrument/instrument.ts';
import type { Answer, Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { familyOf, tiersOf } from '../instrument.ts';
import { isPayloadFault } from '../payload-fault.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { PositionTier } from '../wire/position-tier.ts';
import { Due } from './due.ts';

export interface TierWatchOptions {
  readonly rest: Rest;
  readonly instruments: readonly Instrument[];
  readonly hear: (instId: string, tiers: readonly TierSaid[]) => void;
  readonly warn: (message: string) => void;
}

const READ_EVERY_MS = 3_600_000;
/** After a fault, and least time between two readings of which a refusal asks for the second. */
const READ_AGAIN_MS = 60_000;
/** A slot comes when it comes. */
const WAIT_MS = 60_000;

/** Of isolated margin. */
export function readTiers(rest: Rest, families: readonly string[], waitMsMax?: number): Promise<Answer<PositionTier>> {
  return rest.get(
    endpoints.positionTiers,
    { instType: 'SWAP', tdMode: 'isolated', instFamily: families.join(',') },
    waitMsMax,
  );
}

/** So many families OKX takes in one question. */
export const FAMILIES_MOST = 5;

export class TierWatch {
  readonly #options: TierWatchOptions;
  readonly #due = new Due(READ_EVERY_MS, READ_AGAIN_MS);
  #isReading = false;
  #isClosed = false;

  constructor(options: TierWatchOptions) {
    this.#options = options;
    // The start has just read them.
    this.#due.take();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Nobody has listened for a while: they are read at the next look. */
  missed(): void {
    this.#due.now();
  }

  /** An order was refused with a code that may mean them. */
  doubted(): void {
    this.#due.doubted();
  }

  /** Reads where that is due. Called often. */
  look(): void {
    if (!this.#isReading && this.#due.take()) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    for (const of of this.#options.instruments) {
      const answer = await readTiers(this.#options.rest, [familyOf(of)], WAIT_MS);
      if (this.#isClosed) return;
      const failed = this.#take(of, answer);
      if (failed === undefined) continue;
      this.#options.warn(`margin tiers of ${of.instId}: ${failed}`);
      this.#due.failed();
      // A line that is dead says so once.
      if (answer.kind === 'fault' && answer.fault.class !== 'refused') break;
    }
    this.#isReading = false;
  }

  /** @returns why they are none */
  #take(of: Instrument, answer: Answer<PositionTier>): string | undefined {
    if (answer.kind === 'fault') return told(answer.fault);
    const [unread] = answer.faults;
    if (unread !== undefined || answer.rows.length === 0) return unread?.reason ?? 'the list is empty';
    try {
      this.#options.hear(of.instId, tiersOf(answer.rows, of));
      return undefined;
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      return error.message;
    }
  }
}
