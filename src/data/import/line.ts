/** A line of a text file, as bytes, and where its fields begin and end. */

/** Without its end and the blanks before it. */
export interface Line {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** 1, 2, 3, … */
  readonly number: number;
  /** The last one, without a line end. */
  readonly isLast: boolean;
}

const SPACE = 32;
const TAB = 9;
const QUOTE = 34;
const APOSTROPHE = 39;
const COLUMNS_MAX = 64;

/** The fields of the line that was parted last. One is made for a file and written over: a line makes no garbage. */
export class LineFields {
  /** By column; spaces and quotes are taken off. */
  readonly from = new Int32Array(COLUMNS_MAX + 2);
  readonly to = new Int32Array(COLUMNS_MAX + 2);

  /** @param separator its byte @returns how many fields there are; −1 where the line holds bytes of no text */
  part({ bytes, from, to }: Line, separator: number): number {
    let column = 0;
    let begin = from;
    for (let i = from; i <= to; i++) {
      const byte = i < to ? (bytes[i] as number) : separator;
      if (byte === separator) {
        if (column > COLUMNS_MAX) return column + 1;
        let first = begin;
        let last = i;
        while (first < last && isPadding(bytes[first] as number)) first++;
        while (last > first && isPadding(bytes[last - 1] as number)) last--;
        this.from[column] = first;
        this.to[column] = last;
        column++;
        begin = i + 1;
      } else if (byte < SPACE && byte !== TAB) {
        return -1;
      }
    }
    return column;
  }

  textAt(column: number, { bytes }: Line): string {
    return utf8(bytes, this.from[column] as number, this.to[column] as number);
  }
}

function isPadding(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === QUOTE || byte === APOSTROPHE;
}

export function textIn({ bytes, from, to }: Line): string {
  return utf8(bytes, from, to);
}

/** With bytes of its own: the chunk that a line stands in is written over. */
export function kept({ bytes, from, to, number }: Line): Line {
  return { bytes: bytes.slice(from, to), from: 0, to: to - from, number, isLast: false };
}

export function utf8(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to));
}
