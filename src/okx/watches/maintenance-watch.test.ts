/** Maintenance as OKX lists and pushes it. */
import { describe, expect, it } from 'vitest';
import type { MaintenanceSaid } from '../../core/event.ts';
import type { Rest } from '../door/rest.ts';
import { systemStatus } from '../wire/system-status.ts';
import { MaintenanceWatch } from './maintenance-watch.ts';

/** The shape of OKX's own example. */
const ROW = {
  title: 'Trading account system upgrade (in batches of accounts)',
  state: 'scheduled',
  begin: '1672823400000',
  end: '1672823520000',
  href: '',
  serviceType: '8',
  system: 'unified',
  scheDesc: '',
  maintType: '1',
  env: '1',
};
const { title } = ROW;

function watching(isDemo = false) {
  let answer: readonly object[] | 'fault' | 'unreadable' = [];
  let held: Promise<readonly object[]> | undefined;
  const rest = {
    exchangeNowMs: () => 7,
    get: () => {
      if (held !== undefined) {
        const rows = held;
        held = undefined;
        return rows.then((all) => ({ kind: 'ok', rows: all.map((row) => systemStatus.read.parse(row)), faults: [] }));
      }
      if (answer === 'fault')
        return Promise.resolve({ kind: 'fault', fault: { class: 'maintenance', code: '50001', message: '' } });
      const rows = answer === 'unreadable' ? [] : answer.map((row) => systemStatus.read.parse(row));
      const faults = answer === 'unreadable' ? [{ index: 0, reason: 'begin: no number' }] : [];
      return Promise.resolve({ kind: 'ok', rows, faults });
    },
  } as unknown as Rest;
  const heard: MaintenanceSaid[] = [];
  const warnings: string[] = [];
  const watch = new MaintenanceWatch({
    rest,
    isDemo,
    hear: (event) => heard.push(event),
    warn: (message) => warnings.push(message),
  });
  const list = async (rows: typeof answer) => {
    answer = rows;
    watch.missed();
    watch.look();
    await Promise.resolve();
    await Promise.resolve();
  };
  /** Asked for now; the answer comes when the returned is called. */
  const listLate = (rows: readonly object[]) => {
    let give: (rows: readonly object[]) => void = () => undefined;
    held = new Promise((resolve) => (give = resolve));
    watch.missed();
    watch.look();
    return async () => {
      give(rows);
      await new Promise(setImmediate);
    };
  };
  const push = (row: object) => watch.hear(systemStatus.read.parse(row));
  return { heard, warnings, list, listLate, push, windows: () => heard.at(-1)?.windows };
}

describe('maintenance at OKX', () => {
  it('is told as it is listed: that there is none, what is planned, what runs', async () => {
    const { heard, list, windows } = watching();
    await list([]);
    expect(heard).toEqual([{ kind: 'maintenance', at: 7, windows: [] }]);
    await list([]);
    expect(heard.length, 'the same is no news').toBe(1);
    await list([ROW]);
    const window = { title, service: '8', begin: 1_672_823_400_000, end: 1_672_823_520_000, stopsTrading: true };
    expect(windows()).toEqual([{ ...window, state: 'planned' }]);
    await list([{ ...ROW, state: 'ongoing' }]);
    expect(windows()).toEqual([{ ...window, state: 'running' }]);
    await list([]);
    expect(windows()).toEqual([]);
  });

  it('is not over for an answer that was asked for before, and comes later', async () => {
    const { list, listLate, windows } = watching();
    const late = listLate([]);
    await list([{ ...ROW, state: 'ongoing' }]);
    await late();
    expect(windows()).toMatchObject([{ state: 'running' }]);
  });

  it('is told as it is pushed, once the list was read: one push says nothing of the others', async () => {
    const { heard, list, push, windows } = watching();
    push({ ...ROW, state: 'ongoing' });
    expect(heard).toEqual([]);
    await list([ROW, { ...ROW, title: 'Another' }]);
    push({ ...ROW, state: 'pre_open' });
    expect(windows()).toMatchObject([
      { title, state: 'running' },
      { title: 'Another', state: 'planned' },
    ]);
    push({ ...ROW, state: 'completed' });
    push({ ...ROW, title: 'Another', state: 'canceled' });
    expect(windows()).toEqual([]);
  });

  it('that is pushed while the list is read, and not yet listed, is kept', async () => {
    const { list, push, windows } = watching();
    await list([]);
    const reading = list([]);
    push({ ...ROW, state: 'ongoing' });
    await reading;
    expect(windows()).toMatchObject([{ title, state: 'running' }]);
    await list([]);
    expect(windows()).toEqual([]);
  });

  it('in batches of one title is the batch that runs, else the next one, in whatever order they are listed', async () => {
    const batch = (state: string, minute: number) => ({ ...ROW, state, begin: String(minute * 60_000), end: '' });
    const batches = [batch('scheduled', 30), batch('ongoing', 10), batch('scheduled', 20), batch('completed', 5)];
    for (const rows of [batches, batches.toReversed()]) {
      const { list, push, windows } = watching();
      await list(rows);
      const running = [{ title, state: 'running', begin: 600_000 }];
      expect(windows()).toMatchObject(running);
      push(batch('scheduled', 40));
      push(batch('completed', 5));
      expect(windows(), 'of another batch').toMatchObject(running);
      push(batch('completed', 10));
      expect(windows()).toEqual([]);
      await list(rows.filter(({ state }) => state === 'scheduled'));
      expect(windows()).toMatchObject([{ title, state: 'planned', begin: 1_200_000 }]);
    }
  });

  //  service   env   demo    told   stops trading
  it.each([
    ['5', '1', false, true, true],
    ['8', '1', false, true, true],
    ['9', '1', false, true, true],
    ['77', '1', false, true, true],
    ['0', '1', false, true, false],
    ['99', '1', false, true, false],
    ['6', '1', false, false, false],
    ['7', '1', false, false, false],
    ['10', '1', false, false, false],
    ['11', '1', false, false, false],
    ['5', '2', false, false, false],
    ['5', '2', true, true, true],
    ['5', '1', true, false, false],
  ])(
    'of service %s in environment %s, where demo is %s, is told: %s, and stops trading: %s',
    async (serviceType, env, isDemo, isTold, stopsTrading) => {
      const { list, windows } = watching(isDemo);
      await list([{ ...ROW, serviceType, env }]);
      expect(windows()).toMatchObject(isTold ? [{ service: serviceType, stopsTrading }] : []);
    },
  );

  it('of a state that nobody knows is one to stand still in', async () => {
    const { list, windows } = watching();
    await list([{ ...ROW, state: 'paused', begin: '', end: '', serviceType: '0' }]);
    expect(windows()).toEqual([{ title, service: '0', state: 'running', stopsTrading: true }]);
  });

  it('that was known is not over because the list cannot be read', async () => {
    const { list, windows, warnings } = watching();
    await list([ROW]);
    await list('fault');
    await list('unreadable');
    expect(windows()).toMatchObject([{ title }]);
    expect(warnings.length).toBe(2);
  });
});
