/**
 * What every exchange must do that stands behind the core's port, told by its events alone: the simulator, and OKX's protocol through the
 * adapter. An exchange registers itself with a way to move its market; see exchange.test.ts. Cards are numbered: a failure is named by one.
 *
 * The market is a BTC-like swap; one account in net mode and isolated margin, flat, at 10x, with at least 10,000 USDT. Prices stand still
 * unless a card moves them; what can fill at once has filled after the next move. Answers may take their time: `settled` waits until everything asked was answered.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CoreEvent, ExchangeRead, Filled } from '../core/event.ts';
import { type Instrument, lotsMaxAt, valueMoney } from '../core/instrument/instrument.ts';
import type { Lots, Money, Side, Ticks } from '../core/numbers/units.ts';
import type { Approved, Order, OrderTerms } from '../core/orders/order.ts';
import { foldFill, type Holding } from '../core/position/position.ts';

/** The part of the runtime's exchange port that the cards ask. */
export interface AskedExchange {
  place(order: Approved): void;
  cancel(instId: string, clientId: string): void;
  amend(change: {
    readonly instId: string;
    readonly clientId: string;
    readonly priceTicks?: Ticks;
    readonly triggerTicks?: Ticks;
    readonly sizeLots?: Lots;
  }): void;
  setLeverage(instId: string, leverage: number): void;
  read(): void;
}

export interface ExchangeUnderTest {
  readonly instrument: Instrument;
  readonly exchange: AskedExchange;
  /** Everything heard since the start, in order. */
  readonly events: readonly CoreEvent[];
  /** Where the last price stands; a whole number of ticks that leaves room for 5 % on either side. */
  readonly lastTicks: number;
  /** Last and mark travel there, and this much is traded on the way. */
  move(toTicks: number, volumeLots: number): Promise<void>;
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

const PLENTY = 10_000_000;

export function describeExchange(name: string, prepare: () => Promise<ExchangeUnderTest>): void {
  describe(`${name}: the exchange contract`, () => {
    let at: ExchangeUnderTest;
    let asked = 0;
    beforeEach(async () => {
      at = await prepare();
      asked = 0;
    });
    afterEach(() => at.dispose());

    /** A price `percent` away from the last, in ticks. */
    const away = (percent: number) => Math.round(at.lastTicks * (1 + percent / 100)) as Ticks;
    const limit = (priceTicks: Ticks, postOnly = false): OrderTerms => ({ type: 'limit', priceTicks, postOnly });
    const market: OrderTerms = { type: 'market' };

    function order(side: Side, sizeLots: number, terms: OrderTerms, more: Partial<Order> = {}): Approved {
      asked += 1;
      const made: Order = {
        clientId: `contract${asked}`,
        instId: at.instrument.instId,
        role: terms.type === 'stop' ? 'stop' : more.reduceOnly === true ? 'close' : 'entry',
        position: 1,
        step: 0,
        attempt: 1,
        part: 0,
        takenByMs: Number.MAX_SAFE_INTEGER,
        side,
        sizeLots: sizeLots as Lots,
        reduceOnly: false,
        terms,
        ...more,
      };
      return made as Approved;
    }

    async function place(...request: Parameters<typeof order>): Promise<string> {
      const made = order(...request);
      at.exchange.place(made);
      await at.settled();
      return made.clientId;
    }

    async function cancel(clientId: string): Promise<void> {
      at.exchange.cancel(at.instrument.instId, clientId);
      await at.settled();
    }

    /** Prices stand, time and trade go on: what could fill at once has filled. */
    const trade = () => at.move(at.lastTicks, PLENTY);

    async function read(): Promise<ExchangeRead> {
      at.exchange.read();
      await at.settled();
      const last = at.events.findLast((event): event is ExchangeRead => event.kind === 'exchange-read');
      if (last === undefined) throw new Error('a reading was asked for and none was heard');
      return last;
    }

    const fillsOf = (clientId: string) =>
      at.events.filter((event): event is Filled => event.kind === 'filled' && event.clientId === clientId);
    const filledLots = (clientId: string) => fillsOf(clientId).reduce((sum, fill) => sum + fill.sizeLots, 0);
    const endOf = (clientId: string) =>
      at.events.find((event) => event.kind === 'order-ended' && event.clientId === clientId);
    const heard = (kind: CoreEvent['kind'], clientId: string) =>
      at.events.filter((event) => event.kind === kind && 'clientId' in event && event.clientId === clientId).length;
    const positionNow = async () => (await read()).positions.find(({ instId }) => instId === at.instrument.instId);
    const openNow = async () => (await read()).orders.map(({ clientId }) => clientId);

    test('E-01 a limit order away from the market is accepted under its client id, lives, and does nothing', async () => {
      const id = await place(1, 20, limit(away(-1)));
      expect([heard('order-accepted', id), heard('filled', id), heard('order-ended', id)]).toEqual([1, 0, 0]);
      expect(await openNow()).toEqual([id]);
    });

    test('E-02 a market order fills whole as taker, at the touch or worse, and pays a fee', async () => {
      const id = await place(1, 20, market);
      await trade();
      const fills = fillsOf(id);
      expect(filledLots(id)).toBe(20);
      for (const fill of fills) {
        expect([fill.side, fill.liquidity, fill.cause]).toEqual([1, 'taker', 'order']);
        expect(fill.priceTicks).toBeGreaterThanOrEqual(at.lastTicks);
        expect(fill.fee > 0n).toBe(true);
      }
      expect(
        [heard('order-accepted', id), heard('order-ended', id)],
        'filled whole is no end short of its size',
      ).toEqual([1, 0]);
      expect(await openNow()).toEqual([]);
    });

    test('E-03 a resting order fills at its own price as maker once the price has gone through it', async () => {
      const price = away(-0.5);
      const id = await place(1, 20, limit(price));
      await at.move(away(-1), PLENTY);
      expect(filledLots(id)).toBe(20);
      for (const fill of fillsOf(id)) expect([fill.priceTicks, fill.liquidity]).toEqual([price, 'maker']);
    });

    test('E-04 little volume fills a part; a cancel ends the rest and names what was filled', async () => {
      const size = 5_000;
      const id = await place(1, size, limit(away(-0.5)), {});
      await at.move(away(-1), 2_000);
      const part = filledLots(id);
      expect(part).toBeGreaterThan(0);
      expect(part).toBeLessThan(size);
      await cancel(id);
      expect(endOf(id)).toMatchObject({ filledLots: part });
      expect((await positionNow())?.signedLots).toBe(part);
    });

    test('E-05 a cancelled order ends once and never fills; a second cancel changes nothing', async () => {
      const id = await place(1, 20, limit(away(-0.5)));
      await cancel(id);
      await cancel(id);
      await at.move(away(-1), PLENTY);
      expect([heard('order-ended', id), heard('filled', id)]).toEqual([1, 0]);
      expect(endOf(id)).toMatchObject({ filledLots: 0 });
    });

    test('E-06 an amended order fills at its new price with its new size', async () => {
      const id = await place(1, 20, limit(away(-2)));
      const price = away(-0.5);
      at.exchange.amend({ instId: at.instrument.instId, clientId: id, priceTicks: price, sizeLots: 30 as Lots });
      await at.settled();
      expect(at.events.findLast((event) => event.kind === 'order-amended')).toMatchObject({ clientId: id, done: true });
      await at.move(away(-1), PLENTY);
      expect([filledLots(id), fillsOf(id)[0]?.priceTicks]).toEqual([30, price]);
    });

    test('E-07 amending what lives no more is not done, and brings nothing back', async () => {
      const id = await place(1, 20, limit(away(-1)));
      await cancel(id);
      at.exchange.amend({ instId: at.instrument.instId, clientId: id, priceTicks: away(-0.5) });
      await at.settled();
      expect(at.events.findLast((event) => event.kind === 'order-amended')).toMatchObject({
        clientId: id,
        done: false,
      });
      expect(await openNow()).toEqual([]);
    });

    test('E-08 what the rules forbid is rejected with a code and a sentence, and never lived', async () => {
      const huge = lotsMaxAt(at.instrument, 10) + 1;
      const forbidden = [
        order(1, at.instrument.lotsMaxMarketOrder + 1, market),
        order(1, 20, limit(away(50))),
        order(-1, 20, limit(away(-50))),
        order(1, Math.min(huge, at.instrument.lotsMaxLimitOrder), limit(away(-1))),
        order(-1, 20, market, { reduceOnly: true }),
        order(1, 20, market, { instId: 'NOSUCH-USDT-SWAP' }),
      ];
      for (const each of forbidden) {
        at.exchange.place(each);
        await at.settled();
        const no = at.events.find((event) => event.kind === 'order-rejected' && event.clientId === each.clientId);
        expect(no, JSON.stringify(each.terms)).toMatchObject({
          code: expect.stringMatching(/./),
          message: expect.stringMatching(/./),
        });
        expect([heard('order-accepted', each.clientId), heard('filled', each.clientId)]).toEqual([0, 0]);
      }
      expect(await openNow()).toEqual([]);
    });

    test('E-09 a second order of a living client id changes nothing: it is proof that the first lives, never its rejection', async () => {
      const first = order(1, 20, limit(away(-1)));
      at.exchange.place(first);
      await at.settled();
      at.exchange.place({ ...first, sizeLots: 40 as Lots });
      await at.settled();
      expect(heard('order-rejected', first.clientId)).toBe(0);
      expect(await openNow()).toEqual([first.clientId]);
      await at.move(away(-2), PLENTY);
      expect(filledLots(first.clientId)).toBe(20);
    });

    test('E-10 a reduce-only order closes at most the position, whatever its size', async () => {
      await place(1, 20, market);
      await trade();
      const id = await place(-1, 50, market, { reduceOnly: true });
      await trade();
      expect(filledLots(id) === 20 || heard('order-rejected', id) === 1, 'trimmed, or rejected whole').toBe(true);
      expect((await positionNow())?.signedLots ?? 0).toBeGreaterThanOrEqual(0);
    });

    test('E-11 a reduce-only order that would enlarge is rejected', async () => {
      await place(1, 20, market);
      await trade();
      const id = await place(1, 20, limit(away(-1)), { reduceOnly: true });
      expect([heard('order-rejected', id), heard('filled', id)]).toEqual([1, 0]);
    });

    test('E-12 a stop sleeps above its trigger and closes the position beyond it', async () => {
      await place(1, 20, market);
      await trade();
      const trigger = away(-1);
      const id = await place(-1, 20, { type: 'stop', triggerTicks: trigger, by: 'mark' }, { reduceOnly: true });
      expect(await openNow(), 'triggers are open orders').toEqual([id]);
      await at.move(away(-0.9), PLENTY);
      expect(heard('filled', id)).toBe(0);
      await at.move(away(-1.5), PLENTY);
      await trade();
      expect(filledLots(id)).toBe(20);
      expect(
        Math.max(...fillsOf(id).map(({ priceTicks }) => priceTicks)),
        'never better than the trigger',
      ).toBeLessThanOrEqual(trigger);
      expect(await positionNow()).toBeUndefined();
    });

    test('E-13 a moved stop acts at its new trigger', async () => {
      await place(-1, 20, market);
      await trade();
      const id = await place(1, 20, { type: 'stop', triggerTicks: away(2), by: 'mark' }, { reduceOnly: true });
      at.exchange.amend({ instId: at.instrument.instId, clientId: id, triggerTicks: away(0.5) });
      await at.settled();
      await at.move(away(1), PLENTY);
      await trade();
      expect(filledLots(id)).toBe(20);
    });

    test('E-14 a stop whose trigger the price has passed is rejected, not left to sleep', async () => {
      await place(1, 20, market);
      await trade();
      const id = await place(-1, 20, { type: 'stop', triggerTicks: away(1), by: 'mark' }, { reduceOnly: true });
      expect([heard('order-rejected', id), heard('filled', id)]).toEqual([1, 0]);
    });

    test('E-15 a post-only order that would take ends without a fill', async () => {
      const id = await place(1, 20, limit(away(0.5), true));
      await trade();
      expect([heard('filled', id), heard('order-ended', id)]).toEqual([0, 1]);
      expect(endOf(id)).toMatchObject({ filledLots: 0 });
    });

    test('E-16 an IOC order that the touch does not reach ends without a fill', async () => {
      const id = await place(1, 20, { type: 'ioc', priceTicks: away(-1) });
      await trade();
      expect([heard('filled', id), heard('order-ended', id)]).toEqual([0, 1]);
    });

    test('E-17 leverage is told as it stands: changed while nothing is open, not while an order is', async () => {
      const told = () => at.events.findLast((event) => event.kind === 'leverage')?.leverage;
      at.exchange.setLeverage(at.instrument.instId, 5);
      await at.settled();
      expect(told()).toBe(5);
      await place(1, 20, limit(away(-1)));
      at.exchange.setLeverage(at.instrument.instId, 3);
      await at.settled();
      expect(told()).toBe(5);
    });

    test('E-18 a position is the fold of its fills: size, cost, side', async () => {
      const holding: Holding = { lots: 0, side: 1, costUnits: 0 };
      const ids = [await place(-1, 30, market), await place(-1, 25, market), await place(1, 15, market)];
      await trade();
      for (const fill of ids.flatMap(fillsOf))
        foldFill(holding, at.instrument, fill.side, fill.sizeLots, fill.priceTicks);
      expect(await positionNow()).toMatchObject({ signedLots: -40, leverage: 10 });
      expect(
        Math.abs(((await positionNow())?.costUnits ?? 0) - holding.costUnits),
        'an average price may cost a unit',
      ).toBeLessThanOrEqual(1);
    });

    test('E-19 the balance moves by exactly the PnL and the fees of the fills', async () => {
      const before = (await read()).balance;
      const open = await place(1, 20, market);
      await trade();
      await at.move(away(0.7), PLENTY);
      const close = await place(-1, 20, market, { reduceOnly: true });
      await trade();
      const fills = [...fillsOf(open), ...fillsOf(close)];
      const flow = fills.reduce(
        (sum, fill) => sum - BigInt(fill.side) * valueMoney(at.instrument, fill.sizeLots, fill.priceTicks) - fill.fee,
        0n,
      );
      expect(await positionNow()).toBeUndefined();
      expect((await read()).balance - before).toBe(flow);
    });

    test('E-20 a resting order holds its margin until it ends', async () => {
      const available = async () => (await read()).available as Money;
      const before = await available();
      const price = away(-1);
      const id = await place(1, 100, limit(price));
      const margin = valueMoney(at.instrument, 100, price) / 10n;
      expect(before - (await available()) >= margin).toBe(true);
      await cancel(id);
      expect(await available()).toBe(before);
    });

    test('E-21 reduce-only orders end with their position', async () => {
      await place(1, 20, market);
      await trade();
      const target = await place(-1, 20, limit(away(2)), { reduceOnly: true });
      const close = await place(-1, 20, market);
      await trade();
      expect(filledLots(close)).toBe(20);
      expect([heard('order-ended', target), heard('filled', target)]).toEqual([1, 0]);
      expect(await openNow()).toEqual([]);
    });

    test('E-22 an order that turns a position closes it and opens the rest', async () => {
      await place(1, 20, market);
      await trade();
      await place(-1, 50, market);
      await trade();
      expect((await positionNow())?.signedLots).toBe(-30);
    });

    test('E-23 an order lives in order: accepted, filled, ended; no trade id twice; time does not run back', async () => {
      const id = await place(1, 3_000, limit(away(-0.5)));
      for (const percent of [-0.6, -0.7, -0.6]) await at.move(away(percent), 8_000);
      await cancel(id);
      const life = at.events.filter((event) => 'clientId' in event && event.clientId === id).map(({ kind }) => kind);
      expect(life[0]).toBe('order-accepted');
      expect(life.slice(1, -1).every((kind) => kind === 'filled')).toBe(true);
      expect(new Set(fillsOf(id).map(({ tradeId }) => tradeId)).size).toBe(fillsOf(id).length);
      const times = at.events.map((event) => event.at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    });
  });
}
