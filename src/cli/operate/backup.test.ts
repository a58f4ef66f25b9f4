/** `rungwise backup`: what it says, where the copy lies, and that the other commands read it. What a copy holds: src/journal/backup.test.ts. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { CONTRACT_OPTIONS } from '../../journal/journal.contract.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';

inEmptyFolder();

const PATH = join('state', 'demo', 'journal.db');
const WIDE = { columns: 1_000 };

/** 300 rows: 1–100 in two archives, a snapshot at 250. */
beforeEach(() => {
  const archive = { rowsMax: 150, bytesMax: 1e12, segmentRows: 50 };
  const journal = openJournal(PATH, { ...CONTRACT_OPTIONS, archive });
  for (let seq = 1; seq <= 300; seq += 1) journal.append('event', seq, { seq });
  journal.snapshot(250, 'state');
  journal.commit();
  while (journal.archive() !== undefined);
  journal.close();
});

it('lies beside the journal, named by the time, and is read as the journal is', async () => {
  const { code, out } = await rungwise('backup', WIDE);
  const folder = readdirSync(join('state', 'demo')).find((name) => name.startsWith('backup-')) ?? '';
  expect(folder).toMatch(/^backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
  const copy = join('state', 'demo', folder, 'journal.db');
  expect([code, out]).toEqual([
    0,
    `300 rows of ${PATH} copied and read through: ${copy}, with 2 archives of older rows beside it\n`,
  ]);
  const asked = `explain --last-refusal BTC-USDT-SWAP --journal`;
  expect(await rungwise(`${asked} ${copy}`)).toEqual(await rungwise(`${asked} ${PATH}`));
});

it('lies where it is told to, of the bot that is named; one object in JSON', async () => {
  const { code, out } = await rungwise(`backup ${join('copies', 'today')} --journal ${PATH} --json`);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    folder: join(process.cwd(), 'copies', 'today'),
    journal: join(process.cwd(), 'copies', 'today', 'journal.db'),
    lastSeq: 300,
    archives: 2,
    bytes: expect.any(Number),
    damagedSeq: null,
  });
  expect(readdirSync(join('copies', 'today')).sort()).toEqual(['archive', 'journal.db']);
});

it('is told in Russian', async () => {
  const { out } = await rungwise('backup copy --lang ru', WIDE);
  const copy = join('copy', 'journal.db');
  expect(out).toBe(`300 строк из ${PATH}: копия снята и прочитана целиком, ${copy}; рядом 2 архива старых строк\n`);
});

it.each([
  ['en', /row 200 is damaged in the journal, and so in the copy/],
  ['ru', /строка 200 повреждена в самом журнале, а значит, и в копии/],
])(
  'of rows that are damaged before the last snapshot is made, and says so: exit code 1 (%s)',
  async (language, said) => {
    const db = new DatabaseSync(PATH);
    db.prepare('UPDATE rows SET at = at + 1 WHERE seq = 200').run();
    db.close();
    const { code, out } = await rungwise(`backup copy --lang ${language}`, WIDE);
    expect(code).toBe(1);
    expect(out).toMatch(said);
    expect(JSON.parse((await rungwise('backup other --json')).out)).toMatchObject({ lastSeq: 300, damagedSeq: 200 });
  },
);

it('without a name where one is expected is none', async () => {
  const { code, err } = await rungwise(['backup', '', '--lang', 'ru'], WIDE);
  expect([code, err]).toEqual([2, expect.stringContaining('. уже есть, а копии нужна своя папка')]);
});

it.each([
  ['.', '. exists, and a copy gets a folder of its own', '. уже есть, а копии нужна своя папка'],
  ['copy', 'copy exists, and a copy gets a folder of its own', 'copy уже есть, а копии нужна своя папка'],
  ['x --account main', 'There is no journal at', 'его здесь нет'],
])('%s is refused with exit code 2, and nothing is made', async (words, english, russian) => {
  mkdirSync('copy');
  const before = readdirSync('.', { recursive: true });
  for (const [language, said] of [
    ['en', english],
    ['ru', russian],
  ] as const) {
    const { code, err } = await rungwise(`backup ${words} --lang ${language}`, WIDE);
    expect([code, err]).toEqual([2, expect.stringContaining(said)]);
  }
  expect(readdirSync('.', { recursive: true })).toEqual(before);
});
