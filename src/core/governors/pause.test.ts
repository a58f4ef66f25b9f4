/** Governor 5, pauses: rules.md §6.5. Every count at, below and above its limit; how long each lasts; long and short alike. */
import { describe, expect, it } from 'vitest';
import { JournaledScript } from '../../../test/life.ts';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { instrument } from '../instrument/instrument.ts';
import { type Side, ticks } from '../numbers/units.ts';
import type { Policy } from '../policy.ts';
import { fold } from '../step.ts';
import { countClose, governing } from './door.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const ON = governorsOf({ pause: 'on' });
/** Waits long enough for the next entry, whatever the last trade was. */
const WAIT = 4 * MINUTE;

const OTHER = instrument({
  instId: 'OTHER-USDT-SWAP',
  baseCoin: 'OTHER',
  ctVal: '0.001',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.01',
  maxLimitSz: '1000000',
  maxMarketSz: '100000',
  leverageMax: 50,
  tiers: [{ maxSz: '10000000', maintenanceRate: '0.004', leverageMax: 50 }],
});

/** Two symbols, at the same price. */
function two(governors: Policy['governors'] = ON): Script {
  const script = new Script({ governors, instruments: [SCRIPT_SWAP, OTHER], balance: 1400 });
  script.price(PRICE, { instId: OTHER.instId });
  return script;
}

/** A trade that wins or loses, of either symbol; the script's clock goes on by `WAIT`. */
function trade(script: Script, side: Side, won: boolean, instId = SCRIPT_SWAP.instId): void {
  script.wait(WAIT);
  script.signal(side, { instId });
  const entry = [...script.book.values()].find(({ order }) => order.role === 'entry' && order.instId === instId);
  if (entry === undefined) throw new Error(`no entry: ${script.refusals().at(-1)}`);
  fillOf(script, entry.order.clientId, side, PRICE, instId);
  const exit = [...script.book.values()].find(({ order }) => order.role === 'stop' && order.instId === instId);
  if (exit === undefined) throw new Error('no stop');
  fillOf(script, exit.order.clientId, -side as Side, PRICE + (won ? side : -side) * 60, instId);
}

function fillOf(script: Script, clientId: string, side: Side, priceTicks: number, instId: string): void {
  const booked = script.book.get(clientId);
  if (booked === undefined) throw new Error('no such order');
  script.book.delete(clientId);
  const event = script.fillEvent(side, booked.sizeLots - booked.filledLots, priceTicks, { clientId });
  script.take({ ...event, instId, priceTicks: ticks(priceTicks), tradeId: `${clientId} at ${script.now}` });
}

const pauses = (script: Script) =>
  script
    .ofKind('governed')
    .map(({ at, instId, because, until }) => [
      instId,
      because.code,
      until === undefined ? undefined : (until - at) / MINUTE,
    ]);

const isRefused = (script: Script, side: Side, instId = SCRIPT_SWAP.instId) => {
  const refusals = script.refusals(script.signal(side, { instId }));
  if (refusals.length === 0) script.operator({ do: 'flatten', by: 'a person', instId });
  return refusals.includes('halted');
};

describe.each([
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[])('%s trades', (_name, side) => {
  it.each([
    [4, []],
    [5, [[undefined, 'losses-in-a-row', 15]]],
  ])('that lose %i times in a row, by two symbols in turn, pause all at five', (losses, expected) => {
    const script = two();
    for (let i = 0; i < losses; i++) trade(script, side, false, i % 2 === 0 ? SCRIPT_SWAP.instId : OTHER.instId);
    expect(pauses(script)).toEqual(expected);
  });

  it('that lose five times in a row on one symbol pause it for 30 minutes, and all for 15', () => {
    const script = two();
    for (let i = 0; i < 5; i++) trade(script, side, false);
    expect(pauses(script)).toEqual([
      [SCRIPT_SWAP.instId, 'losses-in-a-row', 30],
      [undefined, 'losses-in-a-row', 15],
    ]);
    const begun = script.now;
    expect(governing(script.registry)).toMatchObject([
      { governor: 'pause', effect: 'paused', because: 'losses-in-a-row', until: begun + 30 * MINUTE },
      { until: begun + 15 * MINUTE, instId: undefined },
    ]);
    script.wait(15 * MINUTE - 1);
    expect(isRefused(script, side, OTHER.instId), 'the other one, a millisecond before its 15 minutes').toBe(true);
    script.wait(1);
    expect(isRefused(script, side, OTHER.instId), 'at 15 minutes').toBe(false);
    script.wait(15 * MINUTE - 1);
    expect(isRefused(script, side), 'itself, a millisecond before its 30 minutes').toBe(true);
    script.wait(1);
    expect(isRefused(script, side), 'at 30 minutes').toBe(false);
  });

  it('whose fifth loss pauses all call back the entry that is on its way on another symbol', () => {
    const script = two();
    for (let i = 0; i < 4; i++) trade(script, side, false);
    script.wait(WAIT);
    script.signal(side);
    fillOf(script, script.live('entry').order.clientId, side, PRICE, SCRIPT_SWAP.instId);
    script.signal(side, { instId: OTHER.instId });
    expect(script.live('entry').order.instId).toBe(OTHER.instId);
    fillOf(script, script.live('stop').order.clientId, -side as Side, PRICE - side * 60, SCRIPT_SWAP.instId);
    expect(pauses(script).map(([instId]) => instId)).toEqual([SCRIPT_SWAP.instId, undefined]);
    expect(script.has('entry')).toBe(false);
  });

  it('whose fifth loss pauses all leave a position of another symbol open', () => {
    const script = two();
    script.signal(side, { instId: OTHER.instId });
    fillOf(script, script.live('entry').order.clientId, side, PRICE, OTHER.instId);
    for (let i = 0; i < 5; i++) trade(script, side, false);
    expect(pauses(script)).toHaveLength(2);
    const open = script.registry.byInstId.get(OTHER.instId)?.position;
    expect(open?.holding.side).toBe(side);
    expect(open?.closing, 'by its time limit alone').toBe('time');
  });

  it('of which one wins begin to be counted anew', () => {
    const script = two();
    for (let i = 0; i < 4; i++) trade(script, side, false);
    trade(script, side, true);
    for (let i = 0; i < 4; i++) trade(script, side, false);
    expect(pauses(script)).toEqual([]);
    trade(script, side, false);
    expect(pauses(script)).toHaveLength(2);
  });

  it('that lose on: each repetition of the day is twice as long, up to four hours, and the next day begins at 30 minutes', () => {
    // Midnight is far: 30, 60, 120, 240 and again 240 minutes, the losses between them, all within one day.
    const script = new Script({ governors: ON, limits: { dailyLossPercentMax: { units: 90n, scale: 0, approx: 90 } } });
    script.now = Math.ceil(script.now / DAY) * DAY;
    script.price(PRICE);
    const lasts = () =>
      script
        .ofKind('governed')
        .filter(({ instId }) => instId !== undefined)
        .map(({ at, until }) => ((until ?? 0) - at) / MINUTE);
    for (let times = 0; times < 5; times++) {
      for (let i = 0; i < 5; i++) trade(script, side, false);
      script.wait(240 * MINUTE);
    }
    expect(lasts()).toEqual([30, 60, 120, 240, 240]);
    script.now = Math.ceil(script.now / DAY) * DAY;
    script.price(PRICE);
    for (let i = 0; i < 5; i++) trade(script, side, false);
    expect(lasts()).toEqual([30, 60, 120, 240, 240, 30]);
  });

  it('that end without gain or loss have not lost', () => {
    const script = two();
    for (let i = 0; i < 4; i++) trade(script, side, false);
    countClose(script.registry, script.symbol, 0);
    trade(script, side, false);
    expect(pauses(script)).toEqual([]);
  });

  it.each<[string, readonly boolean[], unknown[]]>([
    ['a gain ends the row', [true], []],
    [
      'losses go on with it',
      [false],
      [
        [SCRIPT_SWAP.instId, 'losses-in-a-row', 30],
        [undefined, 'losses-in-a-row', 15],
      ],
    ],
  ])('are counted over starts without the governor: %s', (_, meanwhile, told) => {
    const lifeWith = (pause: 'on' | 'off', before?: JournaledScript) =>
      new JournaledScript({ governors: governorsOf({ pause }), balance: 1400, ...before?.journal });
    const first = lifeWith('on');
    for (let i = 0; i < 4; i++) trade(first, side, false);
    const off = lifeWith('off', first);
    for (const won of meanwhile) trade(off, side, won);
    expect(pauses(off)).toEqual([]);
    const again = lifeWith('on', off);
    if (told.length === 0) trade(again, side, false);
    expect(pauses(again)).toEqual(told);
  });

  it('of which one ends after midnight, while all are paused for hours from the day before, shorten no pause', () => {
    const script = new Script({ governors: governorsOf({ pause: { account_losses: 1 } }) }).enter(side);
    const { registry } = script;
    const until = script.now + 230 * MINUTE;
    Object.assign(registry.governors.pause.losses, { until, dayEndsAt: registry.day.endsAt - DAY, times: 5 });
    script.fill('stop');
    expect(registry.governors.pause.losses).toMatchObject({ until, times: 1 });
    expect(pauses(script)).toMatchObject([[undefined, 'losses-in-a-row', 230]]);
  });

  it('go on leaving while paused: a rung is refused, the stop closes', () => {
    const script = two().enter(side);
    script.market.turbulence = 3.5;
    script.candleAlone(PRICE);
    script.price(PRICE + side);
    script.wait(MINUTE);
    expect(script.refusals(script.signal(side))).toEqual(['halted']);
    script.fill('stop');
    expect(script.symbol.position).toBeUndefined();
  });

  it('on their way in are called back when a pause begins', () => {
    const script = new Script({ governors: ON });
    script.signal(side);
    expect(script.has('entry')).toBe(true);
    script.market.turbulence = 3.5;
    script.candleAlone(PRICE);
    expect(script.has('entry')).toBe(false);
    expect(script.ofKind('cancel')).toMatchObject([{ because: 'pause' }]);
  });
});

describe('turbulence', () => {
  it.each([
    [2.99, 0],
    [3, 0],
    [3.01, 1],
  ])('of %s times the mean pauses the symbol %i times', (turbulence, times) => {
    const script = two();
    script.market.turbulence = turbulence;
    script.candleAlone(PRICE);
    expect(pauses(script)).toEqual(Array.from({ length: times }, () => [SCRIPT_SWAP.instId, 'turbulence', 15]));
    const [told] = script.ofKind('governed');
    if (times > 0) expect(told?.because, 'how turbulent it was').toEqual({ code: 'turbulence', ratio: '3.01' });
    expect(script.symbol.touched, 'a pause is written down').toBe(times > 0);
    expect(governing(script.registry).map(({ because }) => because)).toEqual(times > 0 ? ['turbulence'] : []);
    expect(isRefused(script, 1)).toBe(times > 0);
    expect(isRefused(script, 1, OTHER.instId), 'the other symbol').toBe(false);
  });

  it('of one symbol calls back nothing of another', () => {
    const script = two();
    script.signal(1, { instId: OTHER.instId });
    script.market.turbulence = 9;
    script.candleAlone(PRICE);
    expect([pauses(script).length, script.live('entry').order.instId]).toEqual([1, OTHER.instId]);
  });

  it('of the past is folded without a pause: the one that began then is loaded', () => {
    const script = two();
    script.endMinute();
    script.market.turbulence = 9;
    const openMinute = script.now / MINUTE - 1;
    const prices = { openTicks: PRICE, highTicks: PRICE, lowTicks: PRICE, closeTicks: PRICE, volumeLots: 1 };
    fold(script.registry, { kind: 'candle-closed', at: script.now, instId: SCRIPT_SWAP.instId, openMinute, ...prices });
    expect(script.symbol.governors.pause.turbulence).toMatchObject({ until: 0, times: 0 });
  });

  it('that lasts pauses again when the pause is over, twice as long', () => {
    const script = new Script({ governors: ON });
    script.market.turbulence = 4;
    for (let i = 0; i < 15; i++) script.candle(PRICE);
    script.wait(MINUTE - 1);
    script.price(PRICE);
    expect(pauses(script)).toHaveLength(1);
    script.candle(PRICE);
    expect(pauses(script).map(([, , minutes]) => minutes)).toEqual([15, 30]);
  });

  it.each([
    [15, 0],
    [14, 1],
  ])(
    'of a last candle that closed %i minutes ago pauses %i times with the next price: what is over pauses nobody',
    (ago, times) => {
      const script = two();
      script.endMinute();
      script.market.turbulence = 9;
      const at = script.now - ago * MINUTE;
      script.take({
        kind: 'candle-closed',
        at,
        instId: SCRIPT_SWAP.instId,
        openMinute: at / MINUTE - 1,
        openTicks: PRICE,
        highTicks: PRICE,
        lowTicks: PRICE,
        closeTicks: PRICE,
        volumeLots: 1,
      });
      script.price(PRICE);
      expect(pauses(script)).toHaveLength(times);
    },
  );

  it('pauses nobody where the governor is off', () => {
    const script = two({});
    script.market.turbulence = 9;
    script.candleAlone(PRICE);
    for (let i = 0; i < 6; i++) trade(script, 1, false);
    expect(pauses(script)).toEqual([]);
    script.symbol.governors.pause.losses.until = script.now + DAY;
    script.wait(WAIT);
    expect(isRefused(script, 1), 'not even one that began while it was on').toBe(false);
  });
});
