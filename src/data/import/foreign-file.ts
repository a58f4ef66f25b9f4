/** What a file is that holds no text, known by its first bytes. */
import type { FileProblem, ForeignKind } from '../problem.ts';

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
/** What is looked at before the first line is read. */
export const OPENING_BYTES = 1_024;

// biome-ignore format: a table
const SIGNATURES: readonly (readonly [kind: ForeignKind, bytes: readonly number[]])[] = [
  ['zip',      [0x50, 0x4b, 0x03, 0x04]],
  ['parquet',     [0x50, 0x41, 0x52, 0x31]],
  ['arrow', [0x41, 0x52, 0x52, 0x4f, 0x57]],
  ['zstd',     [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz',      [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2',    [0x42, 0x5a, 0x68]],
  ['7z',       [0x37, 0x7a, 0xbc, 0xaf]],
  ['pdf',              [0x25, 0x50, 0x44, 0x46]],
  ['sqlite', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
];

/** Undefined of what may be a text. */
export function foreignKind(bytes: Uint8Array): FileProblem | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { code: 'encoding', kind: 'UTF-16' };
  for (const [kind, signature] of SIGNATURES)
    if (signature.every((byte, i) => bytes[i] === byte)) return { code: 'binary-file', kind };
  const start = bytes.subarray(0, OPENING_BYTES);
  if (isUtf16(start)) return { code: 'encoding', kind: 'UTF-16' };
  let strange = 0;
  for (const byte of start)
    if (byte === 0 || (byte < 32 && byte !== TAB && byte !== NEWLINE && byte !== RETURN)) strange++;
  // One damaged byte in a text is a bad row; a file full of them is no text.
  return strange * 50 > start.length ? { code: 'binary-file', kind: 'binary' } : undefined;
}

/** Without its mark: every other byte of plain Latin text is zero. */
function isUtf16(start: Uint8Array): boolean {
  const pairs = Math.floor(start.length / 2);
  if (pairs < 4) return false;
  const zeros = [0, 0];
  for (let i = 0; i < pairs * 2; i++) if (start[i] === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  const [even = 0, odd = 0] = zeros;
  return Math.max(even, odd) > pairs * 0.9 && Math.min(even, odd) < pairs * 0.1;
}
