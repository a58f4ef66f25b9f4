/** `rungwise recover` on journals that were damaged in different places: what it says is what explain and replay then do. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { rungwise } from '../../../test/command-line.ts';
import { CONTRACT_OPTIONS } from '../../journal/journal.contract.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-recover-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** 300 rows with a snapshot at 250, several pages long. */
function newJournal(): string {
  const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const journal = openJournal(path, CONTRACT_OPTIONS);
  for (let seq = 1; seq <= 300; seq += 1) journal.append('event', seq, { seq, note: 'x'.repeat(100) });
  journal.snapshot(250, 'state');
  journal.commit();
  journal.close();
  return path;
}

function damageRow(path: string, seq: number): void {
  const db = new DatabaseSync(path);
  db.prepare('UPDATE rows SET at = at + 1 WHERE seq = ?').run(seq);
  db.close();
}

describe('recover', () => {
  it('keeps every row before damage after the last snapshot', async () => {
    const path = newJournal();
    damageRow(path, 290);
    const { code, out } = await rungwise(['recover', path]);
    expect(code).toBe(0);
    expect(out).toContain('kept up to row 289 of 300');
    expect((await rungwise(['recover', path])).out).toContain('there is nothing to recover');
  });

  it('says which rows it gave up where the damage is before the last snapshot, too', async () => {
    const [path, russian] = [newJournal(), newJournal()];
    for (const each of [path, russian]) for (const seq of [20, 290]) damageRow(each, seq);
    const { code, out } = await rungwise(['recover', path], { columns: 1_000 });
    expect(code).toBe(0);
    expect(out).toContain('kept up to row 289 of 300');
    expect(out).toContain('rows 1 to 250 were not kept, for some of them are damaged');
    const ru = await rungwise(['recover', russian, '--lang', 'ru'], { columns: 1_000 });
    expect(ru.out).toContain('строки с 1 по 250 не сохранены');
    const json = newJournal();
    for (const seq of [20, 290]) damageRow(json, seq);
    const told = JSON.parse((await rungwise(['recover', json, '--json'])).out) as object;
    expect(told).toMatchObject({ recovered: true, lastSeq: 289, givenUp: { firstSeq: 1, lastSeq: 250 } });
  });

  it.each([
    ['what it keeps', 290, /256 rows.* 289 rows.*kept up to row 289/s],
    ['a sound one', undefined, /256 rows.* 300 rows.*there\s+is\s+nothing/s],
  ])('counts on a terminal the rows that were read: %s', async (_, damaged, shown) => {
    const path = newJournal();
    if (damaged !== undefined) damageRow(path, damaged);
    // A bar begins after 0.3 s, which so few rows do not take.
    const clock = vi.spyOn(performance, 'now');
    let calls = 0;
    clock.mockImplementation(() => (calls += 1_000));
    onTestFinished(() => clock.mockRestore());
    const { err, out } = await rungwise(['recover', path], { isTTY: true });
    expect(err + out).toMatch(shown);
  });

  it('tells in Russian what cannot be read with the number of the system, not with its English', async () => {
    const path = newJournal();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 8_192);
    writeFileSync(path, bytes);
    const { code, err } = await rungwise(['replay', path, '--lang', 'ru']);
    expect(code, err).toBe(2);
    expect(err).toMatch(/данные повреждены.*\(SQLite 11\)/);
    writeFileSync(path, 'no journal at all');
    const strange = await rungwise(['recover', path, '--lang', 'ru']);
    expect([strange.code, strange.err]).toEqual([2, expect.stringMatching(/это не журнал.*\(SQLite 26\)/)]);
  });

  it('names the damaged row where the bot can go on all the same, and touches nothing', async () => {
    const path = newJournal();
    damageRow(path, 20);
    const bytes = readFileSync(path);
    const { code, out } = await rungwise(['recover', path]);
    expect(code).toBe(0);
    expect(out).toContain('can go on from its last snapshot');
    expect(out).toContain('Row 20 before that is damaged: explain and replay stop there');
    expect(out, 'the sentence that explain and replay send here would be refuted').not.toContain('nothing to recover');
    expect((await rungwise(['recover', path, '--json'])).out).toBe('{"recovered":false,"damagedSeq":20}\n');
    expect((await rungwise(['recover', path, '--lang', 'ru'])).out).toContain('Строка 20 до снимка');
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('names a saved state that is damaged, though its bot passes over it', async () => {
    const path = newJournal();
    const db = new DatabaseSync(path);
    db.exec('UPDATE snapshots SET at = at + 1 WHERE seq = 250');
    db.close();
    const { code, out } = await rungwise(['recover', path], { columns: 1_000 });
    expect(code).toBe(0);
    expect(out).toContain('the state saved after row 250 of the journal is damaged and passed over');
    expect((await rungwise(['recover', path, '--json'])).out).toBe('{"recovered":false,"damagedStates":[250]}\n');
    expect((await rungwise(['recover', path, '--lang', 'ru'])).out).toContain(
      'после строки 250, повреждено и пропущено',
    );
  });

  it('does not send back to itself where nothing can be kept, and leaves nothing beside', async () => {
    const path = newJournal();
    truncateSync(path, 20_480);
    const before = readdirSync(join(path, '..'));
    const english = await rungwise(['recover', path]);
    expect(english.code).toBe(2);
    expect(english.err).toContain('nothing can be kept');
    expect(english.err).not.toContain('rungwise recover');
    const russian = await rungwise(['recover', path, '--lang', 'ru']);
    expect(russian.err).toContain('сохранить нечего');
    expect(russian.err).not.toContain('rungwise recover');
    expect(readdirSync(join(path, '..')).filter((name) => !before.includes(name) && !/-shm$|-wal$/.test(name))).toEqual(
      [],
    );
  });
});
