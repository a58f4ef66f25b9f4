/**
 * A process that writes a journal, for the tests that kill one: `node writer.child.ts JOURNAL [BATCHES] [ROWS] [BYTES]`.
 *
 * Says `open`, then after each commit the number of the last row it vouches for; ends with `closed`, or with the code
 * and message of the error that stopped it.
 */
import { writeSync } from 'node:fs';
import { JournalError } from './errors.ts';
import { openJournal } from './sqlite-journal.ts';

const [path = '', batches = '1000000', rows = '3', bytes = '100'] = process.argv.slice(2);

/** Written before the next step begins: what this process says, it has done. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

try {
  const journal = openJournal(path, {
    accountUid: 'uid-1',
    run: 'run-1',
    now: () => Date.now(),
    archive: { rowsMax: 100, bytesMax: 1e12, segmentRows: 40 },
  });
  say('open');
  for (let batch = 0; batch < Number(batches); batch += 1) {
    for (let i = 0; i < Number(rows); i += 1) {
      const seq = journal.lastSeq + 1;
      journal.append('event', seq, { seq, filler: 'x'.repeat(Number(bytes)) });
    }
    if (batch % 25 === 24) journal.snapshot(journal.lastSeq, `state ${journal.lastSeq}`);
    journal.commit();
    say(String(journal.durableSeq));
    if (batch % 5 === 4) journal.archive();
  }
  journal.close();
  say('closed');
} catch (error) {
  if (!(error instanceof JournalError)) throw error;
  say(JSON.stringify({ code: error.code, message: error.message }));
}
