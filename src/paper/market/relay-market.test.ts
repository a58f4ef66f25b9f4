/** What becomes of what is heard of a foreign market: late, with a wrong stamp, or not at all. */
import { describe, expect, it } from 'vitest';
import { BTC, NOW, type PaperTest, paper, wellKnown } from '../../../test/paper.ts';
import type { CandleClosed } from '../../core/event.ts';
import { emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import type { SavedFloor } from '../floor.ts';
import type { SettledFunding } from './market-source.ts';
import { RelayMarket } from './relay-market.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59990' };
const MARKET = { ...LIMIT, ordType: 'market', px: '' };
const STOP = { ...MARKET, side: 'sell', ordType: 'conditional', slTriggerPx: '59000', slOrdPx: '-1', reduceOnly: true };
const PLENTY = 1_000_000_000;

function relayed(at = NOW, more: { settled?: readonly SettledFunding[]; saved?: SavedFloor } = {}) {
  const history = emptyCandles(BTC, 1);
  history.openMinute[0] = at / MINUTE_MS - 1;
  for (const column of [history.openTicks, history.highTicks, history.lowTicks, history.closeTicks])
    column[0] = 600_000;
  const nowMs = () => test.clock.now();
  const instrument = wellKnown(BTC);
  const market = new RelayMarket([{ instrument, history, settled: more.settled ?? [] }], nowMs);
  const { saved } = more;
  const test = paper({ source: market, instruments: [instrument], at, ...(saved === undefined ? {} : { saved }) });
  const tell = () => {
    market.quote(0, { bidTicks: 599_999, askTicks: 600_000 }, nowMs());
    market.mark(0, 600_000, nowMs());
  };
  tell();
  test.pass(1_000);
  return { test, market, tell };
}

const order = (test: PaperTest, ordId = '') => test.get('trade/order', { instId: BTC, ordId }).data[0];
const algo = (test: PaperTest, algoId = '') => test.get('trade/order-algo', { algoId }).data[0];

describe('a market that is heard', () => {
  it('late fills nothing before it was asked for', () => {
    const { test, market } = relayed();
    const { ordId } = test.post('trade/order', LIMIT).data[0] ?? {};
    market.trade(0, 599_000, PLENTY, NOW + 500);
    test.pass(10);
    const filled = order(test, ordId);
    expect(filled?.['state']).toBe('filled');
    expect(Number(filled?.['fillTime'])).toBeGreaterThanOrEqual(Number(filled?.['cTime']));
  });

  it('with one stamp of another hour goes on, and the next trade moves its price', () => {
    const { test, market } = relayed();
    market.trade(0, 600_000, 10, NOW + 3_600_000);
    test.pass(1_000);
    market.trade(0, 610_000, 10, NOW + 2_000);
    test.pass(1_000);
    expect(test.get('market/ticker', { instId: BTC }).data[0]?.['last']).toBe('61000');
    expect(market.nextAt, 'nothing waits for that hour').toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a minute', () => {
  it('is closed when its maker says so, as he says, and everybody is told the same', () => {
    const { test, market } = relayed();
    const socket = test.socket('business');
    const channels = ['candle1m', 'candle3m'];
    socket.say({ op: 'subscribe', args: channels.map((channel) => ({ channel, instId: BTC })) });
    const closedPushes = () =>
      socket
        .take()
        .flatMap(({ arg, data = [] }) => data.map((row) => [arg?.['channel'], ...(row as unknown as string[])]))
        .filter((row) => row.at(-1) === '1')
        .map(([channel, , open, high, low, close, lots]) => [channel, open, high, low, close, lots]);
    const shown = () => test.get('market/candles', { instId: BTC, limit: '3' }).data as unknown as string[][];
    for (let minute = 0; minute < 3; minute += 1) {
      market.trade(0, 600_100 + minute, 10, test.clock.now());
      test.pass(MINUTE_MS);
    }
    expect(closedPushes(), 'their time is over, and nobody has called them closed').toEqual([]);
    expect(shown().map((row) => row.at(-1))).toEqual(['0', '0', '0']);

    const openMinute = NOW / MINUTE_MS;
    const candle = { openTicks: 600_000, highTicks: 600_300, lowTicks: 599_000, closeTicks: 600_200, volumeLots: 25 };
    const close = (n: number) =>
      market.close({
        kind: 'candle-closed',
        at: 0,
        instId: BTC,
        openMinute: openMinute + n,
        ...candle,
      } as CandleClosed);
    close(0);
    test.pass(1_000);
    const row = ['60000', '60030', '59900', '60020', '0.25'];
    expect(closedPushes()).toEqual([['candle1m', ...row]]);
    expect(shown().map((each) => each.at(-1))).toEqual(['0', '0', '0']);
    close(1);
    close(2);
    test.pass(1_000);
    expect(closedPushes(), 'each once, and the bar that they fill').toEqual([
      ['candle1m', ...row],
      ['candle1m', ...row],
      ['candle3m', ...row.slice(0, 4), '0.75'],
    ]);
    expect(shown().map((each) => each.at(-1))).toEqual(['0', '1', '1']);
    expect(shown()[1]?.slice(1, 6)).toEqual(row);
  });
});

describe('while it is not heard', () => {
  it('a stop that a last tick has reached sleeps on, and acts at the first price that is known again', () => {
    const { test, market, tell } = relayed();
    test.post('trade/order', MARKET);
    const { algoId } = test.post('trade/order-algo', STOP).data[0] ?? {};
    market.trade(0, 580_000, 10, NOW + 1_500);
    market.lose();
    test.pass(1_000);
    expect(algo(test, algoId), 'it would have failed with 51022, and the position stood bare').toMatchObject({
      state: 'live',
    });
    tell();
    test.pass(1_000);
    expect(algo(test, algoId)).toMatchObject({ state: 'effective' });
    expect(test.get('account/positions').data).toEqual([]);
  });
});

describe('a trade beyond the touch that was heard last', () => {
  it('has taken the touch with it: a stop that it wakes sells no better than it', () => {
    const { test, market } = relayed();
    test.post('trade/order', MARKET);
    test.post('trade/order-algo', STOP);
    market.trade(0, 585_000, 10, NOW + 1_500);
    test.pass(1_000);
    const [fill] = test.get('trade/fills').data;
    expect(fill?.['side']).toBe('sell');
    expect(Number(fill?.['fillPx'])).toBeLessThanOrEqual(58_500);
    const [ticker] = test.get('market/ticker', { instId: BTC }).data;
    expect([ticker?.['bidPx'], ticker?.['askPx']]).toEqual(['58500', '60000']);
  });

  it('says nothing of a touch that was quoted after it', () => {
    const { test, market } = relayed();
    market.quote(0, { bidTicks: 599_999, askTicks: 600_000 }, NOW + 900);
    market.trade(0, 585_000, 10, NOW + 800);
    test.pass(1_000);
    expect(test.get('market/ticker', { instId: BTC }).data[0]?.['bidPx']).toBe('59999.9');
  });
});

describe('a touch that is not said any more', () => {
  const quiet = (markTicks: number, isTouched = false) => {
    const { test, market, tell } = relayed();
    market.mark(0, markTicks, test.clock.now());
    if (isTouched) market.quote(0, { bidTicks: markTicks - 1, askTicks: markTicks }, test.clock.now());
    for (let seconds = 0; seconds < 30; seconds += 1) {
      market.mark(0, markTicks, test.clock.now());
      test.pass(1_000);
    }
    return { test, tell, sCode: () => test.post('trade/order', MARKET).data[0]?.['sCode'] };
  };

  it('is no price while the mark goes elsewhere: nothing is bought at it', () => {
    const { test, tell, sCode } = quiet(590_000);
    expect(sCode()).toBe('51022');
    tell();
    test.pass(1_000);
    expect(sCode()).toBe('0');
  });

  it('is one while the mark stays where it was', () => {
    expect(quiet(600_100).sCode()).toBe('0');
    expect(quiet(610_000, true).sCode(), 'where it was when the touch was said').toBe('0');
  });
});

describe('funding', () => {
  it('is settled as often as its market says, and told so', () => {
    const noon = Date.UTC(2026, 2, 2, 12);
    const { test, market } = relayed(noon - 2 * MINUTE_MS);
    market.fund(0, 10_000, 4 * 3_600_000);
    test.post('trade/order', MARKET);
    const [told] = test.get('public/funding-rate', { instId: BTC }).data;
    expect([told?.['fundingTime'], told?.['nextFundingTime']]).toEqual([String(noon), String(noon + 4 * 3_600_000)]);
    test.pass(3 * MINUTE_MS);
    expect(test.get('account/bills', { type: '8' }).data).toMatchObject([{ ts: String(noon) }]);
    test.pass(8 * 3_600_000);
    expect(test.get('account/bills', { type: '8' }).data).toHaveLength(3);
  });
});

describe('settlements of funding that fell into a stop', () => {
  it('are at the rate that was settled, and told once', () => {
    const settlement = Date.UTC(2026, 2, 2, 16);
    const before = relayed(settlement - MINUTE_MS).test;
    before.post('trade/order', MARKET);
    const saved = before.exchange.floor.save();
    const settled = [{ at: settlement, rateE8: 12_345 }];
    const { test } = relayed(settlement + 3_600_000, { saved, settled });
    const rows = test.get('public/funding-rate-history', { instId: BTC }).data;
    expect(rows.map(({ fundingTime, realizedRate }) => [fundingTime, realizedRate])).toEqual([
      [String(settlement), '0.00012345'],
    ]);
    expect(test.get('account/bills', { type: '8' }).data).toMatchObject([{ pnl: '-0.07407', ts: String(settlement) }]);
  });
});
