/**
 * The exchange on disk: one JSON file, written beside itself and renamed, so that a crash leaves the old one or the new one, never half.
 *
 * It holds the keys of the accounts: only its owner may read it (0600). The market is not in it but what it is made from.
 * Refuses a file of another version or another market with a message that says what to do.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { SavedFloor } from './floor.ts';

const VERSION = 1;

/** What the market of a saved exchange is made from. */
export interface SavedMarket {
  readonly kind: 'generated' | 'replay';
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

/** Undefined where there is no such file yet. @throws {StateFileError} where it can not be used */
export function readState(path: string): SavedExchange | undefined {
  if (!existsSync(path)) return undefined;
  let state: { version?: unknown; market?: unknown; floor?: unknown };
  try {
    state = JSON.parse(readFileSync(path, 'utf8')) as typeof state;
  } catch (error) {
    throw new StateFileError(
      `${path} is not a saved exchange (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (state.version !== VERSION || typeof state.market !== 'object' || typeof state.floor !== 'object')
    throw new StateFileError(`${path} is not a saved exchange of version ${VERSION}: name another file`);
  return state as unknown as SavedExchange;
}

/** Returns once it is durable. @throws what the system says where it can not be written */
export function writeState(path: string, state: SavedExchange): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify({ version: VERSION, ...state }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
