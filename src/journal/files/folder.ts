/** Folders and names that are there after a power cut, too; second names of files; databases that are thrown away. */
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Each new folder is synced into the one above it. @param folder whole, from the root @throws what the system says */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  makeFolder(above);
  // On a read-only file system mkdir may say that the folder above does not exist; this says what is wrong.
  accessSync(above, constants.W_OK);
  try {
    // Not `recursive`: where the folder above is there and takes none (/proc), Node would try for ever.
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else has made it.
    if (existsSync(folder)) return;
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? Object.assign(error, { code: 'EROFS' })
      : error;
  }
  syncFolder(above);
}

/** After this, a file made or renamed in the folder survives a power failure. */
export function syncFolder(folder: string): void {
  // Windows has no folder sync; NTFS journals its own metadata.
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** What `path` holds now stays under `name`, whatever is put in its place. @throws what the system says, also where something has that name */
export function keepAs(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // A file system without hard links (exFAT, many shares).
    copyFileSync(path, name, constants.COPYFILE_EXCL);
  }
}

/** A database that nobody has opened, with all that stands beside it under its name. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm', '-acked']) rmSync(`${path}${suffix}`, { force: true });
}
