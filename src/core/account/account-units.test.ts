/** The account as the gates count it. Source: ladder.md §4, §6. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { money } from '../numbers/units.ts';
import { accountUnits, type SymbolState } from '../registry.ts';

it.each([1, -1] as const)('margin of what is open and of what is on its way is rounded up, side %i', (side) => {
  const { execution } = new Script().policy;
  const script = new Script({ execution: { leverage: { ...execution.leverage, max: 7 } } }).enter(side);
  script.wait(60_000);
  script.signal(side);
  const { costUnits } = script.position.holding;
  const { sizeLots, ticks } = script.live('rung');
  const coming = sizeLots * ticks * SCRIPT_SWAP.moneyPerTickLot;
  expect([costUnits % 7 > 0, coming % 7 > 0], 'no whole units').toEqual([true, true]);
  expect(accountUnits(script.registry)).toMatchObject({
    marginUsed: Math.floor(costUnits / 7) + 1,
    marginReserved: Math.floor(coming / 7) + 1,
    exposure: costUnits + coming,
  });
});

it('of an order that has begun to fill only what is left of it is on its way', () => {
  const script = new Script();
  script.signal(1);
  const { sizeLots } = script.live('entry');
  script.fill('entry', { lots: 500 });
  const value = (lots: number) => lots * PRICE * SCRIPT_SWAP.moneyPerTickLot;
  expect(accountUnits(script.registry)).toMatchObject({
    marginUsed: value(500) / 5,
    marginReserved: value(sizeLots - 500) / 5,
    exposure: value(sizeLots),
  });
});

it('a position whose price was never seen counts with its cost, and has gained or lost nothing', () => {
  const script = new Script().enter(1);
  script.price(PRICE - 10);
  const { costUnits } = script.position.holding;
  expect(accountUnits(script.registry).exposure).toBeLessThan(costUnits);
  script.forgetPrices();
  expect(accountUnits(script.registry)).toMatchObject({ exposure: costUnits, unrealised: 0, openPositions: 1 });
});

describe('several symbols on one account', () => {
  const SWAPS = ['A', 'B', 'C', 'D'].map((coin) => ({ ...SCRIPT_SWAP, instId: `${coin}-USDT-SWAP` }));
  const [A, B, C, D] = SWAPS.map(({ instId }) => instId) as [string, string, string, string];
  const UNIT = SCRIPT_SWAP.moneyPerTickLot;
  const LEVERAGE = 5;

  /** A long of 300 lots, a short of 200, a limit order of 100 below the mark, and a market order of 50 that nobody has answered. */
  function book(): Script {
    const script = new Script({ instruments: SWAPS, config: { profiles: { small: { max_open_positions: 4 } } } });
    script.answers.set('stop', 'accept');
    for (const instId of [A, B, C, D]) script.price(PRICE, { instId });
    script.take({ ...script.fillEvent(1, 300, PRICE), instId: A });
    script.take({ ...script.fillEvent(-1, 200, PRICE), instId: B });
    const own = script.registry.symbols;
    for (const symbol of own) if (symbol.position !== undefined) symbol.position.leverage = LEVERAGE;
    enlist(own[2], 100, PRICE - 50);
    enlist(own[3], 50, 0);
    script.price(PRICE + 30, { instId: A });
    script.price(PRICE + 20, { instId: B });
    script.price(PRICE + 10, { instId: D });
    return script;

    function enlist(symbol: SymbolState | undefined, sizeLots: number, priceTicks: number): void {
      if (symbol === undefined) throw new Error('four symbols');
      const { instId } = symbol.instrument;
      script.answers.set('entry', 'nothing');
      script.signal(1, { instId });
      const open = [...script.registry.orders.values()].find((each) => each.symbol === symbol);
      if (open === undefined) throw new Error('an entry was sent');
      Object.assign(open, { sizeLots, ticks: priceTicks });
    }
  }

  const units = (lots: number, ticksEach: number) => lots * ticksEach * UNIT;

  it('add up: value of all that is open at its mark, of all that is on its way at its own price, a market order at the mark', () => {
    expect(accountUnits(book().registry)).toMatchObject({
      openPositions: 4,
      unrealised: units(300, 30) - units(200, 20),
      exposure: units(300, PRICE + 30) + units(200, PRICE + 20) + units(100, PRICE - 50) + units(50, PRICE + 10),
      marginUsed: (units(300, PRICE) + units(200, PRICE)) / LEVERAGE,
      marginReserved: (units(100, PRICE - 50) + units(50, PRICE + 10)) / LEVERAGE,
    });
  });

  it('without one of them: what the exchange has left gets back what that one had taken by then, and no more', () => {
    const script = book();
    const { registry } = script;
    registry.exchangeAvailable = money(1_000n);
    const left = (readAt: number) =>
      registry.symbols.map((symbol) => {
        registry.readAt = readAt;
        return Number(accountUnits(registry, symbol).exchangeAvailable) - 1_000;
      });
    expect(left(script.now + 1)).toEqual(
      [units(300, PRICE), units(200, PRICE), units(100, PRICE - 50), units(50, PRICE + 10)].map(
        (value) => value / LEVERAGE,
      ),
    );
    expect(left(script.now), 'of the very millisecond it may lack it').toEqual([0, 0, 0, 0]);
  });

  it('a rung that outlives its position counts as the one that it may open, until its end is told (ladder.md §4, gate 16)', () => {
    const script = new Script({ instruments: SWAPS, config: { profiles: { small: { max_open_positions: 1 } } } });
    script.price(PRICE, { instId: B });
    script.enter(1);
    script.wait(60_000);
    script.signal(1);
    const rung = script.live('rung');
    const value = rung.sizeLots * rung.ticks * UNIT;
    script.cancellations = 'nothing';
    script.fill('stop');
    expect(accountUnits(script.registry)).toMatchObject({ openPositions: 1, exposure: value, marginUsed: 0 });
    expect(script.refusals(script.signal(1, { instId: B }))).toEqual(['positions-at-limit']);
    script.take(script.ended(rung));
    expect(accountUnits(script.registry)).toMatchObject({ openPositions: 0, exposure: 0, marginReserved: 0 });
    expect(script.refusals(script.signal(1, { instId: B }))).toEqual([]);
  });

  it('without one that is open and is being added to, both', () => {
    const script = new Script().enter(1);
    script.wait(60_000);
    script.signal(1);
    const { registry, symbol } = script;
    registry.exchangeAvailable = money(1_000n);
    registry.readAt = script.now + 1;
    const { marginUsed, marginReserved } = accountUnits(registry);
    expect(marginReserved).toBeGreaterThan(0);
    expect(Number(accountUnits(registry, symbol).exchangeAvailable)).toBe(1_000 + marginUsed + marginReserved);
  });
});
