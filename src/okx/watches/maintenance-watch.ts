/**
 * OKX's maintenance: planned, running, over. Source: okx-v5.md §1.6, §4.3; OKX's pages on GET system/status and channel `status` as of 2026-07 for the
 * services; decision 0028.
 *
 * The channel tells changes alone, so what stands in the list is read as well: at the start, after the public connection was away, now and then all the
 * same. The core is told the whole of what is planned or running whenever that is another one.
 */
import type { MaintenanceSaid, MaintenanceWindow } from '../../core/event.ts';
import type { Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { endpoints } from '../wire/endpoints.ts';
import { UNRECOGNISED } from '../wire/field.ts';
import type { SystemStatus } from '../wire/system-status.ts';
import { Due } from './due.ts';

export interface MaintenanceWatchOptions {
  readonly rest: Rest;
  /** OKX's demo has maintenance of its own. */
  readonly isDemo: boolean;
  readonly hear: (event: MaintenanceSaid) => void;
  readonly warn: (message: string) => void;
}

const READ_EVERY_MS = 600_000;
const READ_AGAIN_MS = 10_000;
/** A slot comes every five seconds; a connection that comes and goes asks sooner. */
const WAIT_MS = 6_000;

/** Services that are none of ours: block trading, trading bots, spreads, copy trading. */
const OTHERS: ReadonlySet<string> = new Set(['6', '7', '10', '11']);
/** Connections, which are made again, and single instruments, which tell it themselves (instrument-watch.ts). */
const TOLD_ALONE: ReadonlySet<string> = new Set(['0', '99']);
/** `env` of OKX: the real exchange, its demo. */
const REAL = '1';
const DEMO = '2';

export class MaintenanceWatch {
  readonly #options: MaintenanceWatchOptions;
  readonly #due = new Due(READ_EVERY_MS, READ_AGAIN_MS);
  /** By title and service; of several batches the one that runs, or the next. */
  #windows = new Map<string, MaintenanceWindow>();
  #told = '';
  /** Before that nobody knows what else is planned: what is told would end it. */
  #isRead = false;
  /** The one that counts: an answer to an earlier one may say what was before. */
  #reading: object | undefined;
  #isClosed = false;

  constructor(options: MaintenanceWatchOptions) {
    this.#options = options;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Rows of the channel. */
  hear(row: SystemStatus): void {
    this.#due.pushed();
    const known = this.#windows.get(keyOf(row));
    // Another batch of the one that runs: what that means for it the list says.
    if (known?.state === 'running' && known.begin !== beginOf(row)) return;
    this.#take(this.#windows, row);
    this.#tell();
  }

  /** What was said may have been missed: the list is read at the next look. */
  missed(): void {
    this.#due.now();
  }

  /** Reads the list where that is due. Called often. */
  look(): void {
    if (this.#due.take()) void this.#read();
  }

  async #read(): Promise<void> {
    const { rest, warn } = this.#options;
    const reading = {};
    this.#reading = reading;
    const answer = await rest.get(endpoints.status, {}, WAIT_MS);
    if (this.#isClosed || this.#reading !== reading) return;
    if (answer.kind === 'fault') {
      this.#due.failed();
      return warn(`system/status: ${told(answer.fault)}`);
    }
    if (this.#due.isOvertaken) return;
    for (const { reason } of answer.faults) warn(`a row of system/status cannot be read: ${reason}`);
    // What is planned or running is listed; a row that cannot be read may be one that we know.
    const windows = new Map(answer.faults.length === 0 ? [] : this.#windows);
    for (const row of answer.rows.toSorted(byNearness)) this.#take(windows, row);
    this.#windows = windows;
    this.#isRead = true;
    this.#tell();
  }

  #take(windows: Map<string, MaintenanceWindow>, row: SystemStatus): void {
    const { title, state, end, serviceType = '', env = '' } = row;
    if (OTHERS.has(serviceType) || env === (this.#options.isDemo ? REAL : DEMO)) return;
    const key = keyOf(row);
    const begin = beginOf(row);
    if (state === 'completed' || state === 'canceled') return void windows.delete(key);
    windows.set(key, {
      title,
      service: serviceType,
      // A state that we do not know is none to add in.
      state: state === 'scheduled' ? 'planned' : 'running',
      ...(begin === undefined ? {} : { begin }),
      ...(end === '' ? {} : { end: Number(end) }),
      stopsTrading: state === UNRECOGNISED || !TOLD_ALONE.has(serviceType),
    });
  }

  #tell(): void {
    const windows = [...this.#windows.values()];
    const text = JSON.stringify(windows);
    if (!this.#isRead || text === this.#told) return;
    this.#told = text;
    this.#options.hear({ kind: 'maintenance', at: this.#options.rest.exchangeNowMs(), windows });
  }
}

function keyOf({ title, serviceType = '' }: SystemStatus): string {
  return `${title} ${serviceType}`;
}

function beginOf({ begin }: SystemStatus): number | undefined {
  return begin === '' ? undefined : Number(begin);
}

/** Batches may bear one title. The one that counts comes last: one that runs, else the next one. */
function byNearness(a: SystemStatus, b: SystemStatus): number {
  return awayness(b) - awayness(a) || (beginOf(b) ?? 0) - (beginOf(a) ?? 0);
}

function awayness({ state }: SystemStatus): number {
  return state === 'completed' || state === 'canceled' ? 2 : state === 'scheduled' ? 1 : 0;
}
