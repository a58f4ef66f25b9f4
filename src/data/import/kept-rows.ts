/** The rows of a file that are candles, in columns that grow: 29 bytes each while the file is read. */
import { CANDLE_COLUMNS, type Candles, emptyCandles, firstCandles } from '../../core/market/candle.ts';

/** What was off the instrument's grid and mapped onto it: bits, so that a row may be both. */
export const PRICES = 1;
export const VOLUME = 2;

const ROWS_AT_FIRST = 1_024;

export class KeptRows {
  /** The columns with room to spare; {@link add} may put others in their place. */
  columns: Candles;
  length = 0;
  #lineOf = new Uint32Array(ROWS_AT_FIRST);
  #mappedOf = new Uint8Array(ROWS_AT_FIRST);

  constructor(instId: string) {
    this.columns = emptyCandles(instId, ROWS_AT_FIRST);
  }

  /** Of each row its line. */
  get lineOf(): Uint32Array {
    return this.#lineOf;
  }

  candles(): Candles {
    return firstCandles(this.columns, this.length);
  }

  /** Room for one more row. @param mapped {@link PRICES} and {@link VOLUME} @returns its place in the columns */
  add(line: number, mapped: number): number {
    if (this.length === this.#lineOf.length) this.#grow();
    const at = this.length++;
    this.#lineOf[at] = line;
    this.#mappedOf[at] = mapped;
    return at;
  }

  /** How many of these rows had it mapped. */
  mappedAmong(rows: Uint32Array, bit: number): number {
    let count = 0;
    for (const row of rows) if (((this.#mappedOf[row] as number) & bit) !== 0) count++;
    return count;
  }

  #grow(): void {
    const before = this.columns;
    const after = emptyCandles(before.instId, before.length * 2);
    for (const column of CANDLE_COLUMNS) after[column].set(before[column]);
    const lineOf = new Uint32Array(after.length);
    lineOf.set(this.#lineOf);
    const mappedOf = new Uint8Array(after.length);
    mappedOf.set(this.#mappedOf);
    this.columns = after;
    this.#lineOf = lineOf;
    this.#mappedOf = mappedOf;
  }
}
