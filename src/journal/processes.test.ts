/**
 * Real processes: a writer that is killed, a second one, disks that are full or read-only.
 *
 * Disks are small file systems in memory, mounted where only the child sees them (`unshare`); a machine that allows no
 * such mount says so in the name of the test.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { long } from '../../test/long.ts';
import { CONTRACT_OPTIONS, thrownBy } from './journal.contract.ts';
import { openJournal, openJournalReader } from './sqlite-journal.ts';

const writerProgram = fileURLToPath(new URL('writer.child.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'rungwise-processes-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

describe('a writer that is killed', () => {
  const kills = long(20, 200);

  test(`keeps every acknowledged row and the lock is free: ${kills} kills`, {
    timeout: long(180_000, 900_000),
  }, async () => {
    const path = join(root, 'killed', 'journal.db');
    let acknowledged = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const writer = startWriter(path);
      // From the first instant (while it opens) to well into its archiving.
      const linesBeforeKill = kill % 4 === 0 ? 0 : 1 + ((kill * 37) % 60);
      acknowledged = Math.max(acknowledged, await writer.killAfter(linesBeforeKill, kill % 7));

      const journal = openJournal(path, CONTRACT_OPTIONS);
      expect(journal.lastSeq, `after kill ${kill}`).toBeGreaterThanOrEqual(acknowledged);
      expect(journal.verify().rows, `after kill ${kill}`).toBe(journal.lastSeq);
      journal.close();
    }
    const reader = openJournalReader(path);
    let next = 1;
    for (const { seq, payload } of reader.rows()) {
      expect(payload).toMatchObject({ seq });
      expect(seq).toBe(next);
      next += 1;
    }
    expect(reader.verify().archivedRows, 'it was archiving all the while').toBeGreaterThan(0);
    reader.close();
  });
});

describe('a second writer', () => {
  test('is refused within a second, by pid and start, and the first goes on', async () => {
    const path = join(root, 'second', 'journal.db');
    const first = startWriter(path);
    await first.lines(3);
    const startedMs = performance.now();
    const refusal = thrownBy(() => openJournal(path, CONTRACT_OPTIONS));
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(refusal.code).toBe('second-instance');
    expect(refusal.message).toContain(`pid ${first.pid}, started 20`);
    await first.lines(10);
    await first.killAfter(0, 0);
    openJournal(path, CONTRACT_OPTIONS).close();
  });

  test('is refused under another name of the same journal', async () => {
    const path = join(root, 'names', 'journal.db');
    const first = startWriter(path);
    await first.lines(1);
    execFileSync('ln', ['-s', join(root, 'names'), join(root, 'other-name')]);
    const refusal = thrownBy(() => openJournal(join(root, 'other-name', 'journal.db'), CONTRACT_OPTIONS));
    expect(refusal.code).toBe('second-instance');
    await first.killAfter(0, 0);
  });
});

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

describe(canTrace ? 'a commit' : 'a commit (no strace on this machine: not run)', () => {
  test.runIf(canTrace)('is in the log and synced before it is acknowledged', () => {
    const trace = join(root, 'trace.txt');
    const path = join(root, 'traced', 'journal.db');
    const calls = 'trace=fdatasync,fsync,write,pwrite64';
    spawnSync('strace', ['-f', '-e', calls, '-o', trace, process.execPath, writerProgram, path, '5']);
    let waits: string[] = [];
    const acknowledged: string[] = [];
    for (const call of readFileSync(trace, 'utf8').split('\n')) {
      const said = /write\(1, "(\d+)/.exec(call)?.[1];
      if (said !== undefined) {
        acknowledged.push(said);
        expect(waits, `written and not synced when row ${said} was acknowledged`).toEqual([]);
      }
      const written = /pwrite64\((\d+), .*, (\d+), \d+\)/.exec(call);
      const synced = /f(?:data)?sync\((\d+)\)/.exec(call)?.[1];
      // Pages; the 32 bytes of the acknowledgement are not synced, on purpose.
      if (written?.[1] !== undefined && Number(written[2]) === 4_096) waits.push(written[1]);
      if (synced !== undefined) waits = waits.filter((descriptor) => descriptor !== synced);
    }
    expect(acknowledged).toEqual(['3', '6', '9', '12', '15']);
  });
});

describe(canTrace ? 'an archive' : 'an archive (no strace on this machine: not run)', () => {
  test.runIf(canTrace)('is synced before it gets its name, and its folder before the rows leave the journal', () => {
    const trace = join(root, 'archive-trace.txt');
    const path = join(root, 'traced-archive', 'journal.db');
    const calls = 'trace=fsync,rename';
    spawnSync('strace', ['-f', '-y', '-e', calls, '-o', trace, process.execPath, writerProgram, path, '60']);
    const lines = readFileSync(trace, 'utf8').split('\n');
    const renamed = lines.findIndex((line) => /rename\(.*\.zst\.unfinished"/.test(line));
    const lastSynced = lines.slice(0, renamed).findLast((line) => line.includes('fsync('));
    expect(lastSynced).toContain('.ndjson.zst.unfinished>');
    const nextSynced = lines.slice(renamed).filter((line) => line.includes('fsync('));
    expect(nextSynced[0]).toMatch(/archive>\)/);
    expect(nextSynced[1], 'the delete is committed after both').toContain('journal.db-wal>');
  });
});

describe(mountIsAllowed() ? 'a disk' : 'a disk (this machine allows no private mount: not run)', () => {
  const allowed = mountIsAllowed();

  test.runIf(allowed)(
    'that is full: a clear error, every acknowledged row is kept, and it goes on when there is space',
    () => {
      const script = `
      mount -t tmpfs -o size=1m none "$1" && cd "$1"
      "$NODE" "$WRITER" journal.db 100000 3 400
      echo "--- more space"
      mount -o remount,size=8m none "$1"
      "$NODE" "$WRITER" journal.db 5 3 400`;
      const [full, again] = inPrivateMounts(script).split('--- more space\n');
      const lines = full?.trim().split('\n') ?? [];
      const refusal = lines.pop() ?? '';
      const acknowledged = Number(lines.at(-1));
      expect(refusal).toContain('"code":"disk-full"');
      expect(refusal).toContain('free space');
      expect(acknowledged).toBeGreaterThan(100);
      expect(again?.trim().split('\n')).toEqual([
        'open',
        ...[3, 6, 9, 12, 15].map((rows) => String(acknowledged + rows)),
        'closed',
      ]);
    },
  );

  test.runIf(allowed)('that is full before there is a journal: a clear error, and no half journal', () => {
    const script = `
      mount -t tmpfs -o size=64k none "$1" && cd "$1"
      dd if=/dev/zero of=ballast bs=4k count=16 2>/dev/null
      "$NODE" "$WRITER" journal.db 1
      rm ballast; mount -o remount,size=8m none "$1"
      "$NODE" "$WRITER" journal.db 1`;
    const [refusal, ...rest] = inPrivateMounts(script).trim().split('\n');
    expect(refusal).toContain('"code":"disk-full"');
    expect(rest).toEqual(['open', '3', 'closed']);
  });

  test.runIf(allowed)('that is read-only: the writer is refused clearly, readers read', () => {
    const reading = `
      import { openJournalReader } from '${new URL('sqlite-journal.ts', import.meta.url).href}';
      const reader = openJournalReader('journal.db');
      console.log('read', [...reader.rows()].length, reader.verify().rows);`;
    const script = `
      mount -t tmpfs -o size=8m none "$1" && cd "$1"
      "$NODE" "$WRITER" journal.db 2 > /dev/null
      mount -o remount,ro none "$1"
      "$NODE" "$WRITER" journal.db 1
      "$NODE" "$WRITER" new/journal.db 1
      "$NODE" --input-type=module -e "$2"`;
    const lines = inPrivateMounts(script, reading).trim().split('\n');
    expect(lines[0]).toContain('"code":"read-only"');
    expect(lines[0]).toContain('Make the file and its folder writable');
    expect(lines[1]).toContain('"code":"read-only"');
    expect(lines[2]).toBe('read 6 6');
  });
});

interface Writer {
  readonly pid: number | undefined;
  /** Waits for so many more lines and gives the last. */
  lines(count: number): Promise<string>;
  /** Kills after so many more lines and a pause; gives the last row it had vouched for. */
  killAfter(lines: number, pauseMs: number): Promise<number>;
}

function startWriter(path: string): Writer {
  const child = spawn(process.execPath, [writerProgram, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let acknowledged = 0;
  let heard = 0;
  let wake = (): void => {};
  let last = '';
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => {
    last = line;
    heard += 1;
    acknowledged = Number(line) || acknowledged;
    wake();
  });
  const lines = async (count: number): Promise<string> => {
    const wanted = heard + count;
    while (heard < wanted) await new Promise<void>((resolve) => (wake = resolve));
    return last;
  };
  return {
    pid: child.pid,
    lines,
    killAfter: async (count, pauseMs) => {
      await lines(count);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const ended = once(output, 'close');
      child.kill('SIGKILL');
      await ended;
      running.delete(child);
      return acknowledged;
    },
  };
}

function mountIsAllowed(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-mount-'));
  const done = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', folder]);
  rmSync(folder, { recursive: true, force: true });
  return done.status === 0;
}

/** Runs a shell script that sees its own mounts; `$1` is an empty folder, what it prints is returned. */
function inPrivateMounts(script: string, ...args: string[]): string {
  const folder = mkdtempSync(join(root, 'mount-'));
  const env = { ...process.env, NODE: process.execPath, WRITER: writerProgram };
  const done = spawnSync('unshare', ['-rm', 'sh', '-c', script, 'sh', folder, ...args], { encoding: 'utf8', env });
  expect(done.stderr).toBe('');
  return done.stdout;
}
