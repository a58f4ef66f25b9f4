import { expect, test } from 'vitest';
import { MemoryDisk, openMemoryJournal } from '../../test/memory-journal.ts';
import { CONTRACT_OPTIONS, codeThrownBy, describeJournal, plain, thrownBy } from './journal.contract.ts';

describeJournal('memory', () => {
  const disk = new MemoryDisk();
  const open = (options = {}) => openMemoryJournal(disk, { ...CONTRACT_OPTIONS, ...options });
  return {
    open,
    crash: () => disk.crash(),
    openOnFullDisk: () => {
      disk.nextCommitFault = { code: 'disk-full', rows: 'lost' };
      return open();
    },
    dispose: () => disk.crash(),
  };
});

function diskWith(rows: number): MemoryDisk {
  const disk = new MemoryDisk();
  const journal = openMemoryJournal(disk, CONTRACT_OPTIONS);
  for (let i = 1; i <= rows; i += 1) journal.append('event', i, `row ${i}`);
  journal.commit();
  journal.close();
  return disk;
}

test('a bit that rots in any row is found on opening', () => {
  for (let seq = 1; seq <= 3; seq += 1) {
    const disk = diskWith(3);
    disk.rot(seq, 2, 4);
    expect(thrownBy(() => openMemoryJournal(disk, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq });
  }
});

test('acknowledged rows that are gone are missed on opening', () => {
  const disk = diskWith(3);
  disk.truncate(2);
  expect(thrownBy(() => openMemoryJournal(disk, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq: 3 });
});

test('a commit that fails may have landed: the rows are there after the crash, and were never acknowledged', () => {
  const disk = diskWith(1);
  const journal = openMemoryJournal(disk, CONTRACT_OPTIONS);
  journal.append('event', 2, 'landed');
  disk.nextCommitFault = { code: 'io', rows: 'landed' };
  expect(codeThrownBy(() => journal.commit())).toBe('io');
  expect(journal.durableSeq).toBe(1);
  disk.crash();
  expect(plain(openMemoryJournal(disk, CONTRACT_OPTIONS).rows(2))).toEqual([[2, 'event', 2, 'landed']]);
});

test('the journal of a crashed process is dead', () => {
  const disk = diskWith(1);
  const journal = openMemoryJournal(disk, CONTRACT_OPTIONS);
  disk.crash();
  expect(codeThrownBy(() => journal.append('event', 2, 'x'))).toBe('closed');
});
