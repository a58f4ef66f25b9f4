/**
 * What every journal must do, whatever it is kept on. A journal registers itself with a way to open it, to lose the
 * process that writes it, and to make its next commit fail; see sqlite-journal.test.ts and memory-journal.test.ts.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { JournalError, type JournalErrorCode } from './errors.ts';
import type { JournalOptions, JournalRow, JournalWriter, RowKind } from './journal.ts';

export interface JournalUnderTest {
  open(options?: Partial<JournalOptions>): JournalWriter;
  /** The writing process dies without closing; what was not committed is lost. */
  crash(): void;
  /** Opens where space for a megabyte more is wanting. */
  openOnFullDisk(): JournalWriter;
  dispose(): void;
}

export const CONTRACT_OPTIONS: JournalOptions = {
  accountUid: 'uid-1',
  run: 'run-1',
  now: () => 1_700_000_000_000,
  archive: { rowsMax: 1_000_000, bytesMax: 1e12, segmentRows: 10_000 },
};

export function describeJournal(name: string, prepare: () => JournalUnderTest): void {
  describe(`${name}: the journal contract`, () => {
    let place: JournalUnderTest | undefined;
    const start = (): JournalUnderTest => (place = prepare());
    afterEach(() => place?.dispose());

    test('J-01 a new journal is empty and knows its account and run', () => {
      const journal = start().open();
      expect(journal.lastSeq).toBe(0);
      expect([...journal.rows()]).toEqual([]);
      expect(journal.latestSnapshot()).toBeUndefined();
      expect(journal.meta).toMatchObject({ accountUid: 'uid-1', run: 'run-1', createdAtMs: 1_700_000_000_000 });
      expect(journal.opened).toMatchObject({ created: true, predecessorLost: false });
      journal.close();
    });

    test('J-02 rows are numbered from 1 without a gap and come back as they were given', () => {
      const journal = start().open();
      const given = [
        ['event', 1, { kind: 'tick', priceTicks: 651_234, feeNano: -12_345_678_901_234_567_890n }],
        ['decision', 2, ['#not a bigint', 7n, '##', null, true, { a: undefined }]],
        ['note', -3, 'text'],
      ] as const;
      expect(given.map(([kind, atMs, payload]) => journal.append(kind, atMs, payload))).toEqual([1, 2, 3]);
      journal.commit();
      expect(plain(journal.rows())).toEqual([
        [1, 'event', 1, { kind: 'tick', priceTicks: 651_234, feeNano: -12_345_678_901_234_567_890n }],
        [2, 'decision', 2, ['#not a bigint', 7n, '##', null, true, {}]],
        [3, 'note', -3, 'text'],
      ]);
      expect(plain(journal.rows(3)).map(([seq]) => seq)).toEqual([3]);
      expect(plain(journal.rows(4))).toEqual([]);
      journal.close();
    });

    test('J-03 committed rows survive the loss of the process, the others leave nothing behind', () => {
      const where = start();
      const journal = where.open();
      journal.append('event', 1, 'kept');
      journal.commit();
      journal.append('event', 2, 'lost');
      expect(journal.durableSeq).toBe(1);
      expect(journal.lastSeq).toBe(2);
      where.crash();
      const again = where.open();
      expect(plain(again.rows()).map(([, , , payload]) => payload)).toEqual(['kept']);
      expect(again.append('event', 3, 'next'), 'the number of the lost row is given again').toBe(2);
      again.close();
    });

    test('J-04 closing drops what was not committed', () => {
      const where = start();
      const journal = where.open();
      journal.append('event', 1, 'kept');
      journal.commit();
      journal.append('event', 2, 'dropped');
      journal.close();
      expect(codeThrownBy(() => journal.append('event', 3, 'x'))).toBe('closed');
      const again = where.open();
      expect(again.lastSeq).toBe(1);
      again.close();
    });

    test('J-05 an existing journal keeps its run, and refuses another account', () => {
      const where = start();
      where.open().close();
      const again = where.open({ run: 'run-2' });
      expect(again.meta.run, 'client order ids are made from it: it outlives restarts').toBe('run-1');
      again.close();
      expect(codeThrownBy(() => where.open({ accountUid: 'uid-2' }))).toBe('other-account');
      where.open().close();
    });

    test('J-06 a second writer is refused within a second, and let in when the first has closed', () => {
      const where = start();
      const first = where.open();
      const startedMs = performance.now();
      expect(codeThrownBy(() => where.open())).toBe('second-instance');
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      first.append('event', 1, 'the first goes on');
      first.commit();
      first.close();
      where.open().close();
    });

    test('J-07 a row that is not plain data is refused, and the journal goes on', () => {
      const journal = start().open();
      const cycle: Record<string, unknown> = {};
      cycle['self'] = cycle;
      for (const payload of [
        NaN,
        -Infinity,
        undefined,
        [undefined],
        new Date(0),
        () => 1,
        Symbol('x'),
        new Map(),
        cycle,
      ]) {
        expect(codeThrownBy(() => journal.append('event', 1, { deep: [payload] }))).toBe('payload');
      }
      expect(codeThrownBy(() => journal.append('event', 1.5, 'x'))).toBe('payload');
      expect(journal.append('event', 1, 'fine')).toBe(1);
      journal.commit();
      expect(journal.verify().rows).toBe(1);
      journal.close();
    });

    test('J-08 a commit that fails poisons the journal: the same error ever after, nothing half-written', () => {
      const where = start();
      const first = where.open();
      first.append('event', 1, 'kept');
      first.commit();
      first.close();
      const journal = where.openOnFullDisk();
      const attempt = (): void => {
        for (let i = 0; i < 200; i += 1) journal.append('event', 2, 'x'.repeat(10_000));
        journal.commit();
      };
      const failure = thrownBy(attempt);
      expect(failure.code).toBe('disk-full');
      expect(thrownBy(() => journal.append('event', 3, 'more'))).toBe(failure);
      expect(thrownBy(() => journal.commit())).toBe(failure);
      expect(thrownBy(() => journal.snapshot(1, 'state'))).toBe(failure);
      expect(plain(journal.rows()), 'reading goes on').toEqual([[1, 'event', 1, 'kept']]);
      expect(journal.lastSeq).toBe(1);
      journal.close();
      const again = where.open();
      expect(plain(again.rows())).toEqual([[1, 'event', 1, 'kept']]);
      again.close();
    });

    test('J-09 the newest snapshot comes back with the row it stands on', () => {
      const where = start();
      const journal = where.open();
      for (let i = 1; i <= 10; i += 1) journal.append('event', i * 100, i);
      journal.snapshot(4, 'four');
      journal.commit();
      journal.snapshot(7, 'seven');
      journal.snapshot(9, 'девять\u0000');
      journal.commit();
      expect(codeThrownBy(() => journal.snapshot(9, 'again'))).toBe('usage');
      expect(codeThrownBy(() => journal.snapshot(11, 'no such row'))).toBe('usage');
      journal.snapshot(10, 'lost with the process');
      where.crash();
      const again = where.open();
      expect(again.latestSnapshot()).toEqual({ seq: 9, atMs: 900, state: 'девять\u0000' });
      expect(again.opened.verifiedAfter).toBe(9);
      expect(plain(again.rows(10))).toEqual([[10, 'event', 1_000, 10]]);
      expect(again.verify()).toMatchObject({ rows: 10, snapshots: 2, unreadableSnapshots: [] });
      again.close();
    });

    test('J-11 the newest note comes back, and none where there is none', () => {
      const journal = start().open();
      expect(journal.lastNote()).toBeUndefined();
      for (const kind of ['note', 'event', 'note', 'decision'] as const) journal.append(kind, 1, kind);
      journal.commit();
      expect(journal.lastNote()).toEqual({ seq: 3, kind: 'note', atMs: 1, payload: 'note' });
      expect([journal.lastNote(2)?.seq, journal.lastNote(0)]).toEqual([1, undefined]);
      journal.close();
    });

    test('J-10 whatever is appended, committed and crashed, the journal is the committed prefix', () => {
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), payload: fc.jsonValue() }) },
        { weight: 2, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
        {
          weight: 1,
          arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'reopen' as const, 'snapshot' as const) }),
        },
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const where = prepare();
          let journal = where.open();
          let durable: unknown[] = [];
          let appended: unknown[] = [];
          let snapshotSeq = 0;
          for (const it of steps) {
            if (it.do === 'append') {
              journal.append('event', appended.length, it.payload);
              appended.push(it.payload);
            } else if (it.do === 'commit') {
              journal.commit();
              durable = [...appended];
            } else if (it.do === 'snapshot') {
              if (appended.length > snapshotSeq) journal.snapshot((snapshotSeq = appended.length), `${snapshotSeq}`);
            } else {
              if (it.do === 'crash') where.crash();
              else journal.close();
              journal = where.open();
              appended = [...durable];
              snapshotSeq = journal.latestSnapshot()?.seq ?? 0;
              expect(snapshotSeq).toBeLessThanOrEqual(durable.length);
            }
            expect(journal.lastSeq).toBe(appended.length);
          }
          expect(plain(journal.rows()).map(([, , , payload]) => payload)).toEqual(appended);
          journal.close();
          where.dispose();
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** Rows as tuples, so that a table of them can be read. */
export function plain(rows: Iterable<JournalRow>): [number, RowKind, number, unknown][] {
  return [...rows].map(({ seq, kind, atMs, payload }) => [seq, kind, atMs, payload]);
}

export function thrownBy(act: () => unknown): JournalError {
  try {
    act();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

export function codeThrownBy(act: () => unknown): JournalErrorCode {
  return thrownBy(act).code;
}
