/**
 * What can be wrong with candle data, as values: a closed list by `code`, each with its line and numbers; words are in texts.ts.
 *
 * Of a row: it is left out and counted. Of a file: nothing can be made of it, and a `DataError` (data-error.ts) is thrown.
 */
import type { Origin } from './store/origin.ts';

type Column = 'time' | 'open' | 'high' | 'low' | 'close' | 'volume';

/** Why a row was left out. */
export type RowProblem =
  | {
      readonly code: 'columns';
      readonly line: number;
      readonly found: number;
      readonly expected: number;
      readonly value: string;
    }
  | { readonly code: 'time'; readonly line: number; readonly value: string }
  /** A field in quotes that holds the separator, as thousands are written. */
  | { readonly code: 'thousands'; readonly line: number; readonly value: string }
  | { readonly code: 'off-minute'; readonly line: number; readonly value: string }
  | { readonly code: 'number'; readonly line: number; readonly column: Column; readonly value: string }
  | { readonly code: 'negative'; readonly line: number; readonly column: Column; readonly value: string }
  | { readonly code: 'zero-price'; readonly line: number; readonly column: Column; readonly value: string }
  | { readonly code: 'too-large'; readonly line: number; readonly column: Column; readonly value: string }
  | { readonly code: 'no-candle'; readonly line: number; readonly value: string }
  | { readonly code: 'truncated'; readonly line: number; readonly value: string }
  | { readonly code: 'binary'; readonly line: number }
  | { readonly code: 'unconfirmed'; readonly line: number };

/** What was noticed between rows that are each fine. Minutes are whole minutes since 1970 UTC. */
export type OrderProblem =
  /** `line` holds the first candle after the gap. */
  | { readonly code: 'gap'; readonly line: number; readonly afterMinute: number; readonly minutes: number }
  | { readonly code: 'duplicate'; readonly line: number; readonly firstLine: number; readonly minute: number }
  /** The candle of `firstLine` stays. */
  | { readonly code: 'conflict'; readonly line: number; readonly firstLine: number; readonly minute: number }
  | { readonly code: 'disorder'; readonly line: number; readonly minute: number; readonly afterMinute: number }
  | { readonly code: 'descending' };

/** What is odd about how a file ends: the last line is a candle and has no line end, so its last number may have been cut. */
export type EndProblem = { readonly code: 'open-end'; readonly line: number; readonly value: string };

/** What a file that is no text is, as far as its first bytes tell. */
export type ForeignKind = 'zip' | 'parquet' | 'arrow' | 'zstd' | 'xz' | 'bzip2' | '7z' | 'pdf' | 'sqlite' | 'binary';

/** Why nothing can be made of a file. */
export type FileProblem =
  | { readonly code: 'unreadable'; readonly reason: string }
  | { readonly code: 'empty' }
  | { readonly code: 'binary-file'; readonly kind: ForeignKind }
  | { readonly code: 'encoding'; readonly kind: string }
  /** Lines end in carriage returns alone. */
  | { readonly code: 'line-ends' }
  | { readonly code: 'compressed' /** Ends too early, as a broken download does. */; readonly isCut: boolean }
  | { readonly code: 'long-line'; readonly line: number; readonly bytesMax: number }
  | { readonly code: 'too-many'; readonly rowsMax: number }
  | { readonly code: 'header'; readonly line: number; readonly value: string; readonly missing: readonly string[] }
  | { readonly code: 'repeated-column'; readonly line: number; readonly value: string }
  | { readonly code: 'no-candles'; readonly rows: number }
  | { readonly code: 'mostly-bad'; readonly rows: number; readonly bad: number; readonly first: RowProblem }
  | { readonly code: 'timeframe'; readonly minutes: number }
  | { readonly code: 'two-symbols'; readonly line: number; readonly value: string; readonly first: string }
  /** The file's own column names another instrument than the one that was asked for. */
  | { readonly code: 'other-symbol'; readonly line: number; readonly value: string; readonly instId: string };

/** Why stored candles cannot be read. */
export type StoreProblem =
  | { readonly code: 'name'; readonly value: string }
  | { readonly code: 'absent'; readonly instId: string }
  | { readonly code: 'not-candles' }
  | { readonly code: 'newer'; readonly version: string }
  | { readonly code: 'size'; readonly bytes: number; readonly expected: number }
  | { readonly code: 'checksum'; readonly found: string; readonly expected: string }
  /** The first change of a grid on which a stored candle has no place: a price of 0, or too large. */
  | {
      readonly code: 'grid';
      readonly what: 'tickSz' | 'lotSz' | 'ctVal';
      readonly stored: string;
      readonly expected: string;
    }
  | { readonly code: 'broken-candle'; readonly candle: number }
  /** Candles of `origin` may not stand beside those of `stored` (store/origin.ts). */
  | { readonly code: 'other-market'; readonly stored: Origin; readonly origin: Origin }
  /** The exchange does not say, or says otherwise, of a minute what is stored of it from there. */
  | { readonly code: 'begun-anew'; readonly minute: number; readonly origin: Origin }
  | { readonly code: 'patchwork'; readonly stretchesMax: number; readonly origin: Origin }
  /** The file is of another symbol than its folder. */
  | { readonly code: 'other-folder'; readonly value: string; readonly instId: string }
  /** Of one settlement two rates. */
  | {
      readonly code: 'settled-twice';
      readonly line: number;
      readonly firstLine: number;
      readonly value: string;
    }
  /** Funding that is not settled at a whole hour. */
  | { readonly code: 'off-hour'; readonly line: number; readonly value: string }
  /** What an exchange says was settled, at no whole hour or with no rate. */
  | { readonly code: 'odd-settlement'; readonly value: string }
  | { readonly code: 'rate'; readonly line: number; readonly value: string };

export type DataProblem = RowProblem | OrderProblem | EndProblem | FileProblem | StoreProblem;

/** As much of a value as a message can bear, and nothing that a terminal would obey. */
export function excerpt(value: string): string {
  const plain = value.replace(/[\p{Cc}\p{Cf}]/gu, '·');
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain;
}
