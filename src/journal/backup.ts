/**
 * A copy of a journal, archives included, in a folder of its own, also while its bot writes. It has every row that was committed when it began, and gets
 * its name once it was read through and is on the disk: what is called so is whole. Source: reliability.md R4.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { asJournalError, attempt, CORRUPT_ADVICE, JournalError, refuseNoFile } from './errors.ts';
import { makeFolder, syncFolder } from './files/folder.ts';
import type { JournalReader, RowsWatch } from './journal.ts';
import { inspectJournal, openReadOnly } from './opening/inspect.ts';
import { archiveFolder } from './rows/archive.ts';
import { genesisCheck, readMeta } from './rows/schema.ts';
import { StoredRows } from './rows/stored-rows.ts';
import { openJournalReader } from './sqlite-journal.ts';

export interface Backup {
  /** The copy: a journal like any other, named as the one that was copied. */
  readonly journalPath: string;
  readonly lastSeq: number;
  /** Files of older rows beside it. */
  readonly archives: number;
  /** Of all files together. */
  readonly bytes: number;
  /** The first row that is damaged in the journal itself, before its last snapshot: a bot goes on from the copy, who reads its rows stops there. */
  readonly damagedSeq: number | undefined;
}

/**
 * Copies the journal into a folder that it makes. Its writer is not held up.
 * @throws {JournalError} `not-found`, `not-a-journal`, `newer-version`; `usage` where the folder exists; `corrupt` where no bot could go on from it;
 * `disk-full`, `read-only`, `io` of the folder. Then there is no copy.
 */
export function backUpJournal(namedPath: string, namedFolder: string, watch?: RowsWatch): Backup {
  refuseNoFile(namedPath);
  const path = realpathSync(namedPath);
  const folder = resolve(namedFolder);
  if (existsSync(folder)) throw new JournalError('usage', `"${folder}" exists: a copy gets a folder of its own.`);
  const unfinished = `${folder}.unfinished`;
  try {
    attempt(folder, 'created', () => {
      rmSync(unfinished, { recursive: true, force: true });
      makeFolder(unfinished);
    });
    const copyPath = join(unfinished, basename(path));
    copyMainFile(path, copyPath);
    const archives = attempt(folder, 'written', () => copyArchives(path, copyPath));
    const read = readThrough(path, copyPath, watch);
    const bytes = [copyPath, ...archives].reduce((sum, file) => sum + statSync(file).size, 0);
    attempt(folder, 'written', () => {
      syncFolder(unfinished);
      renameSync(unfinished, folder);
      syncFolder(dirname(folder));
    });
    return { journalPath: join(folder, basename(path)), archives: archives.length, bytes, ...read };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** As it stands at one moment, the log folded in. */
function copyMainFile(path: string, copyPath: string): void {
  const db = attempt(path, 'read', () => openReadOnly(path));
  try {
    readMeta(db, path);
    db.prepare('VACUUM INTO ?').run(copyPath);
    sync(copyPath);
  } catch (error) {
    const known = asJournalError(error, path, 'read');
    const isOfCopy = known instanceof JournalError && ['disk-full', 'read-only', 'io'].includes(known.code);
    throw isOfCopy ? asJournalError(error, dirname(copyPath), 'written') : known;
  } finally {
    db.close();
  }
}

/** Those that the copy names: whole before their rows left the main file, and never changed. One that is gone is found when the copy is read. */
function copyArchives(path: string, copyPath: string): readonly string[] {
  const db = openReadOnly(copyPath);
  try {
    const names = new StoredRows(db, copyPath, genesisCheck(readMeta(db, copyPath))).archives().map(({ file }) => file);
    const [from, to] = [archiveFolder(path), archiveFolder(copyPath)];
    const there = names.filter((name) => existsSync(join(from, name)));
    if (there.length > 0) mkdirSync(to, { mode: 0o700 });
    for (const name of there) {
      copyFileSync(join(from, name), join(to, name));
      sync(join(to, name));
    }
    if (there.length > 0) syncFolder(to);
    return there.map((name) => join(to, name));
  } finally {
    db.close();
  }
}

/** Every row of the copy. @throws {JournalError} `corrupt`, told of the journal itself, where nothing could go on from it */
function readThrough(path: string, copyPath: string, watch?: RowsWatch): Pick<Backup, 'lastSeq' | 'damagedSeq'> {
  const copy = openJournalReader(copyPath);
  try {
    const { lastSeq } = copy;
    return { lastSeq, damagedSeq: damageBeforeSnapshot(copy, copyPath, watch) };
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'corrupt') throw error;
    const at = error.seq === undefined ? '' : ` at row ${error.seq}`;
    const message = `Journal "${path}" is damaged${at}, and no bot could go on from a copy. ${CORRUPT_ADVICE}`;
    throw new JournalError('corrupt', message, { path, ...(error.seq === undefined ? {} : { seq: error.seq }) });
  } finally {
    copy.close();
  }
}

/** A journal opens where all that follows its last snapshot is sound. @throws {JournalError} where that is not */
function damageBeforeSnapshot(copy: JournalReader, copyPath: string, watch?: RowsWatch): number | undefined {
  try {
    copy.verify(watch);
    return undefined;
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'corrupt' || error.seq === undefined) throw error;
    inspectJournal(copyPath);
    return error.seq;
  }
}

function sync(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
