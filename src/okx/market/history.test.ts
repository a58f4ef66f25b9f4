/** What is done with pages of the market's past. Asking for them is tested where it is used: cli/data/data-download.test.ts, paper/market/relay.test.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { okReply, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { type Candles, emptyCandles } from '../../core/market/candle.ts';
import { Rest } from '../door/rest.ts';
import { HistoryError, joinedMinutes, minutesOf, missingRanges } from './history.ts';

vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn(() => Promise.resolve()) }));

/** Candles of these minutes, every column another number. */
function page(...minutes: number[]): Candles {
  const candles = emptyCandles('BTC-USDT-SWAP', minutes.length);
  for (const [at, minute] of minutes.entries()) {
    candles.openMinute[at] = minute;
    candles.openTicks[at] = minute + 1;
    candles.highTicks[at] = minute + 2;
    candles.lowTicks[at] = minute + 3;
    candles.closeTicks[at] = minute + 4;
    candles.volumeLots[at] = minute + 5;
  }
  return candles;
}

describe('pages of minutes', () => {
  it.each([
    ['none', [], page()],
    ['one', [page(7, 8)], page(7, 8)],
    ['several, of different lengths', [page(1, 2, 3), page(4), page(9, 10)], page(1, 2, 3, 4, 9, 10)],
    ['an empty one between others', [page(1), page(), page(2)], page(1, 2)],
  ])('%s are joined, every column in its order', (_, pages, whole) => {
    expect(joinedMinutes('BTC-USDT-SWAP', pages)).toEqual(whole);
  });

  it('that are joined share no memory with them', () => {
    const first = page(1, 2);
    const whole = joinedMinutes('BTC-USDT-SWAP', [first]);
    first.closeTicks[0] = 99;
    expect(whole.closeTicks[0]).toBe(5);
  });
});

describe('a page with a row that cannot be read', () => {
  it('is asked for again and again, and told by its row and field', async () => {
    const row = (minute: number, low: string) => [`${minute * 60_000}`, '3', '4', low, '3', '1', '1', '1', '1'];
    const rows = [row(11, '2'), row(10, 'two')];
    const { origin, received } = await startHttp((_, response) => sendJson(response, okReply(rows)));
    const rest = new Rest({ origin, isDemo: false, nowMs: () => performance.now(), timeoutMs: 2_000, waitMsMax: 0 });
    const read = minutesOf(rest, BTC, { from: 10, until: 12 }).next();
    await expect(read).rejects.toThrow(HistoryError);
    await expect(read).rejects.toThrow(/history-candles: payload row 2: 3: low is no number in a string/);
    expect([received.length, vi.mocked(delay).mock.calls.map(([ms]) => ms)]).toEqual([
      6,
      [500, 1_000, 2_000, 4_000, 8_000],
    ]);
  });
});

describe('what is missing of a range', () => {
  it.each([
    ['nothing is stored', undefined, [{ from: 10, until: 20 }]],
    ['all of it is stored', page(10, 11, 12, 13, 14, 15, 16, 17, 18, 19), []],
    ['its beginning and its end are stored', page(9, 10, 11, 18, 19, 20), [{ from: 12, until: 18 }]],
    [
      'there are holes',
      page(11, 12, 15),
      [
        { from: 10, until: 11 },
        { from: 13, until: 15 },
        { from: 16, until: 20 },
      ],
    ],
    ['only others are stored', page(1, 2, 30), [{ from: 10, until: 20 }]],
  ])('where %s', (_, stored, missing) => {
    expect(missingRanges(stored, { from: 10, until: 20 })).toEqual(missing);
  });
});
