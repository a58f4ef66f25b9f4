/** A restart in the middle of a factor, a pause, a doubt and a halt: what the governors knew is in the journal, and goes on to the last byte. */
import { describe, expect, it } from 'vitest';
import { everyEvent } from '../../../test/every-event.ts';
import { generated } from '../../../test/generated.ts';
import { loadTree } from '../../config/index.ts';
import type { Decision, Governed } from '../../core/decision.ts';
import { governing } from '../../core/governors/door.ts';
import { money } from '../../core/numbers/units.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { saveRegistry, saveTouched } from '../../core/saved-registry.ts';
import { step } from '../../core/step.ts';
import { DEFAULT_FILL_MODEL } from '../../sim/matching/fill-model.ts';
import { encodeState } from '../loop.ts';
import type { JournalPast } from '../ports.ts';
import { recover } from './recover.ts';

const market = generated(5, 1_200, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP']);
const balance = money(1_000_00000000n);
/** Quick to act, so that two thirds of a day hold everything. */
const { policy } = loadTree({
  governors: {
    size_by_day: {
      losses: [
        { at: -0.1, factor: 0.8 },
        { at: -0.4, factor: 0.6 },
      ],
      gains: [{ at: 0.05, factor: 1.1 }],
    },
    pause: { symbol_losses: 2, symbol_minutes: 5, account_losses: 2, account_minutes: 3, max_drawdown: 0.25 },
  },
});

const fresh = (): Registry =>
  newRegistry({ run: 'test', policy, instruments: market.instruments, balance, traced: false, ready: false });

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

const { events } = everyEvent({
  policy,
  ...market,
  balance,
  model: DEFAULT_FILL_MODEL,
  funding: { intervalMs: 28_800_000, rateE8: () => 10_000 },
  traced: false,
});

/** Rows of the journal and the decisions of each event, as the loop would write them. */
function lived(): { readonly rows: Row[]; readonly rowsAfter: number[]; readonly decisions: (readonly Decision[])[] } {
  const registry = fresh();
  const rows: Row[] = [];
  const rowsAfter: number[] = [];
  const decisions: (readonly Decision[])[] = [];
  for (const event of events) {
    rows.push({ seq: rows.length + 1, kind: 'event', atMs: event.at, payload: event } as Row);
    const decided = [...step(registry, event)];
    if (decided.length > 0 || registry.symbols.some(({ touched }) => touched))
      rows.push({
        seq: rows.length + 1,
        kind: 'decision',
        atMs: event.at,
        payload: { decisions: decided, after: saveTouched(registry) },
      } as Row);
    rowsAfter.push(rows.length);
    decisions.push(decided);
  }
  return { rows, rowsAfter, decisions };
}

const life = lived();
const isGoverned = (decision: Decision): decision is Governed => decision.kind === 'governed';
const firstWhere = (holds: (governed: Governed) => boolean) =>
  life.decisions.findIndex((decided) => decided.filter(isGoverned).some(holds));

/** Events after which it is killed. */
const CUTS = {
  'a factor': firstWhere(({ governor, new: now }) => governor === 'size-by-day' && now === '0.8'),
  'a pause of one symbol': firstWhere(({ governor, instId }) => governor === 'pause' && instId !== undefined),
  'a pause of all': firstWhere(({ because, instId }) => because.code === 'losses-in-a-row' && instId === undefined),
  'a re-tuned position': firstWhere(
    ({ governor, until }) => governor === 'targets-by-volatility' && until !== undefined,
  ),
  'the doubt of one low reading': firstWhere(({ because }) => because.code === 'drawdown') - 1,
  'a halt': firstWhere(({ because }) => because.code === 'drawdown'),
};

describe.each(Object.entries(CUTS))('a restart in the middle of %s', (name, cut) => {
  it('finds it as it was, and everything after is decided as if nothing had happened', () => {
    expect(cut, 'it comes to that').toBeGreaterThan(0);
    const whole = fresh();
    for (const event of events.slice(0, cut + 1)) step(whole, event);
    const rows = life.rows.slice(0, life.rowsAfter[cut]);
    const restarted = fresh();
    recover(restarted, {
      rows: (from = 1) => rows.slice(from - 1),
      latestSnapshot: () => undefined,
      lastSeq: rows.length,
    });
    expect(encodeState(saveRegistry(restarted))).toBe(encodeState(saveRegistry(whole)));
    expect(governing(restarted)).toEqual(governing(whole));
    if (name === 'a halt') expect(restarted.halt).toMatchObject({ by: 'emergency-stop' });
    for (const event of events.slice(cut + 1))
      expect(encodeState(step(restarted, event))).toBe(encodeState(step(whole, event)));
  });
});

describe('a journal of before there were governors', () => {
  it('is read: they begin to watch, and what was open is taken as it stands', () => {
    const cut = CUTS['a re-tuned position'];
    const rows = life.rows.slice(0, life.rowsAfter[cut - 1]).map((row) => ({ ...row, payload: aged(row.payload) }));
    const registry = fresh();
    recover(registry, {
      rows: (from = 1) => rows.slice(from - 1),
      latestSnapshot: () => undefined,
      lastSeq: rows.length,
    });
    expect(registry.governors.size.told).toBe('1');
    const open = registry.symbols.flatMap(({ position }) => (position === undefined ? [] : [position]));
    expect(open.length).toBeGreaterThan(0);
    for (const { exits, openedAt } of open)
      expect(exits).toMatchObject({
        first: { stopTicks: exits.stopDistanceTicks, targetTicks: exits.targetDistanceTicks, factor: 1 },
        tunedBy: 1,
        tunedAt: openedAt,
      });
    for (const event of events.slice(cut)) step(registry, event);
  });
});

/** A payload without anything that governors have brought. */
function aged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(aged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !['governors', 'first', 'tunedBy', 'tunedAt', 'factor'].includes(key))
      .map(([key, each]) => [key, aged(each)]),
  );
}
