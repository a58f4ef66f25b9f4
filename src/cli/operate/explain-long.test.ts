/** A journal that is longer than what `explain` reads at once: what is asked for is found wherever it stands, with the event that it was decided on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { rungwise } from '../../../test/command-line.ts';
import { CONTRACT_OPTIONS } from '../../journal/journal.contract.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-explain-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const path = join(root, 'journal.db');

const ROWS = 110_000;
/** In the first stretch of all, at the end of one, where the next begins, and after that. */
const DECIDED_AT = [4, 9_999, 10_001, 10_003];

const idAt = (seq: number) => `order${seq}`;
const symbolAt = (seq: number) => `S${seq}-USDT-SWAP`;

beforeAll(() => {
  const journal = openJournal(path, CONTRACT_OPTIONS);
  for (let seq = 1; seq <= ROWS; seq++) {
    if (DECIDED_AT.includes(seq)) {
      const place = { kind: 'place', at: seq, order: { clientId: idAt(seq), instId: symbolAt(seq) } };
      const refused = { kind: 'refused', at: seq, instId: symbolAt(seq), refusal: { code: 'halted' } };
      journal.append('decision', seq, { decisions: [place, refused], after: {} });
    } else if (seq === ROWS) journal.append('event', seq, { kind: 'order-accepted', at: seq, clientId: idAt(4) });
    else journal.append('event', seq, { kind: 'time', at: seq });
  }
  journal.commit();
  journal.close();
}, 120_000);

it.each(DECIDED_AT)('row %i', async (row) => {
  const order = JSON.parse((await rungwise(['explain', idAt(row), '--journal', path, '--json'])).out);
  expect(order).toMatchObject({ row, event: { kind: 'time', at: row - 1 } });
  const life = (order as { life: readonly { row: number }[] }).life.map((each) => each.row);
  expect(life).toEqual(row === 4 ? [ROWS] : []);
  const refusal = JSON.parse(
    (await rungwise(['explain', '--last-refusal', symbolAt(row), '--journal', path, '--json'])).out,
  );
  expect(refusal).toMatchObject({ row, event: { kind: 'time', at: row - 1 } });
});

it('and what is nowhere is not found; on a terminal the rows that were read are counted meanwhile', async () => {
  const { code, err } = await rungwise(['explain', 'nonsense', '--journal', path]);
  expect([code, err]).toEqual([1, expect.stringContaining('no order "nonsense"')]);
  expect(err).not.toContain('rows');
  // A bar begins after 0.3 s, which so few rows may not take.
  const clock = vi.spyOn(performance, 'now');
  let calls = 0;
  clock.mockImplementation(() => (calls += 1_000));
  onTestFinished(() => clock.mockRestore());
  const watched = await rungwise(['explain', 'nonsense', '--journal', path], { isTTY: true });
  expect(watched.err).toMatch(/ 1,000 rows.* 110,000 rows/s);
  expect(watched.err, 'cleared before what is said').toContain('\r\u001b[Kthe journal holds no order');
});
