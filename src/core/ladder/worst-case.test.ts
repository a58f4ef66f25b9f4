/**
 * The worst case of the book (rules.md §8): what is open and what is on its way, fully climbed, then stopped, or shocked. What a market can
 * really take of it: lab/worst-case-walk.test.ts.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { effectivePolicy } from '../../config/index.ts';
import { decimal } from '../numbers/decimal.ts';
import { money, type Side } from '../numbers/units.ts';
import {
  bookWorstCase,
  bookWorstCaseUnits,
  entryExposure,
  type LadderExposure,
  ladderWorstCase,
  shockedLossUnits,
  stoppedLossUnits,
  togetherOf,
} from './worst-case.ts';

const policy = effectivePolicy();

/** 1 + 2.7 × 0.8 × 1.1: entry and ladder where they are largest. */
const WHOLE = 3.376;
/** A stop 0.75 % away; leaving as taker: fee and slippage; a tick of 0.01 % for slippage is rounded up to one. */
const STOP = 0.0075;
const EXIT = 0.0006;
const FEE = 0.0005;
const TICK = 0.0001;
/** An entry or rung that nobody fills as maker follows at the market. */
const ENTRY = 0.0005;

/** How much deeper than the average the next rung of a long or short comes, as a share of the price there. */
function below(side: Side, target: number): number {
  const reach = side === 1 ? STOP : target;
  return reach / (1 - reach);
}

/** Two ATR, three extensions by a fifth, each a whole tick, and a round trip. */
const TARGET = 0.0173 + 0.0008;

/** The plain sum, but that lower rungs buy more for the same value, rising from `first` to `all`: value × (stop + exit) + what is still to be bought × entry. */
function stoppedOf(side: Side, target = TARGET) {
  return (all: number, first: number, coming: number): number => {
    const growth = all / first;
    const lots = all / (1 - (below(side, target) * (growth - 1)) / Math.sqrt(growth));
    return lots * STOP + leaving(side, all + lots * STOP, lots) + coming * ENTRY;
  };
}

/** Fee, slippage and a tick; a short buys dearer by the last two, and pays the fee on that too. */
function leaving(side: Side, value: number, lots: number): number {
  const slipped = value * (EXIT - FEE) + lots * TICK;
  return value * FEE + slipped * (side === 1 ? 1 : 1 + FEE);
}

function usdtOf(script: Script): number {
  return bookWorstCaseUnits(script.registry) / 1e8;
}

/** Value at the entry's price, USDT. */
function worth(lots: number): number {
  return (lots * PRICE * SCRIPT_SWAP.moneyPerTickLot) / 1e8;
}

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('the worst case of a %s', (_name, side) => {
  const stopped = stoppedOf(side);

  it('is nothing where nothing is open or on its way', () => {
    expect(usdtOf(new Script())).toBe(0);
    expect(bookWorstCase(new Script().registry)).toEqual({
      ladders: [],
      valueUnits: 0,
      marginUnits: 0,
      stoppedUnits: 0,
      shockedUnits: 0,
      nearest: undefined,
    });
  });

  it('of an entry on its way is its whole ladder, stopped, with both fees', () => {
    const script = new Script();
    script.signal(side);
    const base = worth(script.live('entry').sizeLots);
    expect(usdtOf(script)).toBeCloseTo(stopped(base * WHOLE, base, base * WHOLE), 5);
  });

  it('of an entry that is half filled counts the other half once', () => {
    const script = new Script();
    script.signal(side);
    const coming = worth(script.live('entry').sizeLots - 1000);
    script.fill('entry', { lots: 1000 });
    const filled = worth(1000);
    expect(usdtOf(script)).toBeCloseTo(
      stopped(filled * WHOLE, filled, filled * (WHOLE - 1)) + stopped(coming * WHOLE, coming, coming * WHOLE),
      5,
    );
  });

  it('of an entry that was called back, or that nobody answered, is still that of the entry: it may fill', () => {
    const script = new Script();
    script.signal(side);
    const before = usdtOf(script);
    const { clientId } = script.live('entry').order;
    script.take({ kind: 'order-unknown', at: script.now, clientId, reason: 'time-out' });
    expect(usdtOf(script)).toBe(before);
    script.cancellations = 'nothing';
    script.operator({ do: 'pause', by: 'a person' });
    expect(usdtOf(script)).toBe(before);
    script.end('entry');
    expect(usdtOf(script)).toBe(0);
  });

  it('of a position is what is left of its ladder, in the regime where that is most', () => {
    const by_regime = {
      trending: { ladder_multiplier: 0.5 },
      ranging: { ladder_multiplier: 0.5 },
      choppy: { ladder_multiplier: 1 },
    };
    const script = new Script({ config: { position_scaling: { by_regime } } }).enter(side);
    const base = worth(script.position.entryLots);
    expect(usdtOf(script), '1 + 2.7 × 0.8 × 1').toBeCloseTo(stopped(base * 3.16, base, base * 2.16), 5);
  });

  it('of a position without a base is itself: it gets no rungs', () => {
    const script = new Script();
    script.take(script.fillEvent(side, 1000, PRICE));
    expect(usdtOf(script)).toBeCloseTo(stopped(worth(1000), worth(1000), 0), 5);
  });

  it('of a rung that has begun to fill counts what is left of it, though the rung is used up', () => {
    const script = new Script().enter(side);
    script.wait(60_000);
    script.signal(side);
    const { sizeLots } = script.live('rung');
    const before = usdtOf(script);
    script.fill('rung', { lots: 1 });
    const held = worth(script.position.entryLots + 1);
    const base = worth(script.position.entryLots);
    const coming = base * (WHOLE - 1 - 0.88) + worth(sizeLots - 1);
    expect(usdtOf(script)).toBeCloseTo(stopped(held + coming, held, coming), 5);
    expect(usdtOf(script)).toBeGreaterThan(before * 0.9);
    Object.assign(script.symbol, { bidTicks: PRICE - 10, askTicks: PRICE + 10 });
    const dearer = coming + (worth(sizeLots - 1) * side * 10) / PRICE;
    expect(usdtOf(script), 'at the touch where it would take').toBeCloseTo(stopped(held + dearer, held, dearer), 5);
  });

  it('of a rung whose position is gone is its margin: no ladder follows it, and no stop is planned', () => {
    const script = new Script().enter(side);
    script.wait(60_000);
    script.signal(side);
    const value = worth(script.live('rung').sizeLots);
    script.cancellations = 'nothing';
    script.fill('stop', { ticks: PRICE - side * 75 });
    expect(script.symbol.position).toBeUndefined();
    expect(usdtOf(script)).toBeCloseTo(value / 5 + value * ENTRY, 5);
    const move = (10 * 50) / PRICE;
    const shocked = value * move + leaving(side, value * (1 - side * move), value) + value * (ENTRY + EXIT);
    expect(bookWorstCase(script.registry).shockedUnits / 1e8, 'leaving costs what it costs now').toBeCloseTo(
      shocked,
      5,
    );
    script.forgetPrices();
    const spread = (value * (1 - side * move)) / PRICE;
    const dearer = spread * (side === 1 ? 1 : 1 + FEE) + value / PRICE;
    const { shockedUnits } = bookWorstCase(script.registry);
    expect(shockedUnits / 1e8, 'where no price is known, with the spread that is assumed').toBeCloseTo(
      shocked + dearer,
      5,
    );
  });

  it('of a rung whose position is gone, of a market of which nothing is known, shocks it by its whole price', () => {
    const script = new Script().enter(side);
    script.wait(60_000);
    script.signal(side);
    script.cancellations = 'nothing';
    script.fill('stop', { ticks: PRICE - side * 75 });
    const known = bookWorstCase(script.registry).shockedUnits;
    script.market.atrTicks = undefined;
    const unknown = bookWorstCase(script.registry).shockedUnits / 1e8;
    expect(unknown, 'at 5x its margin is gone').toBeGreaterThan(worth(script.live('rung').sizeLots) / 5);
    expect(unknown).toBeGreaterThan(known / 1e8);
  });

  it('of a position of which no order stands is what it was: nothing is less at risk for that', () => {
    const script = new Script().enter(side);
    const before = usdtOf(script);
    script.symbol.orders.length = 0;
    expect(usdtOf(script)).toBe(before);
  });

  it('of an order is read at the touch where it would take, and at its own price where there is none yet', () => {
    const script = new Script();
    script.signal(side);
    const { symbol, registry } = script;
    const { sizeLots } = script.live('entry');
    const at = (priceTicks: number) =>
      stoppedLossUnits(
        script.policy,
        Number(registry.balance),
        entryExposure({
          instrument: SCRIPT_SWAP,
          side,
          priceTicks,
          valueUnits: sizeLots * priceTicks * SCRIPT_SWAP.moneyPerTickLot,
          coefficients: symbol.coefficientSums.small,
          stopDistanceTicks: 75,
          targetReachTicks: 173 + 0.0008 * priceTicks,
          leverage: 5,
          exitShare: EXIT,
          markTicks: PRICE,
          atrTicks: 50,
        }),
      );
    const prices = { bidTicks: PRICE - 10, askTicks: PRICE + 10 };
    Object.assign(symbol, prices);
    expect(bookWorstCaseUnits(registry)).toBe(at(PRICE + side * 10));
    Object.assign(symbol, { bidTicks: 0, askTicks: 0, markTicks: 0 });
    expect(bookWorstCaseUnits(registry)).toBe(at(PRICE));
  });

  it('of a shock is by the ATR at the entry where the market has none', () => {
    const script = new Script().enter(side);
    const { shockedUnits } = bookWorstCase(script.registry);
    script.market.atrTicks = undefined;
    expect(bookWorstCase(script.registry).shockedUnits).toBe(shockedUnits);
  });

  it('counts what comes as maker where nothing else may come, and a rebate as nothing', () => {
    for (const maker of ['0.0002', '-0.0001'] as const) {
      const feeRates = { ...policy.execution.feeRates, maker: decimal(maker) };
      const script = new Script({ execution: { entryStyle: 'maker_only', feeRates } });
      script.signal(side);
      const base = worth(script.live('entry').sizeLots);
      const coming = (base * WHOLE * Math.max(0, Number(maker))) / ENTRY;
      const nearer = stoppedOf(side, TARGET - 0.0002 + Number(maker));
      expect(usdtOf(script)).toBeCloseTo(nearer(base * WHOLE, base, coming), 5);
    }
  });

  it('never grows by climbing the ladder at the entry’s price', () => {
    const script = new Script().enter(side);
    const before = usdtOf(script);
    script.rung(PRICE);
    expect(usdtOf(script)).toBeLessThanOrEqual(before + 1e-6);
  });

  it('is not more at the stop than max_loss_per_position, which brings the stop nearer', () => {
    const script = new Script({ config: { position_scaling: { base_size: { small: 400, medium: 1, large: 1 } } } });
    script.take(script.fillEvent(side, 100_000, PRICE));
    const all = worth(100_000);
    expect(all * STOP).toBeGreaterThan(20);
    const balance = script.balanceUsdt;
    expect(usdtOf(script)).toBeCloseTo(balance * 0.02 + leaving(side, all + balance * 0.02, all), 4);
  });

  it('is what the stop loses that stands, where the balance has fallen since it was placed', () => {
    const script = new Script({ config: { position_scaling: { base_size: { small: 400, medium: 1, large: 1 } } } });
    script.take(script.fillEvent(side, 100_000, PRICE));
    const all = worth(100_000);
    const atStop = (all * side * (PRICE - script.live('stop').ticks)) / PRICE;
    expect(atStop, 'within a tick of what is allowed').toBeGreaterThan(script.balanceUsdt * 0.02 - all * TICK);
    const lost = money(-200_00000000n);
    script.take({ kind: 'funding-settled', at: script.now, instId: SCRIPT_SWAP.instId, amount: lost });
    expect(script.balanceUsdt * 0.02).toBeLessThan(atStop - 3);
    expect(usdtOf(script)).toBeCloseTo(atStop + leaving(side, all + atStop, all), 4);
  });

  it('is the whole margin where the liquidation stands before the stop, and says so', () => {
    const script = new Script().enter(side);
    script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 200 });
    const [ladder] = bookWorstCase(script.registry).ladders;
    const base = worth(script.position.entryLots);
    expect(ladder?.isLiquidatedFirst).toBe(true);
    expect((ladder?.stoppedUnits ?? 0) / 1e8).toBeCloseTo((base * WHOLE) / 200 + base * (WHOLE - 1) * ENTRY, 5);
  });

  it('tells the liquidation as okx-v5.md has it, and how far it is from the mark', () => {
    const script = new Script().enter(side);
    const { nearest, marginUnits } = bookWorstCase(script.registry);
    const price = (PRICE * (1 - side / 5)) / (1 - side * (0.004 + 0.0005));
    expect(nearest?.liquidationTicks).toBeCloseTo(price, 6);
    expect(nearest?.liquidationShare).toBeCloseTo((side * (PRICE - price)) / PRICE, 9);
    expect(marginUnits / 1e8).toBeCloseTo((worth(script.position.entryLots) * WHOLE) / 5, 6);
  });

  it('of a shock is so many ATR from the mark with everything filled before it, however near the stop is', () => {
    const script = new Script().enter(side);
    const base = worth(script.position.entryLots);
    const all = base * WHOLE;
    const { shockedUnits } = bookWorstCase(script.registry);
    const move = (10 * 50) / PRICE;
    const expected = all * move + leaving(side, all * (1 - side * move), all) + base * (WHOLE - 1) * (ENTRY + EXIT);
    expect(shockedUnits / 1e8).toBeCloseTo(expected, 5);
  });
});

const exposures: fc.Arbitrary<LadderExposure> = fc
  .record({
    held: fc.integer({ min: 0, max: 1e12 }),
    coming: fc.integer({ min: 1, max: 1e12 }),
    averageTicks: fc.integer({ min: 9_000, max: 11_000 }),
    stopDistanceTicks: fc.integer({ min: 1, max: 500 }),
    targetReachTicks: fc.integer({ min: 1, max: 2_000 }),
    leverage: fc.constantFrom(1, 3, 5, 20, 50, undefined),
    atrTicks: fc.integer({ min: 0, max: 300 }),
    side: fc.constantFrom<Side>(1, -1),
  })
  .map(({ held, coming, ...rest }) => ({
    ...rest,
    instrument: SCRIPT_SWAP,
    heldUnits: held,
    comingUnits: coming,
    firstUnits: held === 0 ? coming : held,
    exitShare: EXIT,
    markTicks: PRICE,
  }));

/** A long of 10,000 USDT at 10,000 ticks, of which half is still to come; its stop is 75 ticks away. */
function ladder(more: Partial<LadderExposure> = {}): LadderExposure {
  return {
    instrument: SCRIPT_SWAP,
    side: 1,
    heldUnits: 5e11,
    comingUnits: 5e11,
    firstUnits: 5e11,
    averageTicks: PRICE,
    stopDistanceTicks: 75,
    targetReachTicks: 181,
    leverage: 5,
    exitShare: EXIT,
    markTicks: PRICE,
    atrTicks: 50,
    ...more,
  };
}

describe('a ladder', () => {
  /** Fees and margin of a hundred fills are rounded up. */
  const ROUNDINGS = 200;
  const all = 1e12;
  const entry = 5e11 * (ENTRY + EXIT);

  it('of nothing loses nothing', () => {
    const nothing = ladder({ heldUnits: 0, comingUnits: 0, firstUnits: 0 });
    expect([stoppedLossUnits(policy, 1e11, nothing), shockedLossUnits(policy, nothing, 100)]).toEqual([0, 0]);
  });

  it('without a known leverage counts with its whole value as margin, and is never the nearest to its liquidation', () => {
    const unknown = ladderWorstCase(policy, 1e11, ladder({ leverage: undefined }));
    const known = ladderWorstCase(policy, 1e11, ladder());
    expect(unknown.liquidationTicks).toBeUndefined();
    expect(togetherOf([unknown]).nearest).toBeUndefined();
    const book = togetherOf([unknown, known]);
    expect(book.marginUnits).toBe(all + all / 5);
    expect(book.nearest).toBe(known);
    expect(togetherOf([known, unknown]).nearest).toBe(known);
  });

  it('is the nearest to its liquidation where that is the smallest share of the mark; of two alike the first', () => {
    const ladders = [3, 5, 5].map((leverage) => ladderWorstCase(policy, 1e11, ladder({ leverage })));
    expect(togetherOf(ladders).nearest).toBe(ladders[1]);
  });

  it('shocked to zero and past it loses all its value, and no more', () => {
    for (const moveTicks of [PRICE, PRICE * 2]) {
      const lost = shockedLossUnits(policy, ladder({ leverage: undefined }), moveTicks);
      expect(lost).toBeCloseTo(all + all / PRICE + entry + ROUNDINGS, -1);
    }
  });

  it.each<[string, Side]>([
    ['long', 1],
    ['short', -1],
  ])(
    'of a %s, shocked to the very price at which it is liquidated, loses its margin and what entering costs',
    (_, side) => {
      const exposure = ladder({ side, exitShare: 0 });
      const { liquidationTicks = 0 } = ladderWorstCase(policy, 1e11, exposure);
      const toIt = side * (PRICE - liquidationTicks);
      const most = all / 5 + 5e11 * ENTRY + ROUNDINGS;
      expect(PRICE - side * toIt, 'the price itself').toBe(liquidationTicks);
      expect(shockedLossUnits(policy, exposure, toIt)).toBeCloseTo(most, -1);
      expect(shockedLossUnits(policy, exposure, toIt - 0.5)).toBeLessThan(most * 0.999);
    },
  );

  it('is stopped where stop and liquidation are one price, and liquidated where that is a hair nearer', () => {
    const { liquidationTicks = 0 } = ladderWorstCase(policy, 1e11, ladder());
    const stopDistanceTicks = PRICE - liquidationTicks;
    const isFirst = (more: number) =>
      ladderWorstCase(policy, 1e11, ladder({ stopDistanceTicks: stopDistanceTicks + more })).isLiquidatedFirst;
    expect([isFirst(0), isFirst(1e-6)]).toEqual([false, true]);
  });

  it('of a long at leverage 1 is liquidated nowhere, of a short it is', () => {
    const [long, short] = ([1, -1] as const).map((side) =>
      ladderWorstCase(policy, 1e11, ladder({ side, leverage: 1 })),
    );
    expect([long?.liquidationTicks, long?.liquidationShare, long?.isLiquidatedFirst]).toEqual([
      undefined,
      undefined,
      false,
    ]);
    expect(short?.liquidationTicks).toBeCloseTo((PRICE * 2) / 1.0045, 6);
  });

  it('larger than the largest tier is kept by the maintenance of that tier', () => {
    const [small, huge] = [1, 1e6].map((times) =>
      ladderWorstCase(policy, 1e11, ladder({ heldUnits: 5e11 * times, comingUnits: 5e11 * times })),
    );
    expect(huge?.valueUnits).toBeGreaterThan(1e7 * PRICE * SCRIPT_SWAP.moneyPerTickLot);
    expect(huge?.liquidationTicks).toBe(small?.liquidationTicks);
  });

  it('shocked within its gain loses nothing: what is left of the gain is not counted', () => {
    expect(shockedLossUnits(policy, ladder({ comingUnits: 0, markTicks: 12_000 }), 10)).toBe(ROUNDINGS);
  });

  it('counts as liquidated with its rungs where only they would save it', () => {
    const saved = ladder({ heldUnits: 1e11, comingUnits: 9e11, averageTicks: 10_500, markTicks: 9_000 });
    const most = all / 5 + 9e11 * (ENTRY + EXIT) + ROUNDINGS;
    const alone = ladderWorstCase(policy, 1e11, { ...saved, comingUnits: 0 }).liquidationTicks ?? 0;
    const together = ladderWorstCase(policy, 1e11, saved).liquidationTicks ?? 0;
    expect(together, 'the rungs bring it down').toBeLessThan(alone - 100);
    expect(shockedLossUnits(policy, saved, 9_000 - alone)).toBeCloseTo(most, -1);
    expect(shockedLossUnits(policy, saved, 9_000 - alone - 1)).toBeLessThan(most * 0.9);
  });
});

describe('laws', () => {
  /** The fee on what slippage adds is paid by a short alone. */
  const free = { ...policy.execution.feeRates, taker: decimal('0') };
  const freePolicy = { ...policy, execution: { ...policy.execution, feeRates: free } };

  it('a larger shock never costs less', () => {
    fc.assert(
      fc.property(exposures, fc.nat(12_000), fc.nat(500), (exposure, move, more) => {
        expect(shockedLossUnits(policy, exposure, move + more)).toBeGreaterThanOrEqual(
          shockedLossUnits(policy, exposure, move),
        );
      }),
      { numRuns: long(2_000, 100_000) },
    );
  });

  it('what is stopped costs a short what it costs a long, if its target is no farther than its stop', () => {
    fc.assert(
      fc.property(exposures, (exposure) => {
        const safe = { ...exposure, targetReachTicks: exposure.stopDistanceTicks, leverage: undefined };
        const mirrored = { ...safe, side: -safe.side as Side };
        expect(stoppedLossUnits(freePolicy, 1e11, mirrored)).toBe(stoppedLossUnits(freePolicy, 1e11, safe));
      }),
      { numRuns: long(1_000, 50_000) },
    );
  });

  it('what is shocked costs a short what it costs a long, but for the exit of a larger value', () => {
    fc.assert(
      fc.property(exposures, fc.nat(900), (exposure, move) => {
        const level = { ...exposure, averageTicks: PRICE, leverage: undefined };
        const long = shockedLossUnits(freePolicy, { ...level, side: 1 }, move);
        const short = shockedLossUnits(freePolicy, { ...level, side: -1 }, move);
        const exits = (2 * EXIT * (level.heldUnits + level.comingUnits) * move) / PRICE;
        expect(Math.abs(short - long - exits)).toBeLessThanOrEqual(3);
      }),
      { numRuns: long(1_000, 50_000) },
    );
  });

  it('more that may still come never costs less, and no isolated margin is lost twice', () => {
    fc.assert(
      fc.property(exposures, fc.nat(1e12), (exposure, more) => {
        const larger = { ...exposure, comingUnits: exposure.comingUnits + more };
        const [less, worse] = [exposure, larger].map((each) => ladderWorstCase(policy, 1e11, each));
        expect(worse?.stoppedUnits).toBeGreaterThanOrEqual(less?.stoppedUnits ?? 0);
        expect(worse?.shockedUnits).toBeGreaterThanOrEqual(less?.shockedUnits ?? 0);
        const most = (worse?.marginUnits ?? Number.POSITIVE_INFINITY) + larger.comingUnits * (ENTRY + EXIT) + 1_000;
        expect(worse?.shockedUnits).toBeLessThanOrEqual(most);
      }),
      { numRuns: long(1_000, 50_000) },
    );
  });

  it('an entry counts as its value and all its rungs', () => {
    const exposure = entryExposure({
      instrument: SCRIPT_SWAP,
      side: 1,
      priceTicks: PRICE,
      markTicks: PRICE,
      valueUnits: 1e10,
      coefficients: decimal('2.376'),
      stopDistanceTicks: 75,
      targetReachTicks: 181,
      leverage: 5,
      exitShare: EXIT,
      atrTicks: 50,
    });
    expect(exposure.comingUnits).toBeCloseTo(3.376e10, 0);
    expect(stoppedLossUnits(policy, 1e11, exposure) / 1e8).toBeCloseTo(stoppedOf(1)(337.6, 100, 337.6), 5);
  });
});
