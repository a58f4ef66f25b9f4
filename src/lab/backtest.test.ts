/** A whole run: two books that agree on any market, the same thoughts in pieces, traced, and through the loop that will hold real money. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyEvent } from '../../test/every-event.ts';
import { type Generated, generated, withGaps } from '../../test/generated.ts';
import { long } from '../../test/long.ts';
import { MemoryDisk, openMemoryJournal } from '../../test/memory-journal.ts';
import { describeWithShared, sharedPath } from '../../test/shared.ts';
import { loadTree } from '../config/index.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent, SignalGiven } from '../core/event.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, MINUTE_MS } from '../core/market/candle.ts';
import { formatUnits } from '../core/numbers/decimal.ts';
import { money, ticks } from '../core/numbers/units.ts';
import { newRegistry, type Registry } from '../core/registry.ts';
import { importCsvFile } from '../data/import/csv.ts';
import { RunRecorder } from '../report/run/record.ts';
import { encodeState, LOOP_LIMITS, Loop } from '../runtime/loop.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { Backtest, type BacktestSettings, runBacktest } from './backtest.ts';

const BALANCE = money(1_000_00000000n);
const EIGHT_HOURS = 8 * 60 * MINUTE_MS;

function settingsOf(market: Generated, more: Partial<BacktestSettings> = {}): BacktestSettings {
  return {
    policy: loadTree({}).policy,
    instruments: market.instruments,
    candles: market.candles,
    balance: BALANCE,
    model: DEFAULT_FILL_MODEL,
    funding: { intervalMs: EIGHT_HOURS, rateE8: () => 10_000 },
    traced: false,
    ...more,
  };
}

/** Everything that was thought, as text. */
function thoughtsOf(settings: BacktestSettings, run = runBacktest): string[] {
  const thoughts: string[] = [];
  const decided = (_: CoreEvent, decisions: readonly Decision[]) =>
    void thoughts.push(...decisions.map((decision) => encodeState(decision)));
  run({ ...settings, witness: { decided } });
  return thoughts;
}

const TWO_DAYS = 2 * 24 * 60;
const three = generated(11, TWO_DAYS, ['BTC-USDT-SWAP', 'SOL-USDT-SWAP', 'DOGE-USDT-SWAP']);

describe('the cash', () => {
  it('sums to the balance on any market, any balance, any costs, any preset', { timeout: 120_000 }, () => {
    let trades = 0;
    let additions = 0;
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 1_000_000 }),
          symbols: fc.subarray(['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'XRP-USDT-SWAP', 'AVAX-USDT-SWAP'], { minLength: 1 }),
          balance: fc.bigInt({ min: 50_00000000n, max: 10_000_00000000n }),
          preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
          style: fc.constantFrom('maker_only', 'maker_then_taker', 'taker'),
          opposite: fc.constantFrom('ignore', 'close', 'reverse'),
          maker: fc.constantFrom('-0.0001', '0', '0.0002', '0.00031'),
          taker: fc.constantFrom('0', '0.0005', '0.00077'),
          slippage: fc.constantFrom(0, 1, 7),
          rateE8: fc.integer({ min: -75_000, max: 75_000 }),
          outlook: fc.constantFrom('pessimistic' as const, 'optimistic' as const),
        }),
        (given) => {
          const market = generated(given.seed, 900, given.symbols);
          const { policy } = loadTree({
            position_scaling: { preset: given.preset },
            execution: {
              entry_style: given.style,
              on_opposite: given.opposite,
              fee_rates: { maker: given.maker, taker: given.taker },
              slippage_bps: given.slippage,
            },
          });
          const recorder = new RunRecorder(given.balance, market.instruments);
          const { registry, venue, candles } = runBacktest(
            settingsOf(market, {
              policy,
              balance: money(given.balance),
              model: { ...DEFAULT_FILL_MODEL, outlook: given.outlook, slippageBps: given.slippage },
              funding: { intervalMs: 60 * MINUTE_MS, rateE8: () => given.rateE8 },
              witness: recorder,
            }),
          );
          const record = recorder.record({ candles });
          trades += record.trades.length;
          additions += record.additions;
          const { account } = venue;
          const { gross, fees, funding } = account.totals;
          expect(record, 'the witness and the simulator').toMatchObject({ gross, fees, funding, openPositions: [] });
          expect(given.balance + gross - fees + funding, 'the simulator').toBe(account.balance);
          expect(registry.balance, 'the core').toBe(account.balance);
          const ofTrades = record.trades.reduce((sum, trade) => sum + trade.gross - trade.fees + trade.funding, 0n);
          expect(given.balance + ofTrades, 'trade by trade').toBe(account.balance);
          expect(record.equity.last, 'equity ends where the account does').toBe(Number(account.balance));
          expect(BigInt(record.equity.deepest.drop), 'no loss is deeper than the drawdown').toBeGreaterThanOrEqual(
            given.balance - account.balance,
          );
        },
      ),
      { numRuns: long(60, 1_000), seed: 5 },
    );
    expect(trades, 'something was traded').toBeGreaterThan(100);
    expect(additions, 'and added to').toBeGreaterThan(10);
  });
});

describe('the thoughts', () => {
  const whole = thoughtsOf(settingsOf(three));

  it('are many enough to compare', () => expect(whole.length).toBeGreaterThan(300));

  it('are the same when the run is made in pieces', () => {
    const inPieces = thoughtsOf(settingsOf(three), (settings) => {
      const backtest = new Backtest(settings);
      for (let minutes = 1; backtest.advance(minutes); ) minutes = (minutes % 97) + 1;
      return backtest.finish();
    });
    expect(inPieces).toEqual(whole);
  });

  it('are the same for one symbol alone, in pieces or whole', () => {
    const one = settingsOf(generated(3, TWO_DAYS));
    const inPieces = thoughtsOf(one, (settings) => {
      const backtest = new Backtest(settings);
      while (backtest.advance(61));
      expect(backtest.candles).toBe(TWO_DAYS);
      return backtest.finish();
    });
    expect(inPieces).toEqual(thoughtsOf(one));
  });

  it.each([
    ['one symbol', generated(3, TWO_DAYS, ['BTC-USDT-SWAP']), {}],
    ['several', three, {}],
    ['several, and what passes is no governor’s business', three, { governors: { pause: 'off' } }],
  ])('and the equity of every minute are the same whether candles go one by one or not: %s', (_, market, tree) => {
    const { policy } = loadTree(tree);
    const told = (isAttended: boolean) => {
      const lines: string[] = [];
      runBacktest({
        ...settingsOf(market, { policy }),
        witness: {
          ...(isAttended ? { candleClosed: () => undefined } : {}),
          decided: (event, decisions) =>
            void lines.push(...decisions.map((decision) => `${event.kind} ${event.at} ${encodeState(decision)}`)),
          minuteEnded: (...facts) => void lines.push(facts.join(' ')),
        },
      });
      return lines;
    };
    const lines = told(false);
    expect(lines.length).toBeGreaterThan(TWO_DAYS + 100);
    expect(told(true)).toEqual(lines);
  });

  it('are the same with their reasoning or without', () => {
    const traced = thoughtsOf(settingsOf(three, { traced: true }));
    const bare = (thoughts: readonly string[]) =>
      thoughts.map((thought) => {
        const { reasoning: _, exit: _exit, ...rest } = JSON.parse(thought);
        return JSON.stringify(rest);
      });
    expect(traced).not.toEqual(whole);
    expect(bare(traced)).toEqual(bare(whole));
  });

  it('are the same as those of the loop that hears the same events', () => {
    expect(throughTheLoop(settingsOf(three, { traced: true }))).toEqual(
      thoughtsOf(settingsOf(three, { traced: true })),
    );
  });
});

describe('a symbol whose candles end before the others', () => {
  const firstOf = (candles: Candles, length: number): Candles => {
    const some = emptyCandles(candles.instId, length);
    for (const column of CANDLE_COLUMNS) some[column].set(candles[column].subarray(0, length));
    return some;
  };
  const cutAt = (lengths: readonly number[]) => ({
    ...three,
    candles: three.candles.map((candles, i) => firstOf(candles, lengths[i] ?? candles.length)),
  });

  it('is closed at its own last close, and holds no place after it', () => {
    let closed = 0;
    for (let length = 600; length < TWO_DAYS - 100; length += 37) {
      const market = cutAt([TWO_DAYS, length, length + 60]);
      const recorder = new RunRecorder(BALANCE, market.instruments);
      const open: number[] = [];
      const { registry } = runBacktest(
        settingsOf(market, {
          witness: {
            happened: (event) => recorder.happened(event),
            decided: (event, decisions) => recorder.decided(event, decisions),
            minuteEnded: (closeMs, _equity, positions) => {
              if (closeMs > endOf(market.candles[2] as Candles)) open.push(positions);
            },
          },
        }),
      );
      const { trades, openPositions } = recorder.record({ candles: 0 });
      expect(openPositions).toEqual([]);
      expect(Math.max(...open)).toBeLessThanOrEqual(1);
      for (const trade of trades) {
        const column = market.candles.find(({ instId }) => instId === trade.instId) as Candles;
        expect(trade.closedAt).toBeLessThanOrEqual(endOf(column));
        if (trade.reason === 'end-of-data' && column.length < TWO_DAYS) closed += 1;
      }
      expect(
        registry.symbols.slice(1).every(({ position, orders }) => position === undefined && orders.length === 0),
      ).toBe(true);
    }
    expect(closed, 'some were open').toBeGreaterThan(5);
  });

  it('changes nothing of the order of time, nor does one whose candles begin later', () => {
    const market = withGaps(three, (index, candle) => candle >= index * 300 && candle < TWO_DAYS - index * 200);
    const times = everyEvent(settingsOf(market)).events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBe((market.candles[0]?.openMinute[0] ?? 0) * MINUTE_MS);
  });

  it('leads to the same thoughts in pieces, and candle by candle', () => {
    const settings = settingsOf(cutAt([TWO_DAYS, 822, 1_858]));
    const whole = thoughtsOf(settings);
    const inPieces = thoughtsOf(settings, (each) => {
      const backtest = new Backtest(each);
      while (backtest.advance(61));
      return backtest.finish();
    });
    expect(inPieces).toEqual(whole);
    const oneByOne = thoughtsOf(settings, ({ witness, ...rest }) =>
      runBacktest({ ...rest, witness: { ...witness, candleClosed: () => undefined } }),
    );
    expect(oneByOne).toEqual(whole);
  });
});

describe('a symbol beside others that bind it nowhere', () => {
  /** Nothing of the account is shared: fixed sizes, limits that nobody reaches. */
  const { policy } = loadTree({
    position_scaling: { base_size: { small: 300, medium: 300, large: 3_000 } },
    signals: { scalper: { thresholds: { trending: 3, ranging: 3, choppy: 3 } } },
    // As takers: who re-prices does so at moments that all share, and of one millisecond the first symbol's comes first.
    execution: { min_cost_multiple: 0, entry_style: 'taker' },
    profiles: { large: { max_open_positions: 20 } },
    limits: { max_worst_case_loss: 100, daily_loss_limit: 90, max_loss_per_position: 90 },
    governors: {
      size_by_day: 'off',
      pause: { account_losses: 1_000, max_drawdown: 90 },
      additions_without_signal: 'on',
    },
  });

  /** What was decided of each symbol, without the numbers and names that count over all. */
  function bySymbol(market: Generated): Map<string, string[]> {
    const said = new Map<string, string[]>(market.instruments.map(({ instId }) => [instId, []]));
    const tell = (instId: string | undefined, ...facts: readonly unknown[]) =>
      void (instId !== undefined && said.get(instId)?.push(facts.join(' ')));
    const decided = (_: CoreEvent, decisions: readonly Decision[]) => {
      for (const decision of decisions) {
        const { kind, at } = decision;
        if (kind === 'place') {
          const { instId, role, side, sizeLots, terms } = decision.order;
          const price = 'priceTicks' in terms ? terms.priceTicks : 'triggerTicks' in terms ? terms.triggerTicks : '';
          tell(instId, kind, at, role, side, sizeLots, terms.type, price);
        } else if (kind === 'refused') tell(decision.instId, kind, at, decision.what, decision.code);
        else if (kind === 'position-closed')
          tell(
            decision.instId,
            kind,
            at,
            decision.reason,
            decision.grossUnits,
            decision.feeUnits,
            decision.fundingUnits,
          );
        else tell(decision.instId, kind, at);
      }
    };
    runBacktest(settingsOf(market, { policy, balance: money(100_000_00000000n), witness: { decided } }));
    return said;
  }

  it('is decided of as it is alone, at the same moments, whatever minutes it or they lack', () => {
    let compared = 0;
    for (const seed of [11, 12, 13, 14]) {
      const market = withGaps(
        generated(
          seed,
          TWO_DAYS,
          three.instruments.map(({ instId }) => instId),
        ),
        (index, candle) => (candle + 17 * index) % (60 + 7 * index) > 20,
      );
      const together = bySymbol(market);
      for (const [index, candles] of market.candles.entries()) {
        const instruments = market.instruments.slice(index, index + 1);
        const alone = bySymbol({ instruments, candles: [candles] }).get(candles.instId) ?? [];
        expect(together.get(candles.instId)).toEqual(alone);
        compared += alone.length;
      }
    }
    expect(compared, 'enough').toBeGreaterThan(1_500);
  });
});

describe('after a liquidation', () => {
  /** Prices from a candle on, times a factor. */
  const jumped = (market: Generated, from: number, factor: number): Generated => ({
    ...market,
    candles: market.candles.map((column) => {
      const moved = emptyCandles(column.instId, column.length);
      for (const name of CANDLE_COLUMNS)
        moved[name].set(
          column[name].map((value, i) => (name.endsWith('Ticks') && i >= from ? Math.round(value * factor) : value)),
        );
      return moved;
    }),
  });

  it.each([
    ['one symbol', ['BTC-USDT-SWAP']],
    ['several symbols', ['BTC-USDT-SWAP', 'SOL-USDT-SWAP']],
  ])('the account is read anew, and what is traded goes on: %s', (_, symbols) => {
    const calm = generated(11, TWO_DAYS, symbols);
    const { policy } = loadTree({ governors: { pause: 'off' }, limits: { daily_loss_limit: 90 } });
    const closings = (market: Generated) => {
      const seen: Extract<Decision, { kind: 'position-closed' }>[] = [];
      let isReady = () => true;
      const decided = (_event: CoreEvent, decisions: readonly Decision[], registry: Registry) => {
        isReady = () => registry.ready;
        seen.push(...decisions.filter((each) => each.kind === 'position-closed'));
      };
      const minuteEnded = (closeMs: number) => expect(isReady(), `the account is known at ${closeMs}`).toBe(true);
      runBacktest(settingsOf(market, { policy, witness: { decided, minuteEnded } }));
      return seen;
    };
    const held = closings(calm).find(({ openedAt, at }) => at - openedAt > 3 * MINUTE_MS);
    if (held === undefined) return expect.fail('nothing was held for minutes');
    const first = (calm.candles[0]?.openMinute[0] ?? 0) * MINUTE_MS;
    const from = Math.floor((held.openedAt - first) / MINUTE_MS) + 2;
    const closed = closings(jumped(calm, from, held.side === 'long' ? 0.7 : 1.4));
    const died = closed.findIndex(({ reason }) => reason === 'liquidation');
    expect(died, 'it dies').toBeGreaterThanOrEqual(0);
    expect(closed.length - died, 'and others follow').toBeGreaterThan(5);
  });
});

function endOf({ openMinute, length }: Candles): number {
  return ((openMinute[length - 1] ?? 0) + 1) * MINUTE_MS;
}

describeWithShared('the real week', () => {
  it('is thought about byte for byte the same in the backtest and in the loop', async () => {
    const market = generated(0, 1);
    const [instrument] = market.instruments;
    if (instrument === undefined) throw new Error('no instrument');
    const file = sharedPath('data/btc-usdt-1m-2021-02-19-week.csv');
    const { candles } = await importCsvFile(file, { instrument });
    const week = settingsOf({ instruments: [instrument], candles: [candles] }, { traced: true });
    const thoughts = thoughtsOf(week);
    expect(thoughts.filter((thought) => thought.includes('"role":"rung"')).length).toBeGreaterThan(5);
    expect(throughTheLoop(week)).toEqual(thoughts);
  });
});

/** The decisions that a journal holds after the loop has heard what a backtest heard; nobody answers but the recorded events. */
function throughTheLoop(settings: BacktestSettings): string[] {
  const { events } = everyEvent(settings);
  const { policy, instruments, balance, traced } = settings;
  const disk = new MemoryDisk();
  const archive = { rowsMax: 1e9, bytesMax: 1e9, segmentRows: 1e9 };
  const journal = openMemoryJournal(disk, { accountUid: 'test', run: 'test', now: () => 0, archive });
  const silent = () => undefined;
  let nowMs = 0;
  const loop = new Loop({
    registry: newRegistry({ run: 'test', policy, instruments, balance, traced, ready: false }),
    exchange: { place: silent, cancel: silent, amend: silent, setLeverage: silent, inquire: silent, read: silent },
    journal,
    clock: { nowMs: () => nowMs, wake: () => silent },
    limits: LOOP_LIMITS,
    failed: (error) => {
      throw error;
    },
  });
  for (const event of events) {
    nowMs = Math.max(nowMs, event.at);
    loop.hear(event);
    loop.drain();
  }
  const rows = [...journal.rows()];
  expect(rows.filter(({ kind }) => kind === 'event').length, 'the loop heard nothing else').toBe(events.length);
  return rows.flatMap(({ kind, payload }) =>
    kind === 'decision'
      ? (payload as { decisions: readonly Decision[] }).decisions.map((decision) => encodeState(decision))
      : [],
  );
}

describe('a signal from elsewhere', () => {
  const market = generated(4, 1_000);
  const [candles] = market.candles as readonly [Candles];
  const { policy } = loadTree({ signals: { scalper: { enabled: 'off' } } });
  const signal = (minute: number, afterMs: number): SignalGiven => ({
    kind: 'signal',
    at: ((candles.openMinute[minute] ?? 0) + 1) * MINUTE_MS + afterMs,
    instId: 'BTC-USDT-SWAP',
    side: 1,
    strength: 0.5,
    priceTicks: ticks(candles.closeTicks[minute] ?? 1),
    source: 'test',
    reasons: [],
  });
  const heard = (signals: readonly SignalGiven[], of: readonly Candles[] = market.candles) =>
    everyEvent(settingsOf({ ...market, candles: of }, { policy, signals }));

  it('is thought at the close of its minute, and fills from the next candle on', () => {
    const { run, events } = heard([signal(600, 0), signal(700, -59_999), signal(800, 1)]);
    expect(run.signals).toBe(3);
    expect(events.filter(({ kind }) => kind === 'signal').map(({ at }) => at)).toEqual(
      [600, 700, 801].map((minute) => ((candles.openMinute[minute] ?? 0) + 1) * MINUTE_MS),
    );
    const at = events.findIndex(({ kind }) => kind === 'signal');
    expect(events[at - 1]).toMatchObject({ kind: 'candle-closed', at: events[at]?.at });
    const fill = events.find(({ kind }) => kind === 'filled');
    expect(fill?.at).toBeGreaterThan(events[at]?.at ?? 0);
  });

  it('is left out where its minute has no candle: before the first, in a gap, after the last', () => {
    const gappy = emptyCandles(candles.instId, 700);
    const kept = Array.from({ length: 800 }, (_, i) => i).filter((i) => i < 600 || i >= 700);
    for (const column of CANDLE_COLUMNS) gappy[column].set(kept.map((i) => candles[column][i] ?? 0));
    const before = signal(0, -MINUTE_MS);
    const gone = [signal(600, 0), signal(650, 0), signal(699, 0)];
    const { run, events } = heard([before, signal(400, 0), ...gone, signal(900, 0)], [gappy]);
    expect(run.signals).toBe(1);
    expect(events.filter(({ kind }) => kind === 'signal').map(({ at }) => at)).toEqual([signal(400, 0).at]);
  });

  it('finds free what the account has by now, not what it began with', () => {
    const later = (minute: number) => (candles.closeTicks[minute + 15] ?? 0) - (candles.closeTicks[minute] ?? 0);
    const signals = Array.from({ length: 25 }, (_, i) => 400 + i * 20).map((minute) => ({
      ...signal(minute, 0),
      side: later(minute) > 0 ? (1 as const) : (-1 as const),
    }));
    let richer = 0;
    runBacktest({
      ...settingsOf(market, { policy, signals, traced: true }),
      witness: {
        decided(_, decisions, { balance, symbols }) {
          if (symbols.some(({ position }) => position !== undefined)) return;
          for (const decision of decisions) {
            if (decision.kind !== 'place' || decision.reasoning === undefined || balance <= BALANCE) continue;
            const gate = decision.reasoning.gates.find(({ code }) => code === 'margin-not-free');
            expect(gate?.limit).toBe(formatUnits((balance * 8n) / 10n, 8));
            richer++;
          }
        },
      },
    });
    expect(richer).toBeGreaterThan(3);
  });
});
