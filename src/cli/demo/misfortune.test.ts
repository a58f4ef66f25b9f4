/** What befalls a bot besides the market, as its user meets it: each a clear message, nothing added, nothing lost. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rungwise, unhurriedDemos } from '../../../test/command-line.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** A private mount wants user namespaces, which some machines do not give. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

unhurriedDemos();

const DAMAGED_ROW = 1_000;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journal = () => join(folder, 'demo', 'journal.db');
const run = (words: string) => rungwise(words, { env: { RUNGWISE_HOME: folder } });

/** Runs a shell script with mounts of its own in the folder that RUNGWISE_HOME names. */
function inPrivateMounts(script: string): { readonly out: string; readonly err: string } {
  const env = { ...process.env, NODE: process.execPath, MAIN, RUNGWISE_HOME: folder, LANG: 'en' };
  const done = spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8', env });
  return { out: done.stdout, err: done.stderr };
}

describe.runIf(canMount)('a disk', () => {
  it('that fills up ends the trading, says so, and keeps every row that anything was sent on', () => {
    const { out, err } = inPrivateMounts(`
      mount -t tmpfs -o size=4m none "$RUNGWISE_HOME"
      "$NODE" "$MAIN" demo --json --speed 5000 --for 1h; echo "exit $?"
      mount -o remount,size=64m none "$RUNGWISE_HOME"
      "$NODE" "$MAIN" replay "$RUNGWISE_HOME/demo/journal.db"; echo "exit $?"`);
    expect(err).toContain('the journal failed, so the demo has stopped: nothing is done that is not written down');
    expect(err).toContain('the disk is full. Nothing half-written was kept; free space and start again');
    expect(err, 'no stack').not.toMatch(/^\s+at /m);
    const lines = out.trim().split('\n');
    const end = lines.indexOf('exit 2');
    expect(JSON.parse(lines[end - 1] ?? '')).toMatchObject({ kind: 'summary', ended: 'failed' });
    expect(lines.slice(end + 1).at(-1), 'what was written is whole and was decided so').toBe('exit 0');
    expect(lines.at(-2)).toMatch(/^same: [\d,]+ rows, every decision as recorded$/);
  });

  it('that is full from the start is not said to hold every decision', () => {
    const { out, err } = inPrivateMounts(`
      mount -t tmpfs -o size=600k none "$RUNGWISE_HOME"
      "$NODE" "$MAIN" demo --speed 3000 --for 30s; echo "exit $?"`);
    expect(err).toContain('the disk is full');
    expect(out).toContain('exit 2');
    expect(out).not.toContain('every event and decision');
  });

  it('that is read-only is refused before anything begins', () => {
    const { out, err } = inPrivateMounts(`
      mount -t tmpfs -o size=8m,ro none "$RUNGWISE_HOME"
      "$NODE" "$MAIN" demo --for 1s; echo "exit $?"`);
    expect(out).toBe('exit 2\n');
    expect(err).toContain('Make the file and its folder writable, or point RUNGWISE_HOME elsewhere');
    expect(err, 'no stack').not.toMatch(/^\s+at /m);
  });

  it('says so in Russian too', () => {
    const { out, err } = inPrivateMounts(`
      mount -t tmpfs -o size=64k none "$RUNGWISE_HOME"
      dd if=/dev/zero of="$RUNGWISE_HOME/ballast" bs=4k count=15 2> /dev/null
      "$NODE" "$MAIN" demo --for 1s --lang ru; echo "exit $?"
      mount -o remount,ro none "$RUNGWISE_HOME"
      "$NODE" "$MAIN" demo --for 1s --lang ru; echo "exit $?"`);
    expect(out).toBe('exit 2\nexit 2\n');
    expect(err).toContain('диск заполнен. Недописанного не осталось; освободите место и запустите снова');
    expect(err).toContain('сюда нельзя писать. Откройте файл и папку для записи');
  });
});

describe('a damaged journal', () => {
  beforeEach(async () => {
    expect((await run('demo --json --for 100ms --speed 6000 --symbols BTC-USDT-SWAP')).code).toBe(0);
    const db = new DatabaseSync(journal());
    db.exec(`DELETE FROM snapshots; UPDATE rows SET payload = replace(payload, '1', '2') WHERE seq = ${DAMAGED_ROW}`);
    db.close();
  });

  it('is told with what to do, and is left as it is', async () => {
    const before = readFileSync(journal());
    for (const words of [['replay'], ['explain', 'rwdemo000999e00010', '--journal']]) {
      const { code, err } = await rungwise([...words, journal()]);
      expect(code).toBe(2);
      expect(err).toContain('The files are left untouched. Restore a copy, or run "rungwise recover"');
    }
    const { err } = await rungwise(['replay', journal(), '--lang', 'ru']);
    expect(err).toContain(`строка ${DAMAGED_ROW}: данные повреждены. Файлы оставлены как были`);
    expect(readFileSync(journal()).equals(before)).toBe(true);
  });

  it('is recovered: every row before the damage stands, the damaged files stay beside it', async () => {
    const { code, out, err } = await rungwise(['recover', journal(), '--json']);
    expect(code, err).toBe(0);
    const { damagedPath, lastSeq } = JSON.parse(out) as { damagedPath: string; lastSeq: number };
    expect(statSync(damagedPath).size).toBeGreaterThan(0);
    expect(lastSeq).toBe(DAMAGED_ROW - 1);
    expect(rowsOf(journal())).toHaveLength(lastSeq);
    expect((await rungwise(['recover', journal()])).out).toContain('there is nothing to recover');
  });
});

describe('a clock', () => {
  it('that is an hour off changes no event and no decision', async () => {
    const words = 'demo --json --for 100ms --speed 6000 --symbols BTC-USDT-SWAP';
    await run(words);
    const right = rowsOf(journal());
    const now = Date.now;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
    try {
      expect((await run(words)).code).toBe(0);
    } finally {
      clock.mockRestore();
    }
    const wrong = rowsOf(journal());
    expect(right.length, 'more than the history').toBeGreaterThan(1_700);
    expect(wrong.find((row, at) => row !== right[at])).toBeUndefined();
    expect(wrong.length).toBe(right.length);
  });
});

function rowsOf(path: string): string[] {
  const reader = openJournalReader(path);
  try {
    return [...reader.rows()].map((row) =>
      JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
    );
  } finally {
    reader.close();
  }
}
