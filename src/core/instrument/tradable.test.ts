/** An instrument that the exchange suspends, or gives another grid, under a running bot: what is refused, what is tried, what a person is told. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { exchangeLost } from '../account/lost.ts';
import type { Decision } from '../decision.ts';
import type { InstrumentSaid } from '../event.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { lots } from '../numbers/units.ts';
import { accountUnits } from '../registry.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';
import { fold } from '../step.ts';

const { instId } = SCRIPT_SWAP;
const CHANGES = [{ of: 'tick', was: '0.01', is: '0.1' }] as const;

const said = (script: Script, more: Partial<InstrumentSaid> = {}): Decision[] =>
  script.take({ kind: 'instrument', at: script.now, instId, changes: [], ...more });
const alerts = (script: Script, decisions: readonly Decision[]) =>
  script.ofKind('alert', decisions).map(({ code }) => code);

/** A reading that finds everything as it is believed. */
function read(script: Script): Decision[] {
  const holding = script.symbol.position?.holding;
  const positions =
    holding === undefined
      ? []
      : [{ instId, signedLots: holding.side * holding.lots, costUnits: holding.costUnits, leverage: 5 }];
  const orders = [...script.book.values()].map(({ order }) => ({
    clientId: order.clientId,
    instId,
    reduceOnly: order.reduceOnly,
  }));
  const { balance } = script.registry;
  return script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders });
}

it('another grid is told to a person again as often as it is another one, however it differs', () => {
  const script = new Script();
  const of = { t: CHANGES[0], l: { of: 'lot', was: '1', is: '10' }, L: { of: 'lot', was: '1', is: '100' } } as const;
  const heard = (letters: string) => said(script, { changes: [...letters].map((each) => of[each as keyof typeof of]) });
  const told = ['t', 't', 'tl', 'tl', 'tL', 'l', 't', 'tl', 't'].map((each) => alerts(script, heard(each)).length);
  expect(told).toEqual([1, 0, 1, 0, 1, 1, 1, 1, 1]);
});

it('a target that is refused again and again, though the instrument is traded, is tried once a minute after the twentieth, also in the next life', () => {
  const script = new Script();
  script.answers.set('target', 'reject');
  script.enter(1);
  const tries = () => script.placed.filter(({ role }) => role === 'target').length;
  for (let seconds = 0; seconds < 40; seconds += 2) {
    script.wait(2_000);
    read(script);
  }
  expect(tries()).toBe(1 + 20);
  for (let seconds = 0; seconds < 300; seconds += 2) {
    script.wait(2_000);
    read(script);
  }
  expect(tries(), 'one a minute').toBe(1 + 20 + 5);
  const next = new Script();
  loadRegistry(next.registry, saveRegistry(script.registry));
  expect(next.position.standsAgainAt).toEqual(script.position.standsAgainAt);
  script.answers.clear();
  script.wait(60_000);
  read(script);
  expect(script.has('target')).toBe(true);
});

it('a target that the exchange takes and ends at once again and again goes out four times, and then no sooner than 2 s after the last', () => {
  const script = new Script().enter(1);
  const tries = () => script.placed.filter(({ role }) => role === 'target').length;
  for (let times = 0; times < 10 && script.has('target'); times++) script.end('target');
  expect(tries()).toBe(4);
  script.wait(1_900);
  read(script);
  expect(tries()).toBe(4);
  script.wait(100);
  read(script);
  expect(tries()).toBe(5);
  script.end('target');
  script.take(script.fillEvent(-1, 1, PRICE));
  expect(tries(), 'a fill that reduces has it tried at once').toBe(6);
});

it('a close of which the exchange takes less at once than it did goes out by halves from the third try on, the rest once that is filled', () => {
  const script = new Script().enter(1);
  const { lots } = script.position.holding;
  const tries = () => script.placed.filter(({ role }) => role === 'close').map(({ sizeLots }) => sizeLots);
  script.answers.set('close', 'reject');
  script.operator({ do: 'flatten', by: 'a person' });
  script.wait(250);
  script.answers.clear();
  script.wait(500);
  expect([lots, tries()]).toEqual([2_221, [2_221, 2_221, 1_111, 556]]);
  script.fill('close');
  expect(tries().at(-1)).toBe(2_221 - 556);
  script.fill('close');
  expect(script.symbol.position).toBeUndefined();
});

describe.each([
  ['stopped', { stopped: 'suspend' }, { code: 'instrument-stopped', state: 'suspend' }],
  ['changed', { changes: CHANGES }, { code: 'instrument-changed', changes: CHANGES }],
] as const)('an instrument that is %s', (_, how, facts) => {
  it('gets no entry: gate "halted" says why, before every other', () => {
    const script = new Script({ traced: true });
    said(script, how);
    const [refused] = script.ofKind('refused', script.signal(1));
    expect(refused).toMatchObject({ what: 'entry', code: 'halted', reasoning: { halting: facts } });
  });

  it('gets no addition', () => {
    const script = new Script().enter(1);
    script.wait(120_000);
    said(script, how);
    expect(script.refusals(script.signal(1))).toEqual(['halted']);
  });

  it('is told to a person once, with what waits for it, and that it is over; then it is traded as before', () => {
    const script = new Script().enter(1);
    expect(script.ofKind('alert', said(script, how))).toMatchObject([
      { instId, code: facts.code, facts: { ...facts, isClosing: false, isUncovered: false } },
    ]);
    expect(said(script, how), 'once').toEqual([]);
    expect(alerts(script, said(script))).toEqual(['instrument-trades']);
    expect(said(script)).toEqual([]);
    script.wait(120_000);
    expect(script.refusals(script.signal(1))).toEqual([]);
    expect(script.has('rung')).toBe(true);
  });

  it('has the entry called back that is on its way, and nothing follows it', () => {
    const script = new Script();
    script.signal(1);
    expect(script.has('entry')).toBe(true);
    expect(script.ofKind('cancel', said(script, how))).toMatchObject([
      { because: 'the exchange does not trade it as it did' },
    ]);
    expect(script.has('entry')).toBe(false);
  });

  it('keeps its stop and its target, and is closed where a person says so', () => {
    const script = new Script().enter(1);
    said(script, how);
    expect([script.has('stop'), script.has('target')]).toEqual([true, true]);
    script.operator({ do: 'flatten', by: 'a person' });
    script.fill('close');
    expect(script.symbol.position).toBeUndefined();
  });

  it('keeps the stop and the target that it would not let be amended: nothing is called back for what would not be taken', () => {
    const script = new Script().enter(1);
    said(script, how);
    const orders = new Set(script.book.keys());
    script.amendments = 'refused';
    for (const role of ['stop', 'target', 'partial'] as const) script.answers.set(role, 'reject');
    const decided = script.take(script.fillEvent(1, 100, PRICE));
    expect([script.ofKind('amend', decided).length > 0, script.ofKind('cancel', decided)]).toEqual([true, []]);
    expect(new Set(script.book.keys())).toEqual(orders);
    script.amendments = 'done';
    script.answers.clear();
    said(script);
    expect(script.live('stop').sizeLots, 'and they follow when it trades again').toBe(script.position.holding.lots);
  });

  it('has a close that is refused tried again: once a minute where nothing is taken, on another grid as anywhere (decision 0038), and at once when it trades', () => {
    const script = new Script().enter(1);
    said(script, how);
    script.answers.set('close', 'reject');
    const closes = () => script.placed.filter(({ role }) => role === 'close').length;
    script.operator({ do: 'flatten', by: 'a person' });
    const isStopped = 'stopped' in how;
    expect(closes(), 'the second try goes out at once').toBe(isStopped ? 1 : 2);
    for (let seconds = 0; seconds < 300; seconds += 2) {
      script.wait(2_000);
      read(script);
    }
    const tried = closes();
    if (isStopped) expect(tried, 'one a minute').toBe(1 + 5);
    else expect(tried, 'after 15 s every 15 s').toBeGreaterThanOrEqual(8 + 17);
    expect(tried).toBeLessThanOrEqual(8 + 19);
    expect(alerts(script, script.decisions).includes('close-failed'), 'nobody is told what stopping has told').toBe(
      !isStopped,
    );
    script.answers.clear();
    said(script);
    expect(closes()).toBe(tried + 1);
    script.fill('close');
    expect(script.symbol.position).toBeUndefined();
  });

  it('has a target that was refused for longer than twenty tries put back as soon as it trades again', () => {
    const script = new Script({ regime: 'trending' });
    script.answers.set('target', 'reject');
    script.enter(1);
    said(script, how);
    for (let minute = 0; minute < 25; minute++) {
      script.wait(60_000);
      read(script);
    }
    const tries = script.placed.filter(({ role }) => role === 'target').length;
    expect(tries, 'one a minute, and the first').toBe(1 + 25);
    script.answers.clear();
    said(script);
    expect(script.has('target')).toBe(true);
    expect(new Set(script.placed.map(({ clientId }) => clientId)).size, 'no name twice').toBe(script.placed.length);
  });

  it('has a target that was about to be tried, after its minute, tried no later for that, nor for every other word of it', () => {
    const script = new Script({ regime: 'trending' });
    script.answers.set('target', 'reject');
    script.enter(1);
    const tries = () => script.placed.filter(({ role }) => role === 'target').length;
    const pass = (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 2) {
        script.wait(2_000);
        read(script);
      }
    };
    pass(40);
    const before = tries();
    pass(58);
    expect(tries()).toBe(before);
    said(script, how);
    pass(2);
    expect(tries(), 'a minute after the last').toBe(before + 1);
    for (const state of ['rebase', 'preopen', 'test']) {
      pass(18);
      said(script, { stopped: state });
    }
    expect(tries()).toBe(before + 1);
    pass(6);
    expect(tries(), 'and another one').toBe(before + 2);
  });

  it('has a target that was refused not asked for with everything else of the position that ends', () => {
    const script = new Script().enter(1);
    said(script, how);
    script.wait(2_000);
    read(script);
    for (const role of ['target', 'partial'] as const) script.answers.set(role, 'reject');
    const tries = (of: string) => script.placed.filter(({ role }) => role === of).length - 1;
    for (const role of ['target', 'partial', 'stop', 'stop', 'stop'] as const) {
      script.end(role);
      script.wait(2_000);
      read(script);
    }
    expect([tries('target'), tries('partial'), tries('stop')]).toEqual([1, 1, 3]);
    script.wait(52_000);
    read(script);
    expect([tries('target'), tries('partial')]).toEqual([2, 2]);
  });

  it('stays so over a restart until the exchange is heard', () => {
    const script = new Script();
    said(script, how);
    const next = new Script();
    loadRegistry(next.registry, saveRegistry(script.registry));
    next.price(next.symbol.markTicks);
    expect(next.refusals(next.signal(1))).toEqual(['halted']);
    expect(alerts(next, said(next))).toEqual(['instrument-trades']);
  });
});

describe('an instrument that is not traded', () => {
  it.each([
    ['the same word with another grid', [{ changes: CHANGES }]],
    [
      'another grid while it stands still, and then trades on that',
      [{ stopped: 'suspend', changes: CHANGES }, { changes: CHANGES }],
    ],
  ] as const)(
    'has the close that waited for its minute tried at once when it trades on another grid: %s',
    (_, words) => {
      const script = new Script().enter(1);
      said(script, { stopped: 'suspend' });
      script.answers.set('close', 'reject');
      const closes = () => script.placed.filter(({ role }) => role === 'close').length;
      script.operator({ do: 'flatten', by: 'a person' });
      script.wait(5_000);
      for (const word of words) {
        expect(closes(), 'nothing is taken: in its minute').toBe(1);
        said(script, word);
      }
      expect(closes(), 'at once, and once more as anywhere').toBe(1 + 2);
      script.wait(1_000);
      expect(closes(), 'and then by the clock (decision 0038)').toBeGreaterThan(1 + 2);
    },
  );

  it('goes on at the market at once where its patient close was taken and ended without a fill, and waits a minute after that', () => {
    const script = new Script().enter(1);
    said(script, { stopped: 'suspend' });
    const { timeLimitAt } = script.position.exits;
    const closes = () => script.placed.filter(({ role }) => role === 'close').map(({ terms }) => terms.type);
    script.wait(timeLimitAt - script.now);
    expect(closes()).toEqual(['limit']);
    script.end('close');
    expect(closes()).toEqual(['limit', 'market']);
    script.end('close');
    expect(closes(), 'it is not taken').toEqual(['limit', 'market']);
    script.wait(60_000);
    read(script);
    expect(closes().length).toBe(3);
  });

  it('with another tick is left at the market at once, however patient the close: a price of the old one may be none', () => {
    const script = new Script().enter(1);
    said(script, { changes: CHANGES });
    script.signal(-1);
    expect(script.position.closing).toBe('opposite');
    expect(script.live('close').order.terms).toEqual({ type: 'market' });
  });

  it('is told with what waits for it: a position without a confirmed stop, or one to be closed', () => {
    const script = new Script().enter(1);
    script.answers.set('stop', 'unknown');
    script.answers.set('close', 'unknown');
    script.operator({ do: 'flatten', by: 'a person' });
    script.end('stop');
    expect(script.ofKind('alert', said(script, { stopped: 'suspend' }))).toMatchObject([
      { facts: { isClosing: true, isUncovered: true } },
    ]);
  });

  it('is told anew where the exchange says another word of it, and another grid outweighs that it trades', () => {
    const script = new Script();
    expect(alerts(script, said(script, { stopped: 'suspend' }))).toEqual(['instrument-stopped']);
    expect(alerts(script, said(script, { stopped: 'rebase' }))).toEqual(['instrument-stopped']);
    expect(alerts(script, said(script, { stopped: 'rebase', changes: CHANGES }))).toEqual(['instrument-changed']);
    expect(alerts(script, said(script, { changes: CHANGES }))).toEqual([]);
  });

  it('is told anew where another part of its grid has come to the same figure', () => {
    const script = new Script();
    const lot = [{ of: 'lot', was: '0.01', is: '0.1' }] as const;
    expect(alerts(script, said(script, { changes: CHANGES }))).toEqual(['instrument-changed']);
    expect(script.ofKind('alert', said(script, { changes: lot }))).toMatchObject([{ facts: { changes: lot } }]);
    expect(alerts(script, said(script, { changes: lot })), 'once').toEqual([]);
  });

  it('says nothing where all is as it was: that it trades is no news', () => {
    expect(said(new Script())).toEqual([]);
  });

  it('leaves the other symbols alone', () => {
    const other = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
    const script = new Script({ instruments: [SCRIPT_SWAP, other] });
    script.price(script.symbol.markTicks, { instId: other.instId });
    said(script, { stopped: 'suspend' });
    expect(script.refusals(script.signal(1, { instId: other.instId }))).toEqual([]);
    expect(script.refusals(script.signal(1))).toEqual(['halted']);
  });
});

describe('an instrument of which the exchange takes smaller orders, or less leverage', () => {
  const limits = (script: Script, more: object) => {
    const { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } = script.symbol.instrument;
    return { limits: { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax, ...more } };
  };

  it('has a close that was refused for its size tried at once, in pieces that are taken; nobody is told of it', () => {
    const script = new Script().enter(1);
    const { lots } = script.position.holding;
    script.answers.set('close', 'reject');
    script.operator({ do: 'flatten', by: 'a person' });
    script.answers.clear();
    const most = Math.ceil(lots / 2) + 1;
    expect(alerts(script, said(script, limits(script, { lotsMaxMarketOrder: most })))).toEqual([]);
    const sizes = () => script.placed.filter(({ role }) => role === 'close').map(({ sizeLots }) => sizeLots);
    expect(sizes()[0]).toBe(lots);
    expect(sizes().at(-1)).toBe(most);
    script.fill('close');
    expect(sizes().at(-1)).toBe(lots - most);
    script.fill('close');
    expect(script.symbol.position).toBeUndefined();
  });

  it('has nothing tried for that where it is not traded, before its minute is over', () => {
    const script = new Script().enter(1);
    said(script, { stopped: 'suspend' });
    for (const role of ['stop', 'close'] as const) script.answers.set(role, 'reject');
    script.end('stop');
    const tries = () => script.placed.length;
    for (let times = 0; times < 2; times++) {
      script.wait(2_000);
      read(script);
    }
    const before = tries();
    for (const lotsMaxMarketOrder of [1_100, 2_200, 1_100])
      said(script, { stopped: 'suspend', ...limits(script, { lotsMaxMarketOrder }) });
    expect(tries()).toBe(before);
    script.wait(60_000);
    said(script, { stopped: 'suspend', ...limits(script, { lotsMaxMarketOrder: 2_200 }) });
    expect(tries()).toBeGreaterThan(before);
  });

  it('is entered with no more leverage than that, and with no more than one order may close', () => {
    const before = new Script();
    before.signal(1);
    const most = Math.floor((before.placed[0]?.sizeLots ?? 0) / 2);
    const script = new Script();
    said(script, limits(script, { leverageMax: 3, lotsMaxMarketOrder: most }));
    expect(script.ofKind('set-leverage', script.signal(1))).toMatchObject([{ leverage: 3 }]);
    expect(script.placed[0]?.sizeLots).toBeLessThanOrEqual(most);
  });

  it('is entered with no more leverage than that also where no list says so: a person is told once, and what the list says next holds', () => {
    const script = new Script();
    const refuse = (most: number) => script.take({ kind: 'leverage', at: script.now, instId, leverage: 2, most });
    expect(script.ofKind('alert', refuse(3))).toMatchObject([
      { facts: { code: 'leverage-limited', most: 3, listed: 50 } },
    ]);
    expect([refuse(3), refuse(4)], 'no news').toEqual([[], []]);
    expect(script.ofKind('set-leverage', script.signal(1))).toMatchObject([{ leverage: 3 }]);
    const next = new Script();
    next.take({ kind: 'leverage', at: next.now, instId, leverage: 2, most: 3 });
    said(next, limits(next, { leverageMax: 50 }));
    expect(next.ofKind('set-leverage', next.signal(1))).toMatchObject([{ leverage: 5 }]);
  });

  it('is entered with what the list allows again after a start, as its process does: thought anew, its journal says the same', () => {
    const script = new Script();
    const refuse = (most: number) => script.take({ kind: 'leverage', at: script.now, instId, leverage: 2, most });
    refuse(4);
    expect(script.ofKind('alert', refuse(3)), 'the list allows what it did').toMatchObject([{ facts: { listed: 50 } }]);
    script.take(exchangeLost(script.now, { code: 'not-running' }));
    read(script);
    expect(script.ofKind('set-leverage', script.signal(1))).toMatchObject([{ leverage: 5 }]);
  });

  it('is limited by what the list says now, also where that is what was taken at most already', () => {
    const script = new Script();
    const refuse = (most: number) => script.take({ kind: 'leverage', at: script.now, instId, leverage: 2, most });
    refuse(4);
    expect(said(script, limits(script, { leverageMax: 4 })), 'no news').toEqual([]);
    expect(script.ofKind('alert', refuse(3))).toMatchObject([{ facts: { most: 3, listed: 4 } }]);
    script.take(exchangeLost(script.now, { code: 'not-running' }));
    read(script);
    expect(script.ofKind('set-leverage', script.signal(1))).toMatchObject([{ leverage: 4 }]);
  });

  it('is what the next life was started with: rows of before it change nothing', () => {
    const script = new Script();
    fold(script.registry, {
      kind: 'instrument',
      at: script.now,
      instId,
      changes: [],
      ...limits(script, { leverageMax: 3 }),
    });
    fold(script.registry, { kind: 'leverage', at: script.now, instId, leverage: 2, most: 3 });
    expect(script.symbol.instrument).toBe(SCRIPT_SWAP);
  });
});

describe('an instrument whose margin tiers the exchange changes', () => {
  const { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax, tiers } = SCRIPT_SWAP;
  const lotsMax = tiers[0]?.lotsMax ?? lots(0);
  const held = { limits: { lotsMaxLimitOrder, lotsMaxMarketOrder, leverageMax } };
  const tier = (maintenanceRate: string, most: number) => ({
    limits: { ...held.limits, tiers: [{ lotsMax, maintenanceRate, leverageMax: most }] },
  });

  it.each([1, -1] as const)(
    'has its liquidation guard where that makes of it, side %i; a person is told once',
    (side) => {
      const script = new Script().enter(side);
      const guard = () => (side === 1 ? script.symbol.watchBelowTicks : script.symbol.watchAboveTicks);
      const before = guard();
      expect(script.ofKind('alert', said(script, tier('0.05', 10)))).toMatchObject([
        { facts: { code: 'tier-changed', isOpen: true, maintenancePercent: '5', maintenancePercentWas: '0.4' } },
      ]);
      expect(side * (guard() - before), 'nearer to the market').toBeGreaterThan(0);
      expect(said(script, tier('0.05', 10))).toEqual([]);
      expect(alerts(script, said(script, tier('0.004', 50))), 'and back').toEqual(['tier-changed']);
      expect(guard()).toBe(before);
    },
  );

  const first = { lotsMax: lots(1), maintenanceRate: '0.004', leverageMax: 50 };
  it.each([
    ['that end below what is open', [{ ...first, maintenanceRate: '0.05' }], { maintenancePercent: '5' }],
    ['of what is open', [first, { lotsMax, maintenanceRate: '0.05', leverageMax: 10 }], { maintenancePercent: '5' }],
    ['of another leverage alone', [{ lotsMax, maintenanceRate: '0.004', leverageMax: 9 }], { leverageMax: 9 }],
  ] as const)('%s are told', (_, are, facts) => {
    const script = new Script().enter(1);
    expect(script.ofKind('alert', said(script, { limits: { ...held.limits, tiers: are } }))).toMatchObject([
      { facts: { code: 'tier-changed', isOpen: true, ...facts } },
    ]);
  });

  it('has its guard there also where it is suspended with the same word', () => {
    const [at, before] = [new Script().enter(1), new Script().enter(1)];
    said(at, { stopped: 'suspend', ...tier('0.05', 10) });
    said(before, tier('0.05', 10));
    expect(at.symbol.watchBelowTicks).toBe(before.symbol.watchBelowTicks);
  });

  it('that lie past it is closed at once by the guard', () => {
    const script = new Script().enter(1);
    said(script, tier('0.5', 1));
    script.price(PRICE);
    expect(script.placed.at(-1)).toMatchObject({ role: 'close', terms: { type: 'market' } });
  });

  it('is entered with no more leverage than that', () => {
    const script = new Script();
    said(script, tier('0.004', 3));
    expect(script.ofKind('set-leverage', script.signal(1))).toMatchObject([{ leverage: 3 }]);
  });

  it('of larger positions than this one, or of which nothing is said, is no news', () => {
    const script = new Script().enter(1);
    const { limits } = tier('0.004', 50);
    const larger = { lotsMax: lots(lotsMax * 2), maintenanceRate: '0.1', leverageMax: 5 };
    expect(alerts(script, said(script, { limits: { ...limits, tiers: [...limits.tiers, larger] } }))).toEqual([]);
    expect(script.symbol.instrument.tiers.length).toBe(2);
    said(script, held);
    expect(script.symbol.instrument.tiers.length, 'as they were').toBe(2);
  });
});

describe('an instrument with another contract', () => {
  const tenth = { changes: [{ of: 'contract', was: '0.001', is: '0.0001' }] } as const;

  it('is worth what that makes of it, at the same average: no loss is seen that is none', () => {
    const script = new Script().enter(1);
    const { costUnits } = script.position.holding;
    script.price(PRICE + 10);
    const before = accountUnits(script.registry);
    said(script, tenth);
    const after = accountUnits(script.registry);
    expect([after.unrealised * 10, after.exposure * 10]).toEqual([before.unrealised, before.exposure]);
    expect(script.position.holding.costUnits * 10).toBe(costUnits);
    expect(formatDecimal(script.symbol.instrument.coinsPerLot)).toBe('0.0001');
    for (let i = 0; i < 5; i += 1) {
      script.wait(15_000);
      script.price(PRICE + 10);
    }
    expect(script.registry.halt).toBeUndefined();
  });

  it('and with the size that the exchange makes of it keeps its stop where it was', () => {
    const script = new Script().enter(1);
    const { lots, side, costUnits } = script.position.holding;
    const { ticks } = script.live('stop');
    said(script, tenth);
    for (let readings = 0; readings < 2; readings += 1) {
      script.now += 2_000;
      script.price(PRICE);
      const { balance } = script.registry;
      const positions = [{ instId, signedLots: side * lots * 10, costUnits, leverage: 5 }];
      const orders = [...script.book.values()].map(({ order }) => ({
        clientId: order.clientId,
        instId,
        reduceOnly: order.reduceOnly,
      }));
      script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders });
    }
    expect([script.position.holding.lots, script.live('stop').sizeLots]).toEqual([lots * 10, lots * 10]);
    expect(script.live('stop').ticks).toBe(ticks);
  });

  describe('of a thousand times as many coins', () => {
    const thousandfold = { changes: [{ of: 'contract', was: '0.001', is: '1' }] } as const;

    /** It is some tenths of a per cent under water, and then of another contract, of which the exchange says the size later. */
    function changed() {
      const script = new Script({ governors: governorsOf({ pause: 'on' }) }).enter(1);
      const size = script.position.holding.lots;
      const price = () => {
        script.wait(15_000);
        script.price(PRICE - 40);
      };
      for (let i = 0; i < 3; i += 1) price();
      said(script, thousandfold);
      const reads = (factor: number) => {
        const { holding } = script.position;
        const signedLots = Math.max(1, Math.floor(size * factor));
        const costUnits = Math.round((holding.costUnits / holding.lots) * signedLots);
        const { balance } = script.registry;
        const positions = [{ instId, signedLots, costUnits, leverage: 5 }];
        script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders: [] });
      };
      return { script, price, reads };
    }

    it('it is measured once two readings agree on its size: no fall is seen that is none, and nothing is added before', () => {
      const { script, price, reads } = changed();
      for (let i = 0; i < 6; i += 1) price();
      expect([script.registry.halt, script.registry.day.lost, script.registry.ready]).toEqual([
        undefined,
        false,
        false,
      ]);
      for (let readings = 0; readings < 2; readings += 1) {
        price();
        reads(0.001);
      }
      expect([script.registry.ready, script.registry.isSeeking]).toEqual([true, false]);
      for (let i = 0; i < 6; i += 1) price();
      expect(script.registry.halt).toBeUndefined();
    });

    it('a reading of before, which may tell its cost in the old one, says nothing', () => {
      const { script } = changed();
      const { readAt, balance } = script.registry;
      script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions: [], orders: [] });
      expect([script.registry.readAt, script.registry.differences]).toEqual([readAt, undefined]);
    });

    it('readings of before do not say that it stays; after two minutes they do, and it is measured', () => {
      const { script, price, reads } = changed();
      for (let i = 0; i < 7; i += 1) {
        price();
        reads(1);
      }
      expect([script.registry.halt, script.registry.ready]).toEqual([undefined, false]);
      const next = new Script();
      loadRegistry(next.registry, saveRegistry(script.registry));
      expect(next.symbol.sought).toEqual(script.symbol.sought);
      price();
      reads(1);
      for (let i = 0; i < 3; i += 1) price();
      expect(script.registry.halt?.by).toBe('emergency-stop');
    });
  });

  it('that is the old one again is counted in it', () => {
    const script = new Script().enter(1);
    const { costUnits } = script.position.holding;
    said(script, tenth);
    const back = [{ of: 'contract', was: '0.0001', is: '0.001' }] as const;
    expect(script.ofKind('alert', said(script, { changes: back }))).toMatchObject([{ facts: { changes: back } }]);
    expect(script.symbol.instrument.moneyPerTickLot).toBe(SCRIPT_SWAP.moneyPerTickLot);
    expect(script.position.holding.costUnits).toBe(costUnits);
    expect(script.refusals(script.signal(1)), 'nothing is added until a new start').toEqual(['halted']);
  });

  it('that cannot be counted goes on with the old one', () => {
    const script = new Script();
    said(script, { changes: [{ of: 'contract', was: '0.001', is: '0.0000000001' }] });
    expect(script.symbol.instrument).toBe(SCRIPT_SWAP);
  });
});
