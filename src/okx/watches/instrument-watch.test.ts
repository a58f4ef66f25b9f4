/** Instruments that are read because a push may have been missed. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BTC, BTC_ROW } from '../../../test/okx/paper-rig.ts';
import type { InstrumentSaid } from '../../core/event.ts';
import { type Tier, tierSaid } from '../../core/instrument/instrument.ts';
import type { Rest } from '../door/rest.ts';
import { instrument } from '../wire/instrument.ts';
import { InstrumentWatch } from './instrument-watch.ts';

const LIMITS = { lotsMaxLimitOrder: 10_000_000_000, lotsMaxMarketOrder: 1_200_000, leverageMax: 100 };

/** A list that answers as it is told to. */
function watching() {
  let answer: readonly object[] | 'fault' | 'unreadable' = [BTC_ROW];
  let asked = 0;
  let held: Promise<readonly object[]> | undefined;
  const rest = {
    exchangeNowMs: () => 7,
    get: () => {
      asked += 1;
      if (held !== undefined) {
        const rows = held;
        held = undefined;
        return rows.then((all) => ({ kind: 'ok', rows: all.map((row) => instrument.read.parse(row)), faults: [] }));
      }
      if (answer === 'fault')
        return Promise.resolve({ kind: 'fault', fault: { class: 'maintenance', code: '50001', message: '' } });
      const rows = answer === 'unreadable' ? [] : answer.map((row) => instrument.read.parse(row));
      const faults = answer === 'unreadable' ? [{ index: 0, reason: 'tickSz: no number' }] : [];
      return Promise.resolve({ kind: 'ok', rows, faults });
    },
  } as unknown as Rest;
  const heard: InstrumentSaid[] = [];
  const warnings: string[] = [];
  const watch = new InstrumentWatch({
    rest,
    instruments: [BTC],
    hear: (event) => heard.push(event),
    warn: (message) => warnings.push(message),
  });
  /** The next answer comes when the returned is called. */
  const answerLate = (rows: readonly object[]) => {
    let give: (rows: readonly object[]) => void = () => undefined;
    held = new Promise((resolve) => (give = resolve));
    return async () => {
      give(rows);
      await new Promise(setImmediate);
    };
  };
  const look = async (rows: typeof answer) => {
    answer = rows;
    watch.look();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { watch, heard, warnings, look, answerLate, asked: () => asked };
}

afterEach(() => void vi.useRealTimers());

describe('the list of instruments', () => {
  it('is read at the start and tells what trades, and not again before it is due', async () => {
    const { look, heard, asked } = watching();
    await look([BTC_ROW]);
    await look([{ ...BTC_ROW, state: 'suspend' }]);
    expect([asked(), heard]).toEqual([
      1,
      [{ kind: 'instrument', at: 7, instId: BTC.instId, changes: [], limits: LIMITS }],
    ]);
  });

  it('says of an instrument what it is now once it was read since changes are heard; a slow answer of before does not, nor one that cannot be read', async () => {
    const { watch, look } = watching();
    const knows = () => watch.knows(BTC.instId);
    await look([BTC_ROW]);
    expect(knows(), 'nobody would tell what has changed since').toBe(false);
    watch.connected();
    await look('fault');
    expect(knows()).toBe(false);
    watch.connected();
    await look('unreadable');
    expect(knows()).toBe(false);
    watch.connected();
    await look([BTC_ROW]);
    expect(knows()).toBe(true);
    for (const isBack of [false, true]) {
      watch.missed();
      const slow = look([BTC_ROW]);
      watch.lost();
      if (isBack) watch.connected();
      await slow;
      expect(knows()).toBe(false);
    }
    watch.hear(instrument.read.parse(BTC_ROW));
    expect(knows(), 'it was pushed').toBe(true);
  });

  it('says of an instrument what it is now also after a push of it that cannot be counted, and is read soon for it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { watch, look, asked } = watching();
    watch.connected();
    await look([BTC_ROW]);
    expect(() => watch.hear(instrument.read.parse({ ...BTC_ROW, tickSz: `0.${'0'.repeat(400)}1` }))).toThrow();
    expect(watch.knows(BTC.instId)).toBe(false);
    vi.advanceTimersByTime(10_000);
    await look([BTC_ROW]);
    expect([asked(), watch.knows(BTC.instId)]).toEqual([2, true]);
  });

  it('that was asked for earlier and comes later is no news', async () => {
    const { watch, look, heard, answerLate } = watching();
    const late = answerLate([BTC_ROW]);
    watch.look();
    watch.connected();
    await look([{ ...BTC_ROW, state: 'suspend' }]);
    await late();
    expect(heard.map(({ stopped }) => stopped)).toEqual(['suspend']);
  });

  it('is asked for again soon while an instrument is not known, and is not silent about it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { watch, look, asked, warnings } = watching();
    watch.connected();
    const odd = [{ ...BTC_ROW, tickSz: `0.${'0'.repeat(400)}1` }];
    for (const [times, answer] of (['fault', 'unreadable', odd, 'fault'] as const).entries()) {
      await look(answer);
      expect([asked(), warnings.length]).toEqual([times + 1, times + 1]);
      vi.advanceTimersByTime(2_000);
    }
    await look([BTC_ROW]);
    vi.advanceTimersByTime(2_000);
    await look([BTC_ROW]);
    expect(asked(), 'it is known').toBe(5);
  });

  it('is read again where something may have been missed', async () => {
    const { watch, look, heard } = watching();
    await look([BTC_ROW]);
    watch.missed();
    await look([{ ...BTC_ROW, state: 'suspend' }]);
    expect(heard.at(-1)).toMatchObject({ stopped: 'suspend' });
  });

  it.each([
    ['smaller market orders', { maxMktSz: '11999.999' }, { lotsMaxMarketOrder: 1_199_999 }],
    ['smaller limit orders', { maxLmtSz: '5' }, { lotsMaxLimitOrder: 500 }],
    ['larger orders', { maxMktSz: '13000' }, { lotsMaxMarketOrder: 1_300_000 }],
    ['less leverage', { lever: '50' }, { leverageMax: 50 }],
    ['nothing of its limits', { maxMktSz: '', maxLmtSz: '', lever: '' }, {}],
    ['a largest order of less than the smallest', { maxMktSz: '0' }, { lotsMaxMarketOrder: 1 }],
  ])('tells an instrument that takes %s', async (_, row, limits) => {
    const { watch, look, heard } = watching();
    await look([BTC_ROW]);
    watch.hear(instrument.read.parse({ ...BTC_ROW, ...row }));
    expect(heard.at(-1)?.limits).toEqual({ ...LIMITS, ...limits });
    expect(heard.length).toBe(Object.keys(limits).length === 0 ? 1 : 2);
  });

  it('tells a contract as it is now, also where it is the start’s again; that the grid has changed stays so', async () => {
    const { look, heard, watch } = watching();
    await look([BTC_ROW]);
    for (const row of [{ ctVal: '0.1' }, {}, { tickSz: '0.5', ctVal: '' }, { ctMult: '10' }, {}, {}])
      watch.hear(instrument.read.parse({ ...BTC_ROW, ...row }));
    const tenfold = { of: 'contract', was: '0.01', is: '0.1' };
    const back = { of: 'contract', was: '0.1', is: '0.01' };
    expect(heard.slice(1).map(({ changes }) => changes)).toEqual([
      [tenfold],
      [back],
      [{ of: 'tick', was: '0.1', is: '0.5' }],
      [tenfold],
      [back],
    ]);
  });

  it.each([
    ['of a state that nobody knows', [{ ...BTC_ROW, state: 'frozen' }], 'unknown'],
    ['of another margin', [{ ...BTC_ROW, settleCcy: 'USDC' }], 'other-margin'],
  ] as const)('tells an instrument %s', async (_, rows, stopped) => {
    const { look, heard } = watching();
    await look(rows);
    expect(heard).toMatchObject([{ stopped }]);
  });

  it('that lacks an instrument is believed when the next one lacks it too, a few seconds later, and is read again every minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { watch, look, heard } = watching();
    const without = [{ ...BTC_ROW, instId: 'ETH-USDT-SWAP' }];
    watch.connected();
    await look([BTC_ROW]);
    watch.missed();
    await look(without);
    expect([heard.length, watch.knows(BTC.instId)], 'it may be short: nobody knows').toEqual([1, false]);
    vi.advanceTimersByTime(2_000);
    await look([BTC_ROW]);
    expect([heard.length, watch.knows(BTC.instId)]).toEqual([1, true]);
    watch.missed();
    await look(without);
    vi.advanceTimersByTime(2_000);
    await look(without);
    expect(heard.at(-1)).toMatchObject({ stopped: 'not-listed' });
    vi.advanceTimersByTime(60_000);
    await look([BTC_ROW]);
    expect(heard.at(-1)?.stopped).toBeUndefined();
  });

  it('says nothing of an instrument whose row may be the one that cannot be read, and warns', async () => {
    const { look, heard, warnings } = watching();
    await look('unreadable');
    expect([heard, warnings]).toEqual([[], ['an instrument of the list cannot be read: tickSz: no number']]);
  });

  it('that holds a tick which cannot be counted is told, and ends nothing', async () => {
    const { look, heard, warnings } = watching();
    await look([{ ...BTC_ROW, tickSz: `0.${'0'.repeat(400)}1` }]);
    expect([heard, warnings.length]).toEqual([[], 1]);
  });

  it('is not believed where a push has come since it was asked for, and is read again soon', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { watch, look, heard, asked } = watching();
    await look([BTC_ROW]);
    watch.missed();
    const reading = look([BTC_ROW]);
    watch.hear(instrument.read.parse({ ...BTC_ROW, state: 'suspend' }));
    await reading;
    expect(heard.at(-1), 'the push holds').toMatchObject({ stopped: 'suspend' });
    vi.advanceTimersByTime(9_999);
    await look([BTC_ROW]);
    expect(asked()).toBe(2);
    vi.advanceTimersByTime(1);
    await look([BTC_ROW]);
    expect([asked(), heard.at(-1)?.stopped]).toEqual([3, undefined]);
  });

  it('that is empty says nothing: unknown is not empty', async () => {
    const { look, heard, warnings } = watching();
    await look([]);
    expect([heard, warnings]).toEqual([[], ['instruments: the list is empty']]);
  });

  it.each([
    ['while changes are not heard', false],
    ['of what is known', true],
  ])('that could not be read says nothing, and %s is asked for again a while later', async (_, isKnown) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { watch, look, heard, asked, warnings } = watching();
    if (isKnown) watch.connected();
    if (isKnown) await look([BTC_ROW]);
    const [told, before] = [heard.length, asked()];
    watch.missed();
    await look('fault');
    vi.advanceTimersByTime(9_999);
    await look([BTC_ROW]);
    expect([heard.length - told, asked() - before, warnings.length]).toEqual([0, 1, 1]);
    vi.advanceTimersByTime(1);
    await look([BTC_ROW]);
    expect(asked() - before).toBe(2);
  });

  it('that could not be read while it was asked for again is read at once: what was missed is missed still', async () => {
    const { watch, look, asked } = watching();
    const reading = look('fault');
    watch.missed();
    await reading;
    await look([BTC_ROW]);
    expect(asked()).toBe(2);
  });

  it('is told with the tiers that were read before it: whether an instrument trades is not known sooner', async () => {
    const { watch, look, heard } = watching();
    const tiers = [{ ...tierSaid(BTC.tiers[0] as Tier), maintenanceRate: '0.5' }];
    watch.hearTiers(BTC.instId, tiers);
    expect(heard).toEqual([]);
    await look([{ ...BTC_ROW, state: 'suspend' }]);
    expect(heard).toMatchObject([{ stopped: 'suspend', limits: { tiers } }]);
  });

  it('that comes after the end is told to nobody', async () => {
    const { watch, look, heard } = watching();
    const reading = look([BTC_ROW]);
    watch.close();
    await reading;
    expect(heard).toEqual([]);
  });
});
