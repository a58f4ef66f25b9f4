/** Files that are there whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Written aside, flushed and renamed: readers see the old one or the new one, after a power cut too. @throws what the system says, with the `path` */
export function writeWhole(path: string, pieces: readonly Uint8Array[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.new`;
  removeLeft(path, aside);
  const file = openSync(aside, 'w');
  try {
    for (const piece of pieces) for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    fsyncSync(file);
  } catch (error) {
    rmSync(aside, { force: true });
    // Of a file that is open the system does not say which it is.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}

/** What a process that was killed while it wrote has left aside; whoever writes a path is alone there. */
function removeLeft(path: string, own: string): void {
  const folder = dirname(path);
  const left = readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith('.new'));
  for (const name of left) if (name !== basename(own)) rmSync(join(folder, name), { force: true });
}
