/**
 * The checksum that ties every row to the one before it.
 *
 * `check(n) = crc32(text, crc32(seq, at, kind, form; check(n − 1)))`: a bit flipped anywhere in a row, a row missing,
 * doubled or swapped with another breaks the chain at that row. The chain starts from the journal's identity, so a row
 * of another journal does not fit either. Source: reliability.md R4.
 */
import { crc32 } from 'node:zlib';
import type { PayloadForm } from './codec.ts';

/** `event`: what happened. `decision`: what was thought of it. `note`: what holds from there on, as what a start began with; it is not thought about. */
export type RowKind = 'event' | 'decision' | 'note';

export const ROW_KINDS: readonly RowKind[] = ['event', 'decision', 'note'];

const head = Buffer.alloc(18);

/** Checksum of a row; `previousCheck` is that of row `seq − 1`, or the journal's genesis check for row 1. */
export function rowCheck(
  previousCheck: number,
  seq: number,
  kindCode: number,
  form: PayloadForm,
  atMs: number,
  text: string,
): number {
  head.writeDoubleLE(seq, 0);
  head.writeDoubleLE(atMs, 8);
  head[16] = kindCode;
  head[17] = form;
  return crc32(text, crc32(head, previousCheck));
}

export function kindCodeOf(kind: RowKind): number {
  const code = ROW_KINDS.indexOf(kind);
  if (code < 0) throw new TypeError(`Row kind "${String(kind)}" is none of ${ROW_KINDS.join(', ')}.`);
  return code;
}
