/**
 * A market upside down: what is entered at the axis leaves as a short just as it leaves as a long, whatever takes it out. Stop, breakeven, trail,
 * partial steps, target, extension, time limit and an opposite signal, order by order and to the tick; on either outlook.
 *
 * Shares of the price mirror only around the axis itself: so no costs, no rungs (test/ladder.test.ts climbs them), and one position a run. The
 * liquidation guard does not mirror at all: a short is liquidated nearer than a long.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { knownInstrument } from '../../test/generated.ts';
import { LAW, long } from '../../test/long.ts';
import { loadTree } from '../config/index.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent, SignalGiven } from '../core/event.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../core/market/candle.ts';
import { money, type Side, ticks } from '../core/numbers/units.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { runBacktest } from './backtest.ts';

const btc = knownInstrument('BTC-USDT-SWAP');
const AXIS = 600_000;
const FIRST_MINUTE = Date.UTC(2026, 0, 5) / MINUTE_MS;
const WARM_MINUTES = 600;

interface Minute {
  readonly move: number;
  readonly above: number;
  readonly below: number;
  readonly volume: number;
  /** A signal at its close, for the side of the entry or against it; 0: none. */
  readonly asks: Side | 0;
}

const minutes = fc.array(
  fc.record<Minute>({
    move: fc.integer({ min: -900, max: 900 }),
    above: fc.nat(200),
    below: fc.nat(200),
    volume: fc.constantFrom(0, 300, 500_000, 500_000),
    asks: fc.oneof(
      { arbitrary: fc.constant<0>(0), weight: 12 },
      { arbitrary: fc.constantFrom<Side>(1, 1, -1), weight: 4 },
    ),
  }),
  { minLength: 70, maxLength: 70 },
);

const ways = fc.record({
  outlook: fc.constantFrom('pessimistic', 'optimistic'),
  drift: fc.integer({ min: -250, max: 400 }),
  targetAtr: fc.constantFrom(1, 2, 4, 8),
  stopAtr: fc.constantFrom(0.6, 1.5, 4),
  breakevenPercent: fc.constantFrom(0.1, 0.3, 5),
  trail: fc.constantFrom(0.1, 0.4, undefined),
  timeLimitMinutes: fc.constantFrom(7, 25, 300),
  steps: fc.constantFrom(
    [],
    [{ at: 0.5, fraction: 0.5 }],
    [
      { at: 0.2, fraction: 0.3 },
      { at: 0.7, fraction: 0.4 },
    ],
  ),
  onOpposite: fc.constantFrom('ignore', 'close', 'reverse'),
});

type Way = typeof ways extends fc.Arbitrary<infer Each> ? Each : never;

/** Swings that die away around the axis and end on it, so that turbulence cuts nothing; then as told. */
function market(side: Side, drift: number, after: readonly Minute[]): Candles {
  const candles = emptyCandles(btc.instId, WARM_MINUTES + after.length);
  let before = 0;
  for (let i = 0; i < candles.length; i++) {
    const told = after[i - WARM_MINUTES];
    const swing = Math.round((2_500 - 3 * i) * Math.sin(i / 3));
    const close = told !== undefined ? before + told.move + drift : i === WARM_MINUTES - 1 ? 0 : swing;
    const top = Math.max(before, close) + (told?.above ?? 40);
    const bottom = Math.min(before, close) - (told?.below ?? 40);
    candles.openMinute[i] = FIRST_MINUTE + i;
    candles.openTicks[i] = AXIS + side * before;
    candles.highTicks[i] = AXIS + (side === 1 ? top : -bottom);
    candles.lowTicks[i] = AXIS + (side === 1 ? bottom : -top);
    candles.closeTicks[i] = AXIS + side * close;
    candles.volumeLots[i] = told?.volume ?? 500_000;
    before = close;
  }
  return candles;
}

function signals(side: Side, candles: Candles, after: readonly Minute[]): SignalGiven[] {
  const asked = [1, ...after.map(({ asks }) => asks)].map((asks, i) => ({ asks, candle: WARM_MINUTES - 1 + i }));
  return asked.flatMap(({ asks, candle }) =>
    asks === 0
      ? []
      : {
          kind: 'signal',
          at: ((candles.openMinute[candle] ?? 0) + 1) * MINUTE_MS,
          instId: btc.instId,
          side: (side * asks) as Side,
          strength: 1,
          priceTicks: ticks(candles.closeTicks[candle] ?? 1),
          source: 'test',
          reasons: [],
        },
  );
}

const byRegime = <T>(value: T) => ({ trending: value, ranging: value, choppy: value });

function policyOf(way: Way) {
  const { trail } = way;
  return loadTree({
    signals: { scalper: { enabled: 'off' } },
    position_scaling: { base_size: { small: 200, medium: 200, large: 200 }, max_additions: 0 },
    limits: { trend_against: 'same', price_move_max_percent: 100 },
    execution: {
      entry_style: 'taker',
      on_opposite: way.onOpposite,
      fee_rates: { maker: 0, taker: 0 },
      slippage_bps: 0,
      spread_ticks: 0,
    },
    exits: {
      target_atr: byRegime(way.targetAtr),
      stop_atr: byRegime(way.stopAtr),
      min_stop_percent: 0.01,
      time_limit_minutes: byRegime(way.timeLimitMinutes),
      breakeven_percent: byRegime(way.breakevenPercent),
      trailing: trail === undefined ? 'off' : { activation_percent: trail, distance_atr: 0.7, step_share: 0.1 },
      extension: { min_adx: 5, min_profit_percent: 0.05, max_times: 3 },
    },
    partial_take_profit: { steps: way.steps },
    governors: { targets_by_volatility: 'off', size_by_day: 'off', pause: 'off' },
  }).policy;
}

/** Everything that was decided and filled until the first position had left, prices from the axis and sides as those of the entry. */
function life(side: Side, way: Way, after: readonly Minute[]): { readonly lines: string[]; readonly seen: string[] } {
  const lines: string[] = [];
  const seen: string[] = [];
  let left = false;
  const away = (priceTicks: number | undefined) => (priceTicks === undefined ? '' : side * (priceTicks - AXIS));
  const tell = (at: number, ...facts: readonly unknown[]) => {
    if (!left) lines.push([at - FIRST_MINUTE * MINUTE_MS, ...facts].join(' '));
  };
  const decided = (decision: Decision): void => {
    if (decision.kind === 'place') {
      const { role, side: of, sizeLots, terms } = decision.order;
      const price = 'priceTicks' in terms ? terms.priceTicks : 'triggerTicks' in terms ? terms.triggerTicks : undefined;
      tell(decision.at, role, side * of, sizeLots, terms.type, away(price));
    } else if (decision.kind === 'amend') {
      tell(decision.at, 'amend', away(decision.priceTicks), away(decision.triggerTicks), decision.sizeLots);
    } else if (decision.kind === 'position-closed') {
      tell(decision.at, 'closed', decision.reason, decision.regime, decision.partials, decision.grossUnits);
      if (!left) seen.push(decision.reason, ...(decision.partials > 0 ? ['partial'] : []));
      left = true;
    } else tell(decision.at, decision.kind);
  };
  const candles = market(side, way.drift, after);
  runBacktest({
    policy: policyOf(way),
    instruments: [btc],
    candles: [candles],
    balance: money(100_000_00000000n),
    model: { ...DEFAULT_FILL_MODEL, outlook: way.outlook, slippageBps: 0, spreadTicks: 0 },
    funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 0 },
    traced: false,
    signals: signals(side, candles, after),
    witness: {
      happened: (event: CoreEvent) => {
        if (event.kind === 'filled')
          tell(event.at, 'filled', side * event.side, event.sizeLots, away(event.priceTicks), event.liquidity);
      },
      decided: (_event, decisions, { symbols }) => {
        if (!left && (symbols[0]?.position?.exits.extensions ?? 0) > 0) seen.push('extension');
        decisions.forEach(decided);
      },
    },
  });
  return { lines, seen };
}

it('a position leaves as a short in the mirrored market just as it leaves as a long', LAW, () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(ways, minutes, (way, after) => {
      const [asLong, asShort] = [life(1, way, after), life(-1, way, after)];
      expect(asShort.lines).toEqual(asLong.lines);
      for (const what of new Set(asLong.seen)) counts.set(what, (counts.get(what) ?? 0) + 1);
    }),
    { numRuns: long(70, 3_000), seed: 7, endOnFailure: true },
  );
  const ends = ['stop', 'target', 'breakeven', 'trailing', 'time', 'opposite', 'partial', 'extension'];
  expect(ends.filter((each) => (counts.get(each) ?? 0) < 2)).toEqual([]);
});
