/** Readings of an account with several symbols: each is compared with its own row, and what one lacks keeps nothing from another. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script, type ScriptOptions } from '../../../test/script.ts';
import type { ExchangeRead, PositionReading } from '../event.ts';
import { EMERGENCY_STOP } from '../governors/door.ts';
import { decimal } from '../numbers/decimal.ts';
import { money, type Side } from '../numbers/units.ts';
import type { SymbolState } from '../registry.ts';

const OTHER = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };

/** Both symbols have a price; a long of 1,000 lots of the first, a short of 500 of the second. */
function both(options: ScriptOptions = {}): Script {
  const script = new Script({ ...options, instruments: [SCRIPT_SWAP, OTHER] });
  script.price(PRICE, { instId: OTHER.instId });
  script.take(script.fillEvent(1, 1000, PRICE));
  script.take(script.fillEvent(-1, 500, PRICE, { instId: OTHER.instId }));
  script.wait(3_000);
  return script;
}

function symbolOf(script: Script, { instId } = OTHER): SymbolState {
  const symbol = script.registry.byInstId.get(instId);
  if (symbol === undefined) throw new Error(`the script has no ${instId}`);
  return symbol;
}

/** What the journal believes, the youngest symbol first, as an exchange may list it. */
function positionsOf({ registry }: Script): PositionReading[] {
  return registry.symbols.toReversed().flatMap(({ instrument: { instId }, position }) =>
    position === undefined
      ? []
      : [
          {
            instId,
            signedLots: position.holding.side * position.holding.lots,
            costUnits: position.holding.costUnits,
            leverage: position.leverage ?? 5,
          },
        ],
  );
}

function reading(script: Script, more: Partial<ExchangeRead> = {}): ExchangeRead {
  script.wait(2_000);
  const { balance } = script.registry;
  const orders = [...script.book.values()].map(({ order: { clientId, instId, reduceOnly } }) => ({
    clientId,
    instId,
    reduceOnly,
  }));
  return {
    kind: 'exchange-read',
    at: script.now,
    balance,
    available: balance,
    positions: positionsOf(script),
    orders,
    ...more,
  };
}

const cost = (lots: number, priceTicks: number) => lots * priceTicks * SCRIPT_SWAP.moneyPerTickLot;

describe('a reading of several symbols', () => {
  it('that agrees in each, in whatever order they are listed, differs from nothing', () => {
    const script = both();
    expect(script.take(reading(script))).toEqual([]);
    expect([script.registry.ready, script.registry.differences]).toEqual([true, undefined]);
  });

  it('takes the cost of each from its own row where fills were told in another order', () => {
    const script = both();
    const [other, first] = positionsOf(script) as [PositionReading, PositionReading];
    const [paid, received] = [cost(1000, PRICE) + 40, cost(500, PRICE) - 10];
    const balance = money(script.registry.balance + 50n);
    script.take(
      reading(script, {
        balance,
        positions: [
          { ...other, costUnits: received },
          { ...first, costUnits: paid },
        ],
      }),
    );
    expect([script.registry.balance, script.registry.ready]).toEqual([balance, true]);
    expect([script.position.holding.costUnits, symbolOf(script).position?.holding.costUnits]).toEqual([paid, received]);
  });

  it('says nothing of any where one of them has a younger fill', () => {
    const script = both();
    const [older, younger] = [reading(script, { positions: [] }), reading(script, { positions: [] })];
    script.now += 1;
    script.take(script.fillEvent(-1, 1, PRICE, { instId: OTHER.instId }));
    for (const each of [older, younger]) script.take(each);
    expect(script.symbol.position).toBeDefined();
    expect(script.registry.differences).toBeUndefined();
  });

  it('tells a position with cross margin of the symbol that it is of', () => {
    const script = both();
    const crossMargin = [{ instId: OTHER.instId, side: 'long', contracts: '3' } as const];
    expect(script.ofKind('alert', script.take(reading(script, { crossMargin })))).toMatchObject([
      { code: 'cross-position', instId: OTHER.instId },
    ]);
    expect([script.symbol.unexplained, symbolOf(script).unexplained]).toEqual([undefined, expect.any(String)]);
  });

  it('takes one away and leaves the other as it is', () => {
    const script = both();
    for (let round = 0; round < 2; round++)
      script.take(
        reading(script, { positions: positionsOf(script).filter(({ instId }) => instId === SCRIPT_SWAP.instId) }),
      );
    expect([script.symbol.position?.holding.lots, symbolOf(script).position]).toEqual([1000, undefined]);
    expect([script.symbol.unexplained, symbolOf(script).unexplained]).toEqual([undefined, expect.any(String)]);
  });
});

describe('a reading that agrees', () => {
  it('moves no stop away, though more may be lost by now', () => {
    const script = both({ limits: { lossPerPositionPercentMax: decimal('0.02') } });
    const stop = () => [...script.book.values()].find(({ order }) => order.role === 'stop' && order.side === -1)?.ticks;
    const before = stop();
    const balance = money(script.registry.balance * 2n);
    for (let round = 0; round < 3; round++) script.take(reading(script, { balance }));
    expect(script.registry.balance).toBe(balance);
    expect(before).toBeGreaterThan(PRICE - 50);
    expect(stop()).toBe(before);
  });

  it('moves a stop with what somebody has added, by the average that it has then', () => {
    const script = both();
    const [other, first] = positionsOf(script) as [PositionReading, PositionReading];
    const grown = { ...first, signedLots: 2000, costUnits: cost(1000, PRICE) + cost(1000, PRICE - 20) };
    const before = script.position.exits.stopDistanceTicks;
    for (let round = 0; round < 2; round++) script.take(reading(script, { positions: [other, grown] }));
    const stop = [...script.book.values()].find(({ order }) => order.role === 'stop' && order.side === -1);
    expect([stop?.sizeLots, stop?.ticks]).toEqual([2000, PRICE - 10 - before]);
  });
});

describe('cash that is gone while everything stands still', () => {
  const halted = (script: Script, by: string) =>
    script.operator(by === EMERGENCY_STOP ? { do: 'halt', by } : { do: 'pause', by });
  const withdraw = (script: Script) => {
    const balance = money((script.registry.balance * 9n) / 10n);
    for (let round = 0; round < 2; round++) script.take(reading(script, { balance }));
  };

  it('is a transfer where a person has paused', () => {
    const script = both();
    const before = script.registry.day.firstBalance;
    halted(script, 'somebody');
    withdraw(script);
    expect(script.registry.day.firstBalance).toBeLessThan(before);
  });

  it('is a loss of the day where the emergency stop has halted, and nobody is there to move it', () => {
    const script = both();
    const before = script.registry.day.firstBalance;
    halted(script, EMERGENCY_STOP);
    withdraw(script);
    expect(script.registry.day.firstBalance).toBe(before);
  });

  it('is one, too, beside anything unexplained of any symbol', () => {
    const script = both();
    const before = script.registry.day.firstBalance;
    halted(script, 'somebody');
    symbolOf(script).unexplained = 'something';
    withdraw(script);
    expect(script.registry.day.firstBalance).toBe(before);
  });
});

describe.each([1, -1] as const)('a position of side %i that is gone', (side: Side) => {
  it('leaves no price that is watched', () => {
    const script = new Script({ config: { limits: { liquidation_distance_multiple: 0 } } }).enter(side);
    expect([script.symbol.watchBelowTicks > 0, script.symbol.watchAboveTicks < Number.POSITIVE_INFINITY]).toContain(
      true,
    );
    script.wait(3_000);
    for (let round = 0; round < 2; round++) script.take(reading(script, { positions: [] }));
    expect(script.symbol.position).toBeUndefined();
    expect([script.symbol.watchBelowTicks, script.symbol.watchAboveTicks]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});
