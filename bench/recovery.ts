import { recover } from '../src/runtime/past/recover.ts';
import type { JournalPast } from '../src/runtime/ports.ts';
import type { Figure, Sampler, Size } from './figure.ts';
import { freshRegistry, journalAt, machineOn, newJournal } from './recorded.ts';

/** Milliseconds from a journal of a million rows to the state at its end: opened, verified, snapshot loaded, the rows after it folded. Wanted: 3,000 at most. */
export const recovery: Figure = {
  name: 'recovery',
  unit: 'ms',
  hasFloor: false,
  runs: 3,
  prepare: (size) => sampler(size, (past) => past),
};

/** The same where no snapshot can be read: every row is folded. Wanted: 15,000 at most. */
export const recoveryWhole: Figure = {
  name: 'recovery-whole',
  unit: 'ms',
  hasFloor: false,
  runs: 3,
  prepare: (size) => sampler(size, (past) => ({ ...withRows(past), latestSnapshot: () => undefined })),
};

function sampler(size: Size, seen: (past: JournalPast) => JournalPast): Sampler {
  const path = longJournal(size === 'tiny' ? 10_000 : 1_000_000);
  const did = { rows: 0, folded: 0 };
  return {
    sample() {
      const begunMs = performance.now();
      const journal = journalAt(path);
      did.folded = recover(freshRegistry(), seen(journal)).rows;
      const tookMs = performance.now() - begunMs;
      did.rows = journal.lastSeq;
      journal.close();
      return tookMs;
    },
    did,
  };
}

function withRows(past: JournalPast): Pick<JournalPast, 'rows' | 'lastSeq'> {
  return { rows: (fromSeq) => past.rows(fromSeq), lastSeq: past.lastSeq };
}

const made = new Map<number, string>();

/** The bot killed after so many rows: the last snapshot stands where it stood. Made once for both figures. */
function longJournal(rows: number): string {
  const known = made.get(rows);
  if (known !== undefined) return known;
  const { path, journal } = newJournal();
  const machine = machineOn(journal, () => undefined);
  while (journal.lastSeq < rows) machine.nextSecond();
  journal.close();
  made.set(rows, path);
  return path;
}
