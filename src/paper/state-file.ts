/**
 * The exchange on disk: one JSON file, written beside itself and renamed, so that a crash leaves the old one or the new one, never half.
 *
 * It holds the keys of the accounts: only its owner may read it (0600). The market is not in it but what it is made from.
 * Refuses a file of another version or another market with a message that says what to do.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Floor, SavedFloor } from './floor.ts';

const VERSION = 1;

/** What the market of a saved exchange is made from. */
export interface SavedMarket {
  readonly kind: 'generated' | 'replay' | 'okx';
  readonly seed: number;
  /** When it was made, UTC milliseconds: with the seed it names a generated market. */
  readonly bornAt: number;
  readonly instIds: readonly string[];
}

export interface SavedExchange {
  readonly market: SavedMarket;
  readonly floor: SavedFloor;
}

export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}

/** Undefined where there is no such file yet. @throws {StateFileError} where it can not be used @throws what the system says where it can not be read */
export function readState(path: string): SavedExchange | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  let state: { version?: unknown; market?: unknown; floor?: unknown };
  try {
    state = JSON.parse(text) as typeof state;
  } catch (error) {
    throw new StateFileError(
      `${path} is not a saved exchange (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (state.version !== VERSION || typeof state.market !== 'object' || typeof state.floor !== 'object')
    throw new StateFileError(`${path} is not a saved exchange of version ${VERSION}: name another file`);
  return state as unknown as SavedExchange;
}

/** Returns once it is durable. @throws what the system says, with the `path`, where it can not be written: the file is then what it was */
export function writeState(path: string, state: SavedExchange): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    // All of it or nothing: a single `writeSync` may write a part and say so without a fault.
    writeFileSync(file, JSON.stringify({ version: VERSION, ...state }));
    fsyncSync(file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}

/** The fewest milliseconds between two looks at whether there is something to save. */
const LOOK_MS = 500;
/** Saving may take so small a share of the time. */
const SHARE = 1 / 20;

/**
 * Keeps the file up to date while the exchange runs: soon after something happened, and when it is let go.
 * `failed` hears once what the system says where the file can not be written; it goes on trying, and hears of the next time after it could.
 */
export class StateKeeper {
  readonly #path: string;
  readonly #market: SavedMarket;
  readonly #floor: Floor;
  readonly #failed: (error: unknown) => void;
  #written = -1;
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, market: SavedMarket, floor: Floor, failed: (error: unknown) => void) {
    this.#path = path;
    this.#market = market;
    this.#floor = floor;
    this.#failed = failed;
    this.#look();
  }

  /** Writes for the last time. @throws what the system says */
  release(): void {
    clearTimeout(this.#timer);
    writeState(this.#path, { market: this.#market, floor: this.#floor.save() });
  }

  #look(): void {
    const begunAt = performance.now();
    const { touches } = this.#floor;
    if (touches !== this.#written)
      try {
        writeState(this.#path, { market: this.#market, floor: this.#floor.save() });
        this.#written = touches;
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) this.#failed(error);
        this.#isFailing = true;
      }
    this.#timer = setTimeout(() => this.#look(), Math.max(LOOK_MS, (performance.now() - begunAt) / SHARE));
  }
}
