/**
 * R4 of reliability.md: a journal cut off at every byte of its last record, and with a bit flipped at each byte.
 *
 * What must come of it: a clear refusal, or the journal without its unacknowledged tail. Never other rows than were
 * written. Every byte in `npm run test:long`; in `npm test` every byte of the record and of the headers, and a sample
 * of the rest of the page.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { long } from '../../../test/long.ts';
import { JournalError } from '../errors.ts';
import { CONTRACT_OPTIONS, plain } from '../journal.contract.ts';
import { openJournal, openJournalReader } from '../sqlite-journal.ts';

/** In memory where there is such a place: thousands of journals are opened here, and a sync would take most of the time. */
const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rungwise-damage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

vi.setConfig({ testTimeout: long(120_000, 3_600_000) });

const ROWS = 12;
const expected = Array.from({ length: ROWS }, (_, i): [number, string, number, unknown] => [
  i + 1,
  i % 2 === 0 ? 'event' : 'decision',
  1_700_000_000_000 + i,
  {
    kind: 'filled',
    orderId: `order-${i + 1}-`,
    sizeLots: i,
    feeNano: -123_456_789n,
    priceTicks: 651_234 + i,
  },
]);

interface Files {
  readonly db: Buffer;
  readonly wal: Buffer;
  readonly acked: Buffer;
}

/** The files before and after the last commit, as a process killed at that moment leaves them; and after a clean end. */
let before: Files;
let after: Files;
let closed: Files;

beforeAll(() => {
  const path = join(root, 'journal.db');
  const [, ...rest] = [...expected].reverse();
  let journal = openJournal(path, CONTRACT_OPTIONS);
  for (const [, kind, atMs, payload] of rest.toReversed().slice(0, 8)) journal.append(kind as 'event', atMs, payload);
  journal.commit();
  journal.close();
  journal = openJournal(path, CONTRACT_OPTIONS);
  for (const [, kind, atMs, payload] of rest.toReversed().slice(8)) {
    journal.append(kind as 'event', atMs, payload);
    journal.commit();
  }
  before = take(path);
  const [, kind, atMs, payload] = expected.at(-1) ?? expected[0]!;
  journal.append(kind as 'event', atMs, payload);
  journal.commit();
  after = take(path);
  journal.close();
  closed = take(path);
});

describe('R4, the log of a process that was killed', () => {
  test('cut off at every byte of the last commit, unacknowledged: the tail is dropped, the rest is whole', () => {
    for (const length of bytesOfLastCommit()) {
      const files = { ...after, wal: after.wal.subarray(0, length), acked: before.acked };
      expect(openAndRead(files), `log cut at ${length}`).toEqual(expected.slice(0, -1));
    }
  });

  test('cut off at every byte of the last commit, acknowledged: refused, for an order may have been sent', () => {
    for (const length of bytesOfLastCommit()) {
      const files = { ...after, wal: after.wal.subarray(0, length) };
      expect(openAndRead(files), `log cut at ${length}`).toMatchObject({ code: 'corrupt', seq: ROWS });
    }
  });

  test('a bit flipped at each byte of the last commit, unacknowledged: the tail is dropped, the rest is whole', () => {
    for (const index of bytesOfLastCommit()) {
      const files = { ...after, wal: flipped(after.wal, index), acked: before.acked };
      expect(openAndRead(files), `bit flipped in byte ${index} of the log`).toEqual(expected.slice(0, -1));
    }
  });

  test('a bit flipped at each byte of the last commit, acknowledged: refused', () => {
    for (const index of bytesOfLastCommit()) {
      const files = { ...after, wal: flipped(after.wal, index) };
      expect(openAndRead(files), `bit flipped in byte ${index} of the log`).toMatchObject({ code: 'corrupt' });
    }
  });

  test('a bit flipped anywhere before the last commit: refused', () => {
    for (const index of sample(0, before.wal.length, [[0, 32]])) {
      const files = { ...after, wal: flipped(after.wal, index) };
      expect(openAndRead(files), `bit flipped in byte ${index} of the log`).toMatchObject({ code: 'corrupt' });
    }
  });

  test('the log is gone: refused', () => {
    expect(openAndRead({ ...after, wal: Buffer.alloc(0) })).toMatchObject({ code: 'corrupt' });
  });

  test('a refusal leaves every byte where it was', () => {
    const files = { ...after, wal: flipped(after.wal, after.wal.length - 100) };
    expect(openAndRead(files)).toBeInstanceOf(JournalError);
    expect(take(join(root, 'damaged', 'journal.db'))).toEqual(files);
  });
});

describe('R4, the file of a process that ended well', () => {
  test('a bit flipped at each byte of the last record: refused, naming the row', () => {
    const [start, end] = lastRecord(closed.db);
    for (let index = start; index < end; index += 1) {
      const outcome = openAndRead({ ...closed, db: flipped(closed.db, index) });
      expect(outcome, `bit flipped in byte ${index} of the file`).toMatchObject({ code: 'corrupt', seq: ROWS });
    }
  });

  test('a bit flipped at each byte of the file: refused, or of no consequence, now and for what is written next', () => {
    const [start, end] = lastRecord(closed.db);
    const page = start - (start % 4096);
    const pageHeads = Array.from({ length: closed.db.length / 4096 }, (_, i) => [i * 4096, i * 4096 + 16] as const);
    let refused = 0;
    for (const index of sample(0, closed.db.length, [[0, 100], ...pageHeads, [page, page + 64], [start, end]])) {
      const outcome = openAppendAndRead({ ...closed, db: flipped(closed.db, index) });
      if (outcome instanceof JournalError) refused += 1;
      else expect(outcome, `bit flipped in byte ${index} of the file`).toEqual(expected);
    }
    expect(refused).toBeGreaterThan(end - start);
  });

  test('the file cut off anywhere: refused', () => {
    for (const length of sample(1, closed.db.length, [])) {
      const outcome = openAndRead({ ...closed, db: closed.db.subarray(0, length) });
      expect(outcome, `file cut at ${length}`).toBeInstanceOf(JournalError);
    }
  });

  test('a bit flipped in the acknowledgement: it vouches for nothing, the journal opens', () => {
    for (let index = 0; index < closed.acked.length; index += 1) {
      expect(openAndRead({ ...closed, acked: flipped(closed.acked, index) })).toEqual(expected);
    }
  });
});

describe('R12, hostile journals', () => {
  const wound = fc.oneof(
    fc.record({
      do: fc.constant('overwrite' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
    fc.record({
      do: fc.constantFrom('zero page' as const, 'cut' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ do: fc.constant('swap pages' as const), at: fc.nat(5), with: fc.nat(5) }),
    fc.record({ do: fc.constant('garbage' as const), bytes: fc.uint8Array({ maxLength: 8_192 }) }),
  );
  const file = fc.constantFrom('db' as const, 'db' as const, 'wal' as const, 'acked' as const);

  test('whatever is done to the files, the rows are those that were written, or it is refused', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.tuple(file, wound), { minLength: 1, maxLength: 3 }), (killed, wounds) => {
        const files: { -readonly [Name in keyof Files]: Buffer } = { ...(killed ? after : closed) };
        for (const [name, it] of wounds) files[name] = wounded(files[name], it);
        const outcome = openAppendAndRead(files);
        if (outcome instanceof JournalError) {
          refused += 1;
          expect(outcome.message.length).toBeGreaterThan(40);
        } else {
          const acknowledgedSurvives = files.acked.equals(closed.acked) || files.acked.equals(after.acked);
          expect(outcome).toEqual(acknowledgedSurvives ? expected : expected.slice(0, (outcome as unknown[]).length));
        }
      }),
      { numRuns: long(500, 20_000) },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

type Wound =
  | { readonly do: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly do: 'zero page' | 'cut'; readonly at: number }
  | { readonly do: 'swap pages'; readonly at: number; readonly with: number }
  | { readonly do: 'garbage'; readonly bytes: Uint8Array };

function wounded(bytes: Buffer, wound: Wound): Buffer {
  const copy = Buffer.from(bytes);
  const page = (index: number): Buffer => copy.subarray(index * 4096, (index + 1) * 4096);
  switch (wound.do) {
    case 'overwrite':
      copy.set(
        wound.bytes.subarray(0, copy.length),
        Math.floor(wound.at * Math.max(0, copy.length - wound.bytes.length)),
      );
      return copy;
    case 'zero page':
      page(Math.floor((wound.at * copy.length) / 4096)).fill(0);
      return copy;
    case 'cut':
      return copy.subarray(0, Math.floor(wound.at * copy.length));
    case 'swap pages': {
      const one = Buffer.from(page(wound.at));
      const other = Buffer.from(page(wound.with));
      if (one.length !== other.length) return copy;
      page(wound.at).set(other);
      page(wound.with).set(one);
      return copy;
    }
    case 'garbage':
      return Buffer.from(wound.bytes);
  }
}

/** Opens as the bot does; the rows, or the refusal. Anything else that is thrown fails the test. */
function openAndRead(files: Files, appended = 0): unknown {
  const folder = join(root, 'damaged');
  const path = join(folder, 'journal.db');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(path, files.db);
  if (files.wal.length > 0) writeFileSync(`${path}-wal`, files.wal);
  writeFileSync(`${path}-acked`, files.acked);
  try {
    const journal = openJournal(path, CONTRACT_OPTIONS);
    try {
      const rows = plain(journal.rows());
      for (let i = 0; i < appended; i += 1) journal.append('note', i, { filler: 'x'.repeat(200), i });
      journal.commit();
      return rows;
    } finally {
      journal.close();
    }
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

/** Goes on writing, so that a damaged header shows itself; then reads everything again. */
function openAppendAndRead(files: Files): unknown {
  const appended = 60;
  const first = openAndRead(files, appended);
  if (first instanceof JournalError) return first;
  try {
    const reader = openJournalReader(join(root, 'damaged', 'journal.db'));
    const rows = plain(reader.rows());
    reader.close();
    expect(rows.slice(-appended).map(([, kind]) => kind)).toEqual(Array.from({ length: appended }, () => 'note'));
    return rows.slice(0, -appended);
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

function bytesOfLastCommit(): number[] {
  const start = before.wal.length;
  return sample(start, after.wal.length, [[start, start + 24], lastRecord(after.wal)]);
}

/**
 * Where the newest copy of the last record is, from its length to its checksum: 2 bytes of length and number, 8 of
 * column types, 6 of time stand before the text (https://sqlite.org/fileformat2.html#record_format).
 */
function lastRecord(bytes: Buffer): [number, number] {
  const text = bytes.lastIndexOf(`{"kind":"filled","orderId":"order-${ROWS}-`);
  const checkBytes = bytes[text - 7] === 4 ? 4 : 6;
  return [text - 16, bytes.indexOf('}', text) + 1 + checkBytes];
}

/** Every byte of the ranges, every byte of all where there is time, else each 61st. */
function sample(start: number, end: number, ranges: readonly (readonly [number, number])[]): number[] {
  const step = long(61, 1);
  const indices = Array.from({ length: end - start }, (_, i) => start + i);
  return indices.filter(
    (index) => (index - start) % step === 0 || ranges.some(([from, to]) => from <= index && index < to),
  );
}

/** The bit goes round with the byte, so that each of the eight is met. */
function flipped(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
  return copy;
}

/** By another process: reading the files in this one would drop SQLite's locks on them. */
function take(path: string): Files {
  const copy = join(mkdtempSync(join(root, 'taken-')), 'journal.db');
  for (const suffix of ['', '-wal', '-acked']) spawnSync('cp', [`${path}${suffix}`, `${copy}${suffix}`]);
  const read = (suffix: string): Buffer =>
    existsSync(`${copy}${suffix}`) ? readFileSync(`${copy}${suffix}`) : Buffer.alloc(0);
  return { db: read(''), wal: read('-wal'), acked: read('-acked') };
}
