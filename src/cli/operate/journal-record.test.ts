/** What a journal comes to is the balance that the bot had, to the last unit, whatever has happened to it; and the trades are those that the core has told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { PRICE, SCRIPT_SWAP } from '../../../test/script.ts';
import { ScriptRows } from '../../../test/script-rows.ts';
import type { ExchangeRead } from '../../core/event.ts';
import { money, type Side } from '../../core/numbers/units.ts';
import { clientIdOf } from '../../core/orders/order.ts';
import { type Report, reportOf } from '../../report/run/report.ts';
import { JournalRecord, type Span } from './journal-record.ts';

const { instId } = SCRIPT_SWAP;
const OPTIONS = { config: { position_scaling: { max_loss_for_addition: -50 } } };
const ALWAYS: Span = { fromMs: undefined, untilMs: undefined };

function reading(script: ScriptRows, more: Partial<ExchangeRead> = {}): ExchangeRead {
  script.wait(3_000);
  const { position } = script.symbol;
  const held = position && {
    instId,
    signedLots: position.holding.side * position.holding.lots,
    costUnits: position.holding.costUnits,
    leverage: position.leverage ?? 5,
  };
  return {
    kind: 'exchange-read',
    at: script.now,
    balance: script.registry.balance,
    available: script.registry.balance,
    positions: held === undefined ? [] : [held],
    orders: [...script.book.values()].map(({ order, ticks, sizeLots }) => ({
      clientId: order.clientId,
      instId,
      reduceOnly: order.reduceOnly,
      stands: { ticks, sizeLots: sizeLots as never },
    })),
    ...more,
  };
}

/** The bot has read the account, and trades. */
function begun(): ScriptRows {
  const script = new ScriptRows(OPTIONS);
  script.take(reading(script));
  return script;
}

/** Twice is believed. */
function twice(script: ScriptRows, more: Partial<ExchangeRead>): void {
  for (let round = 0; round < 2; round++) script.take(reading(script, more));
}

function holds(script: ScriptRows, signedLots: number, priceTicks = PRICE): void {
  const costUnits = Math.abs(signedLots) * priceTicks * SCRIPT_SWAP.moneyPerTickLot;
  twice(script, { positions: signedLots === 0 ? [] : [{ instId, signedLots, costUnits, leverage: 5 }] });
}

function reported({ rows }: ScriptRows, span = ALWAYS): Report | undefined {
  const record = new JournalRecord(span);
  record.live(new ScriptRows(OPTIONS).registry, rows);
  const recorded = record.record();
  return recorded && reportOf(recorded);
}

function reportedOf(script: ScriptRows): Report {
  const report = reported(script);
  if (report === undefined) throw new Error('nothing was recorded');
  return report;
}

type Act =
  | { readonly do: 'signal'; readonly side: Side }
  | { readonly do: 'price'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fill'; readonly which: number; readonly share: number }
  | { readonly do: 'foreign'; readonly side: Side; readonly lots: number }
  | { readonly do: 'holds'; readonly lots: number; readonly by: number }
  | { readonly do: 'pays'; readonly usdt: number }
  | { readonly do: 'funding'; readonly units: number };

const side = fc.constantFrom<Side>(1, -1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('signal' as const), side }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('price' as const), by: fc.integer({ min: -60, max: 60 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(2_500, 60_000, 900_000) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      which: fc.integer({ min: 0, max: 9 }),
      share: fc.constantFrom(0.3, 1, 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('foreign' as const), side, lots: fc.integer({ min: 1, max: 900 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('holds' as const),
      lots: fc.integer({ min: -900, max: 900 }),
      by: fc.integer({ min: -9, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pays' as const), usdt: fc.integer({ min: -90, max: 500 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('funding' as const), units: fc.integer({ min: -9e6, max: 9e6 }) }),
  },
);

function play(script: ScriptRows, what: Act): void {
  switch (what.do) {
    case 'signal':
      return void script.signal(what.side);
    case 'price':
      return void script.price(Math.max(1_000, script.symbol.markTicks + what.by));
    case 'wait':
      return void script.wait(what.ms);
    case 'fill': {
      const all = [...script.book.values()];
      const booked = all[what.which % Math.max(1, all.length)];
      if (booked === undefined) return;
      const held = script.symbol.position?.holding;
      const left = Math.ceil((booked.sizeLots - booked.filledLots) * what.share);
      const lots = booked.order.reduceOnly
        ? Math.min(left, held === undefined || held.side === booked.order.side ? 0 : held.lots)
        : left;
      if (lots > 0) script.fillOrder(booked, { lots });
      return;
    }
    case 'foreign':
      return void script.take(script.fillEvent(what.side, what.lots, script.symbol.markTicks));
    case 'holds':
      return holds(script, what.lots, script.symbol.markTicks + what.by);
    case 'pays':
      return twice(script, { balance: money(script.registry.balance + BigInt(what.usdt) * 100_000_000n) });
    case 'funding':
      return void script.take({
        kind: 'funding-settled',
        at: script.now,
        instId,
        amount: money(BigInt(what.units)),
      });
  }
}

describe('what a journal comes to', () => {
  const RUNS = long(1_000, 10_000);

  it('is the balance to the last unit, by trades, by steps and by what is still open', { timeout: RUNS * 100 }, () => {
    let [trades, adopted] = [0, 0];
    fc.assert(
      fc.property(fc.array(act, { minLength: 10, maxLength: 50 }), (acts) => {
        const script = begun();
        for (const each of acts) play(script, each);
        const report = reportedOf(script);
        expect(report.finalBalance).toBe(script.registry.balance);
        expect(report.startBalance + report.gross - report.fees + report.funding + report.moved).toBe(
          script.registry.balance,
        );
        const closed = script.ofKind('position-closed');
        const isPlain = !acts.some((each) => each.do === 'holds' || each.do === 'pays');
        if (isPlain) {
          expect(report.moved, 'nothing but fills, fees and funding').toBe(0n);
          expect(report.trades).toBe(closed.length);
          const told = closed.reduce((sum, each) => sum + each.grossUnits - each.feeUnits + each.fundingUnits, 0);
          expect(report.bySymbol.reduce((sum, { net }) => sum + net, 0n)).toBe(BigInt(told));
        }
        expect(report.byRung.reduce((sum, { gross }) => sum + gross, 0n)).toBe(
          report.bySymbol.reduce((sum, { gross }) => sum + gross, 0n),
        );
        expect(report.openPositions).toEqual(script.symbol.position === undefined ? [] : [instId]);
        trades += report.trades;
        adopted += acts.filter((each) => each.do === 'holds').length;
      }),
      { numRuns: RUNS },
    );
    expect(trades, 'enough happens').toBeGreaterThan(RUNS / 2);
    expect(adopted).toBeGreaterThan(RUNS / 2);
  });

  it('in two parts is what it is in one', { timeout: RUNS * 100 }, () => {
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 10, maxLength: 40 }),
        fc.array(act, { minLength: 10, maxLength: 40 }),
        (before, after) => {
          const script = begun();
          for (const each of before) play(script, each);
          script.wait(60_000);
          const atMs = script.now;
          const { balance } = script.registry;
          script.wait(1);
          for (const each of after) play(script, each);
          script.wait(1_000);
          script.price(script.symbol.markTicks);
          const [whole, first, second] = [
            reportedOf(script),
            reported(script, { fromMs: undefined, untilMs: atMs + 1 }),
            reported(script, { fromMs: atMs + 1, untilMs: undefined }),
          ];
          expect(first?.finalBalance).toBe(balance);
          expect(second?.startBalance).toBe(balance);
          for (const part of ['gross', 'fees', 'funding', 'net', 'moved'] as const)
            expect((first?.[part] ?? 0n) + (second?.[part] ?? 0n), part).toBe(whole[part]);
        },
      ),
      { numRuns: RUNS / 5 },
    );
  });
});

describe('what no fill has told', () => {
  it('is entered at its cost where it was adopted, and a trade like any other from then on', () => {
    const script = begun();
    holds(script, 500, PRICE + 3);
    script.fill('stop');
    const report = reportedOf(script);
    expect(report).toMatchObject({ trades: 1, moved: 0n, openPositions: [] });
    expect(report.byExit).toMatchObject([{ key: 'stop', trades: 1 }]);
    const [closed] = script.ofKind('position-closed');
    expect(report.gross).toBe(BigInt(closed?.grossUnits ?? 0));
    expect(report.byRung).toMatchObject([{ rung: 0, count: 1, gross: report.gross }]);
  });

  it('is gone at its cost where it was closed elsewhere: what it brought came with the balance', () => {
    const script = begun();
    script.enter(1);
    const { balance } = script.registry;
    twice(script, { positions: [], balance: money(balance - 7_00000000n) });
    const report = reportedOf(script);
    expect(report).toMatchObject({ trades: 1, gross: 0n, moved: -7_00000000n, openPositions: [] });
    expect(report.finalBalance).toBe(balance - 7_00000000n);
  });

  describe('of a position with a rung', () => {
    /** 300 lots at the price of the entry. */
    function climbed(): { readonly script: ScriptRows; readonly entryLots: number } {
      const script = begun();
      script.enter(1);
      const entryLots = script.position.holding.lots;
      const { number } = script.position;
      const clientId = clientIdOf({ run: 'test', position: number, role: 'rung', step: 1, attempt: 1, part: 0 });
      const { priceTicks } = script.fillEvent(
        1,
        1,
        script.position.holding.costUnits / entryLots / SCRIPT_SWAP.moneyPerTickLot,
      );
      script.take(script.fillEvent(1, 300, priceTicks, { clientId }));
      return { script, entryLots };
    }

    it('brings neither entry nor rung anything where all of it was closed elsewhere', () => {
      const { script } = climbed();
      twice(script, { positions: [] });
      expect(reportedOf(script).byRung).toMatchObject([
        { rung: 0, gross: 0n },
        { rung: 1, gross: 0n },
      ]);
    });

    it('is shared out by their lots where a part of it was', () => {
      const { script, entryLots } = climbed();
      const { lots, costUnits } = script.position.holding;
      const left = Math.floor(lots / 2);
      const cost = Math.round((costUnits * left) / lots);
      twice(script, { positions: [{ instId, signedLots: left, costUnits: cost, leverage: 5 }] });
      script.fill('stop');
      const [entry, rung] = reportedOf(script).byRung;
      expect(Number(entry?.gross)).toBeLessThan(0);
      expect(Number(entry?.gross) / Number(rung?.gross)).toBeCloseTo(entryLots / 300, 4);
    });
  });

  it('is two trades where it stands on the other side', () => {
    const script = begun();
    script.enter(1);
    holds(script, -300);
    expect(reportedOf(script)).toMatchObject({ trades: 1, openPositions: [instId] });
  });

  it('paid in is no profit, and paid out no drawdown', () => {
    const script = begun();
    twice(script, { balance: money(script.registry.balance + 500_00000000n) });
    script.wait(120_000);
    twice(script, { balance: money(script.registry.balance - 800_00000000n) });
    script.wait(120_000);
    script.price(PRICE);
    expect(reportedOf(script)).toMatchObject({ net: 0n, moved: -300_00000000n, maxDrawdown: 0n, returned: 0n });
  });
});

it('counts no refusal of the hours that a start hears again before it has read the account', () => {
  const script = new ScriptRows(OPTIONS);
  script.take({ kind: 'exchange-lost', at: script.now, lost: { code: 'start' } } as never);
  script.signal(1);
  expect(script.ofKind('refused')).toHaveLength(1);
  for (let round = 0; round < 2; round++) script.take(reading(script));
  const report = reportedOf(script);
  expect([report.refusals, report.startBalance]).toEqual([0, script.registry.balance]);
});

it('nor those of a later start', () => {
  const script = begun();
  script.price(PRICE);
  const read = script.rows.length;
  script.operator({ do: 'pause', by: 'a person' });
  script.signal(1);
  expect(reportedOf(script).refusals).toBe(1);
  const record = new JournalRecord(ALWAYS);
  const { registry } = new ScriptRows(OPTIONS);
  record.live(registry, script.rows.slice(0, read));
  record.live(registry, script.rows.slice(read));
  expect(record.record()?.refusals).toEqual([]);
});

it('counts the lives that have something in its time', () => {
  const script = begun();
  script.price(PRICE);
  const first = script.rows.length;
  script.wait(60_000);
  const [secondMs, thirdMs] = [script.now, script.now + 60_000];
  script.take(reading(script));
  script.price(PRICE);
  const second = script.rows.length;
  script.wait(thirdMs - script.now);
  script.take(reading(script));
  script.price(PRICE);
  const lives = [script.rows.slice(0, first), script.rows.slice(first, second), script.rows.slice(second)];
  const startsIn = (span: Span) => {
    const record = new JournalRecord(span);
    const { registry } = new ScriptRows(OPTIONS);
    lives.every((rows) => record.live(registry, rows));
    return record.starts;
  };
  expect(startsIn(ALWAYS)).toBe(3);
  expect(startsIn({ fromMs: secondMs, untilMs: undefined })).toBe(2);
  expect(startsIn({ fromMs: undefined, untilMs: thirdMs })).toBe(2);
  expect(startsIn({ fromMs: secondMs, untilMs: thirdMs })).toBe(1);
});

it('counts a minute once it is over, with its last candle, also where nothing follows', () => {
  const script = begun();
  script.price(PRICE);
  const open = reportedOf(script);
  script.endMinute();
  script.candleAlone(PRICE);
  expect([open.candles, reportedOf(script).candles]).toEqual([0, 1]);
  script.wait(1);
  script.price(PRICE);
  expect(reportedOf(script).candles, 'and once').toBe(1);
});

it('of a time in which nothing was is none', () => {
  expect(reported(begun(), { fromMs: Date.UTC(2099, 0, 1), untilMs: undefined })).toBeUndefined();
});
