/**
 * The exchange on disk: a file that holds all of it, and beside it a log of the steps since, one line for whatever happened between two looks of the
 * world. A step is durable before anybody hears of it, so a crash at any moment leaves what was acknowledged, and no number is given twice.
 *
 * The file is written beside itself and renamed: a crash leaves the old one or the new one, never half. Every line carries the checksum of what it
 * says. A last line that is cut short was not acknowledged and is left out; any other damage is refused. It holds the keys of the accounts: only its
 * owner may read it (0600). The market is not in it but what it is made from. Refuses a file of another release.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { type Floor, type SavedFloor, type SavedStep, withSteps } from '../floor.ts';

const VERSION = 2;
/** One JSON value, without a checksum and without a log. */
const VERSION_OF_ONE_PIECE = 1;

/** What the market of a saved exchange is made from. */
export interface SavedMarket {
  readonly kind: 'generated' | 'replay' | 'okx';
  readonly seed: number;
  /** When it was made, UTC milliseconds: with the seed it names a generated market. */
  readonly bornAt: number;
  readonly instIds: readonly string[];
  /** Tick, lot and contract of each: what the numbers in the file count. Absent before they were kept. */
  readonly grids?: readonly string[];
}

/** What a saved exchange counts in. */
export function gridsOf(instruments: readonly Instrument[]): string[] {
  return instruments.map(({ tickSize, lotSize, contractValue }) =>
    [tickSize, lotSize, contractValue].map(formatDecimal).join(' '),
  );
}

export interface SavedExchange {
  readonly market: SavedMarket;
  readonly floor: SavedFloor;
}

export interface ReadExchange extends SavedExchange {
  /** A crash cut the last step short: it is left out. */
  readonly isCutShort: boolean;
}

interface Body extends SavedExchange {
  readonly version: number;
  /** Which writing of the file it is: its log names it. */
  readonly serial: number;
}

export class StateFileError extends Error {
  override readonly name = 'StateFileError';
  /** It was written by us, and is not what was written. */
  readonly isDamage: boolean;

  constructor(message: string, isDamage: boolean) {
    super(message);
    this.isDamage = isDamage;
  }
}

/** Undefined where there is no such file yet. @throws {StateFileError} where it can not be used @throws what the system says where it can not be read */
export function readState(path: string): ReadExchange | undefined {
  const body = readBody(path);
  if (body === undefined) return undefined;
  const { market, floor, serial } = body;
  const { steps, isCutShort } = readSteps(path, serial);
  return { market, floor: steps.length === 0 ? floor : withSteps(floor, steps), isCutShort };
}

function readBody(path: string): Body | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const isOurs = SUM.test(text);
  const body = isOurs ? said(text.replace(/\n$/, '')) : parsed(path, text);
  if (body === undefined) throw new StateFileError(`${path} is damaged: its checksum does not fit`, true);
  if (!isBody(body))
    throw new StateFileError(`${path} is not a saved exchange of this release: name another file`, false);
  return { ...body, serial: body.serial ?? 0 };
}

function isBody(value: unknown): value is Omit<Body, 'serial'> & { readonly serial?: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, market, floor } = value as Partial<Body>;
  if (version !== VERSION && version !== VERSION_OF_ONE_PIECE) return false;
  if (typeof market !== 'object' || market === null || typeof floor !== 'object' || floor === null) return false;
  return Array.isArray(floor.desks) && Array.isArray(floor.marks) && typeof floor.at === 'number';
}

/** The steps since the file was written: none where the log is of another writing. @throws {StateFileError} where it is damaged */
function readSteps(
  path: string,
  serial: number,
): { readonly steps: readonly SavedStep[]; readonly isCutShort: boolean } {
  if (!existsSync(logOf(path))) return { steps: [], isCutShort: false };
  const lines = readFileSync(logOf(path), 'utf8').split('\n');
  // What follows the last line break is cut short: it was never acknowledged.
  let isCutShort = lines.pop() !== '';
  const values = lines.map(said);
  // The last line may also be there at its full length, without all that it says: nothing can have followed it.
  if (values.length > 0 && values.at(-1) === undefined) isCutShort = values.pop() === undefined;
  if (values.includes(undefined))
    throw new StateFileError(
      `${logOf(path)} is damaged: line ${values.indexOf(undefined) + 1} is not what was written`,
      true,
    );
  const [head, ...steps] = values;
  if ((head as { serial?: unknown } | undefined)?.serial !== serial) return { steps: [], isCutShort: false };
  return { steps: steps as SavedStep[], isCutShort };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StateFileError(
      `${path} is not a saved exchange (${error instanceof Error ? error.message : String(error)})`,
      false,
    );
  }
}

const SUM = /^[0-9a-f]{8} /;

/** A line: the checksum of a JSON value, and the value. Undefined where they do not fit. */
function said(line: string): unknown {
  const at = line.indexOf(' ');
  const text = line.slice(at + 1);
  return SUM.test(line) && line.slice(0, at) === sumOf(text) ? JSON.parse(text) : undefined;
}

function lineOf(value: object): string {
  const text = JSON.stringify(value);
  return `${sumOf(text)} ${text}\n`;
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function logOf(path: string): string {
  return `${path}.log`;
}

/** Returns once it is durable. @throws what the system says, with the `path`, where it can not be written: the file is then what it was */
export function writeState(path: string, { market, floor }: SavedExchange, serial = 0): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    // All of it or nothing: a single `writeSync` may write a part and say so without a fault.
    writeFileSync(file, lineOf({ version: VERSION, serial, market, floor }));
    fsyncSync(file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw withPath(error, path);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  syncFolder(path);
}

/** The name of a file is durable with its folder; Windows has no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function withPath(error: unknown, path: string): unknown {
  return error instanceof Error ? Object.assign(error, { path }) : error;
}

/** The log is gathered into the file when it has grown so long. */
const LOG_BYTES_MOST = 8 * 1024 * 1024;

/**
 * Keeps the file true while the exchange runs: `commit` after everything that may have changed something, before anybody hears of it.
 * `failed` hears once what the system says where it can not be written; it goes on trying, and hears of the next time after it could.
 */
export class StateKeeper {
  readonly #path: string;
  readonly #market: SavedMarket;
  readonly #floor: Floor;
  readonly #failed: (error: unknown) => void;
  #serial = 0;
  #written = -1;
  #log: number | undefined;
  #logBytes = 0;
  #isFailing = false;

  constructor(path: string, market: SavedMarket, floor: Floor, failed: (error: unknown) => void) {
    this.#path = path;
    this.#market = market;
    this.#floor = floor;
    this.#failed = failed;
    this.#serial = serialOf(path);
    floor.noteChanges();
    this.commit();
  }

  /** Returns once everything that has happened is durable, or `failed` has heard why not. */
  commit(): void {
    const { touches } = this.#floor;
    if (touches === this.#written) return;
    try {
      if (this.#log === undefined || this.#logBytes > LOG_BYTES_MOST) this.#writeWhole();
      else this.#writeStep(this.#log);
      this.#written = touches;
      this.#isFailing = false;
    } catch (error) {
      // What part of the line was written nobody knows: the next time all of it goes into a new file.
      this.#closeLog();
      if (!this.#isFailing) this.#failed(error);
      this.#isFailing = true;
    }
  }

  /** Writes for the last time. @throws what the system says */
  release(): void {
    this.#closeLog();
    this.#serial += 1;
    writeState(this.#path, { market: this.#market, floor: this.#floor.save() }, this.#serial);
    rmSync(logOf(this.#path), { force: true });
  }

  #writeWhole(): void {
    this.#closeLog();
    this.#serial += 1;
    this.#floor.takeStep();
    writeState(this.#path, { market: this.#market, floor: this.#floor.save() }, this.#serial);
    // From here on the old log belongs to no file.
    this.#log = openSync(logOf(this.#path), 'w', 0o600);
    this.#logBytes = append(this.#log, lineOf({ serial: this.#serial }), this.#path);
    syncFolder(this.#path);
  }

  #writeStep(log: number): void {
    this.#logBytes += append(log, lineOf(this.#floor.takeStep()), this.#path);
  }

  #closeLog(): void {
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }
}

function serialOf(path: string): number {
  return readBody(path)?.serial ?? 0;
}

/** @returns the bytes that are durable then @throws what the system says, with the `path` */
function append(file: number, line: string, path: string): number {
  const bytes = Buffer.from(line);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fdatasyncSync(file);
  } catch (error) {
    throw withPath(error, path);
  }
  return bytes.length;
}
