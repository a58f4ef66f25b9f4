import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { type Decision, GOVERNORS, type GovernorName } from '../../core/decision.ts';
import type { CoreEvent, Filled } from '../../core/event.ts';
import { lots, money, type Side, ticks } from '../../core/numbers/units.ts';
import { clientIdOf, type OrderRole } from '../../core/orders/order.ts';
import { RunRecorder } from './record.ts';
import { reportOf } from './report.ts';

const START = 1_000_00000000n;
const BTC = BTC_SWAP.instId;
/** 10⁻⁸ USDT that one tick is worth on one lot: 0.01 × 0.01 × 0.1 USDT. */
const TICK_LOT = 1_000n;

let tradeId = 0;
const idOf = (role: OrderRole, step: number) =>
  clientIdOf({ run: 'test', position: 1, role, step, attempt: 1, part: 0 });

const filled = (side: Side, sizeLots: number, priceTicks: number, more: Partial<Filled> = {}): CoreEvent => ({
  kind: 'filled',
  at: 1_000,
  instId: BTC,
  tradeId: String(++tradeId),
  clientId: idOf('entry', 0),
  side,
  sizeLots: lots(sizeLots),
  priceTicks: ticks(priceTicks),
  fee: money(0n),
  liquidity: 'taker',
  cause: 'order',
  ...more,
});

const closed = (reason: 'target' | 'stop', regime: 'trending' | 'choppy' = 'trending'): Decision => ({
  kind: 'position-closed',
  at: 9_000,
  instId: BTC,
  position: 1,
  side: 'long',
  reason,
  regime,
  profile: 'small',
  openedAt: 1_000,
  entryLots: 0,
  lotsMost: 0,
  averageTicks: 0,
  exitTicks: 0,
  leverage: null,
  additions: 0,
  partials: 0,
  grossUnits: 0,
  feeUnits: 0,
  fundingUnits: 0,
  rungs: [],
});

const recorded = (...events: readonly CoreEvent[]) => {
  const recorder = new RunRecorder(START, [BTC_SWAP]);
  for (const event of events) recorder.happened(event);
  return recorder.record({ candles: 0 });
};

describe('a trade', () => {
  const long = [
    filled(1, 100, 500_000, { at: 1_000, fee: money(7n), liquidity: 'maker' }),
    filled(1, 70, 498_000, { at: 2_000, fee: money(5n), clientId: idOf('rung', 1) }),
    filled(1, 30, 497_000, { at: 2_500, fee: money(2n), clientId: idOf('rung', 1) }),
    filled(-1, 50, 501_000, { at: 3_000, fee: money(3n), clientId: idOf('partial', 1) }),
    { kind: 'funding-settled', at: 3_500, instId: BTC, amount: money(-11n) } as const,
    filled(-1, 150, 502_000, { at: 4_000, fee: money(4n), clientId: idOf('stop', 0) }),
  ];

  it('is told from flat to flat, with its rungs, partials, fees and funding', () => {
    const record = recorded(...long);
    const gross = (50n * 501_000n + 150n * 502_000n - 100n * 500_000n - 70n * 498_000n - 30n * 497_000n) * TICK_LOT;
    expect(record).toMatchObject({
      gross,
      fees: 21n,
      funding: -11n,
      additions: 1,
      partials: 1,
      makerFills: 1,
      takerFills: 4,
    });
    expect(record.trades).toMatchObject([
      { side: 'long', openedAt: 1_000, closedAt: 4_000, gross, fees: 21n, funding: -11n, additions: 1, partials: 1 },
    ]);
    expect(record.trades[0]?.steps).toMatchObject([
      // 7 of their own each, and 7 of the exits: half each, rounded down, and what is left to the entry.
      { step: 0, lots: 100, value: 100n * 500_000n * TICK_LOT, fees: 11n },
      { step: 1, lots: 100, value: (70n * 498_000n + 30n * 497_000n) * TICK_LOT, fees: 10n },
    ]);
  });

  it('mirrored as a short at mirrored prices, makes the same', () => {
    const mirrored = long.map((event) =>
      event.kind === 'filled'
        ? {
            ...event,
            side: -event.side as Side,
            priceTicks: ticks(1_000_000 - event.priceTicks),
            tradeId: `m${event.tradeId}`,
          }
        : event,
    );
    const [a, b] = [recorded(...long), recorded(...mirrored)];
    expect(b.gross).toBe(a.gross);
    expect(b.trades[0]?.side).toBe('short');
    expect(b.trades[0]?.steps.map(({ gross }) => gross)).toEqual(a.trades[0]?.steps.map(({ gross }) => gross));
  });

  it('gets its reason, regime and profile from the decision that closed it', () => {
    const recorder = new RunRecorder(START, [BTC_SWAP]);
    for (const event of long) recorder.happened(event);
    recorder.decided(long[0] as CoreEvent, [closed('target')]);
    expect(recorder.record({ candles: 0 }).trades).toMatchObject([
      { reason: 'target', regime: 'trending', profile: 'small' },
    ]);
  });

  it('delivered twice is one: a fill is known by its instrument and trade id', () => {
    const twice = long.flatMap((event) => [event, event]);
    expect(recorded(...twice).fees).toBe(21n);
    const recorder = new RunRecorder(START, [BTC_SWAP, { ...BTC_SWAP, instId: 'OTHER-USDT-SWAP' }]);
    for (const event of twice)
      for (const instId of [BTC, 'OTHER-USDT-SWAP'])
        if (event.kind === 'filled') recorder.happened({ ...event, instId });
    expect(recorder.record({ candles: 0 }).fees, 'of two instruments').toBe(42n);
  });

  it('has taken a part as often as a step was filled, in however many fills', () => {
    const part = (step: number) => filled(-1, 10, 501_000, { clientId: idOf('partial', step) });
    expect(recorded(filled(1, 100, 500_000), part(1), part(1), part(2)).partials).toBe(2);
  });

  it('keeps its reason where another position closes that no fill of ours opened', () => {
    const recorder = new RunRecorder(START, [BTC_SWAP]);
    const [open, out] = [filled(1, 100, 500_000), filled(-1, 100, 501_000)];
    for (const event of [open, out]) recorder.happened(event);
    for (const reason of ['target', 'stop'] as const) recorder.decided(out, [closed(reason)]);
    expect(recorder.record({ candles: 0 }).trades.map(({ reason }) => reason)).toEqual(['target']);
  });

  it('exposes the account in every minute that ends with a position, one or several', () => {
    const recorder = new RunRecorder(START, [BTC_SWAP]);
    for (const [n, positions] of [0, 1, 2, 1].entries()) recorder.minuteEnded(n, Number(START), positions);
    expect(reportOf(recorder.record({ candles: 4 })).exposure).toBe(750_000n);
  });

  it('liquidated: the fee of that fill is its penalty, and counts as a fee', () => {
    const { clientId: _, ...taken } = filled(-1, 100, 490_000, { fee: money(99n), cause: 'liquidation' }) as Filled;
    const record = recorded(filled(1, 100, 500_000, { fee: money(1n) }), taken);
    expect([record.fees, record.penalties]).toEqual([100n, 99n]);
  });

  it('turned over by one fill is two trades', () => {
    const record = recorded(
      filled(1, 100, 500_000),
      filled(-1, 150, 501_000, { fee: money(5n) }),
      filled(1, 50, 500_000),
    );
    expect(record.trades).toMatchObject([
      { side: 'long', gross: 100n * 1_000n * TICK_LOT, fees: 5n },
      { side: 'short', gross: 50n * 1_000n * TICK_LOT, fees: 0n },
    ]);
  });

  it('still open is no trade yet, but its rungs and what it realised count', () => {
    const record = recorded(...long.slice(0, 4));
    expect(record).toMatchObject({ trades: [], openPositions: [BTC], additions: 1, partials: 1 });
    expect(record.gross).not.toBe(0n);
  });
});

it('counts every no by what was asked and by the first gate that said it', () => {
  const recorder = new RunRecorder(START, [BTC_SWAP]);
  const event = filled(1, 1, 1);
  const no = (what: 'entry' | 'addition', code: 'halted' | 'loss-too-deep'): Decision => ({
    kind: 'refused',
    at: 0,
    instId: BTC,
    what,
    side: 'long',
    code,
    reasoning: undefined,
  });
  recorder.decided(event, [no('entry', 'halted'), no('addition', 'halted'), no('addition', 'loss-too-deep')]);
  recorder.decided(event, [
    no('addition', 'loss-too-deep'),
    { kind: 'held', at: 0, instId: BTC, step: 1, code: 'partial-unprofitable' },
  ]);
  const report = reportOf(recorder.record({ candles: 0 }));
  expect(report.refusals, 'a held partial is no refusal').toBe(4);
  expect(report.heldPartials).toEqual([{ code: 'partial-unprofitable', count: 1 }]);
  expect(report.byRefusal).toEqual([
    { what: 'addition', code: 'loss-too-deep', count: 2 },
    { what: 'addition', code: 'halted', count: 1 },
    { what: 'entry', code: 'halted', count: 1 },
  ]);
});

it('counts what every governor has changed, in the order of the governors', () => {
  const recorder = new RunRecorder(START, [BTC_SWAP]);
  const changed = (governor: GovernorName): Decision => ({
    kind: 'governed',
    at: 0,
    governor,
    instId: BTC,
    old: '1',
    new: '0.8',
    because: { code: 'volatility', ratio: '0.8' },
    until: undefined,
  });
  const [first, second] = GOVERNORS;
  recorder.decided(filled(1, 1, 1), [changed(second), changed(first), changed(second)]);
  expect(reportOf(recorder.record({ candles: 0 })).byGovernor).toEqual([
    { governor: first, count: 1 },
    { governor: second, count: 2 },
  ]);
});

describe('law', () => {
  const anyFill = fc.record({
    side: fc.constantFrom<Side>(1, -1),
    size: fc.integer({ min: 1, max: 1_000 }),
    price: fc.integer({ min: 1, max: 2_000_000 }),
    fee: fc.bigInt({ min: -1_000n, max: 100_000n }),
    role: fc.constantFrom<OrderRole>('entry', 'rung', 'partial', 'stop', 'close'),
    step: fc.integer({ min: 0, max: 5 }),
    funding: fc.option(fc.bigInt({ min: -1_000n, max: 1_000n })),
  });

  it('finalBalance = startBalance + gross − fees + funding, and trades sum to it, to the last unit', () => {
    fc.assert(
      fc.property(fc.array(anyFill, { minLength: 1, maxLength: 40 }), (fills) => {
        const recorder = new RunRecorder(START, [BTC_SWAP]);
        let open = 0;
        // What was paid and got: the balance by cash alone, without average or cost.
        let cash = 0n;
        const trade = (side: Side, size: number, price: number, fee: bigint, clientId: string) => {
          recorder.happened(filled(side, size, price, { fee: money(fee), clientId }));
          open += side * size;
          cash -= BigInt(side * size * price) * TICK_LOT + fee;
        };
        for (const { side, size, price, fee, role, step, funding } of fills) {
          trade(side, size, price, fee, idOf(role, step));
          if (funding === null) continue;
          recorder.happened({ kind: 'funding-settled', at: 0, instId: BTC, amount: money(funding) });
          cash += funding;
        }
        if (open !== 0) trade(open > 0 ? -1 : 1, Math.abs(open), 1_000_000, 17n, idOf('close', 0));
        const record = recorder.record({ candles: 0 });
        const report = reportOf(record);
        expect(report.finalBalance).toBe(START + cash);
        expect(report.finalBalance).toBe(report.startBalance + report.gross - report.fees + report.funding);
        const total = (of: 'gross' | 'fees') => record.trades.reduce((sum, each) => sum + each[of], 0n);
        expect([total('gross'), total('fees')]).toEqual([report.gross, report.fees]);
        for (const { gross, fees, steps } of record.trades) {
          expect(steps.reduce((sum, step) => sum + step.gross, 0n)).toBe(gross);
          expect(steps.reduce((sum, step) => sum + step.fees, 0n)).toBe(fees);
        }
        const lines = [report.byRegime, report.byExit, report.bySymbol].map((groups) =>
          groups.reduce((sum, { net }) => sum + net, 0n),
        );
        expect(new Set(lines).size, 'every grouping is a partition of the trades').toBe(1);
        const overRungs = (of: 'gross' | 'fees') => report.byRung.reduce((sum, line) => sum + line[of], 0n);
        expect([overRungs('gross'), overRungs('fees')]).toEqual([report.gross, report.fees]);
      }),
      { numRuns: 1_000 },
    );
  });
});
