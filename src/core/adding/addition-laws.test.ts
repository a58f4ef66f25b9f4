/** Laws of additions without a signal: no cap of the ladder is ever exceeded, whatever happens; a resting rung keeps them at every instant. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenCaps } from '../../../test/caps.ts';
import { long } from '../../../test/long.ts';
import { Script } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import { money, type Side } from '../numbers/units.ts';
import type { OrderRole } from '../orders/order.ts';
import type { Regime } from '../policy.ts';

type Act =
  | { readonly do: 'candle' | 'price'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }
  /** Of the position's own side, or against it. */
  | { readonly do: 'signal'; readonly own: Side }
  | { readonly do: 'fill'; readonly roles: readonly OrderRole[]; readonly share: number }
  | { readonly do: 'regime'; readonly regime: Regime; readonly trendSide: Side }
  | { readonly do: 'rsi'; readonly rsi: number; readonly previousRsi: number }
  | { readonly do: 'atr'; readonly atrTicks: number }
  | { readonly do: 'operator'; readonly word: 'pause' | 'resume' | 'flatten' }
  | { readonly do: 'cancellations'; readonly are: 'done' | 'nothing' }
  /** The plan was made of more: what is left of the balance, in per cent. */
  | { readonly do: 'balance'; readonly percent: number };

const GROWING: OrderRole[] = ['entry', 'rung'];

const side = fc.constantFrom<Side>(1, -1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('candle' as const), by: fc.integer({ min: -25, max: 25 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('price' as const), by: fc.integer({ min: -15, max: 15 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(3_000, 61_000, 61_000) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('signal' as const), own: fc.constantFrom<Side>(1, 1, 1, -1) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('fill' as const),
      roles: fc.constantFrom<OrderRole[]>(GROWING, GROWING, GROWING, ['close'], ['partial'], ['target']),
      share: fc.constantFrom(0.3, 1, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('regime' as const),
      regime: fc.constantFrom<Regime>('ranging', 'ranging', 'choppy', 'trending'),
      trendSide: side,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('rsi' as const),
      rsi: fc.integer({ min: 10, max: 90 }),
      previousRsi: fc.integer({ min: 10, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('atr' as const), atrTicks: fc.integer({ min: 5, max: 90 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('operator' as const),
      word: fc.constantFrom('pause', 'resume', 'resume', 'resume', 'flatten'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancellations' as const),
      are: fc.constantFrom('done', 'done', 'done', 'nothing'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('balance' as const), percent: fc.constantFrom(50, 70, 90, 110) }),
  },
);

function play(script: Script, what: Act): void {
  switch (what.do) {
    case 'candle':
      return void script.candle(Math.max(5_000, script.symbol.markTicks + what.by));
    case 'price':
      return void script.price(Math.max(5_000, script.symbol.markTicks + what.by));
    case 'wait':
      return void script.wait(what.ms);
    case 'signal':
      return void script.signal(((script.symbol.position?.holding.side ?? 1) * what.own) as Side);
    case 'fill': {
      const booked = [...script.book.values()].find(({ order }) => what.roles.includes(order.role));
      if (booked === undefined) return;
      const lots = Math.max(1, Math.floor((booked.sizeLots - booked.filledLots) * what.share));
      const most = booked.order.reduceOnly ? (script.symbol.position?.holding.lots ?? 0) : lots;
      if (most > 0) script.fillOrder(booked, { lots: Math.min(lots, most) });
      return;
    }
    case 'regime':
      script.market.regime = what.regime;
      script.market.trendSide = what.trendSide;
      return;
    case 'rsi':
      script.market.rsi = what.rsi;
      script.market.previousRsi = what.previousRsi;
      return;
    case 'atr':
      script.market.atrTicks = what.atrTicks;
      return;
    case 'operator':
      return void script.operator({ do: what.word, by: 'a person' });
    case 'cancellations':
      script.cancellations = what.are;
      return;
    case 'balance':
      script.registry.balance = money((script.registry.balance * BigInt(what.percent)) / 100n);
  }
}

const settings = fc.record({
  preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
  on_limit: fc.constantFrom('refuse', 'shrink'),
  loss_basis: fc.constantFrom('margin', 'price'),
  placement: fc.constantFrom('on_trigger' as const, 'resting' as const, 'resting' as const),
  balance: fc.constantFrom(300, 1_000, 2_000, 5_000),
  exposure: fc.constantFrom(0.5, 1, 3),
  reserve: fc.constantFrom(0.2, 0.8),
  /** Side of the position that is open already; 0: an entry rests. */
  opened: fc.constantFrom(1, 1, 1, -1, -1, -1, 0),
});

/** Gates that refuse where the whole ladder no longer fits. */
const CAPPED: ReadonlySet<string> = new Set([
  'position-too-large',
  'margin-not-free',
  'position-margin-too-large',
  'exposure-too-large',
]);

const RUNS = long(1_000, 20_000);

describe('with additions without a signal', () => {
  it('no cap is exceeded by any rung when it is sent, nor by a resting one at any instant', {
    timeout: RUNS * 100,
  }, () => {
    const met = { sent: 0, rested: 0, instants: 0, unasked: 0, capped: 0 };
    fc.assert(
      fc.property(settings, fc.array(act, { minLength: 30, maxLength: 60 }), (given, acts) => {
        const { preset, on_limit, loss_basis, placement, balance } = given;
        const position_scaling = { preset, on_limit, loss_basis, max_loss_for_addition: -8 };
        const limits = { max_total_exposure: given.exposure, margin_reserve: given.reserve, daily_loss_limit: 100 };
        const { governors } = loadTree({
          governors: {
            size_by_day: 'off',
            targets_by_volatility: 'off',
            pause: 'off',
            additions_without_signal: { placement, average_down: { loss_share: 0.1, distance_atr: 0.2 } },
          },
        }).policy;
        const script = new Script({ config: { position_scaling, limits }, governors, balance });
        const take = script.takeAlone.bind(script);
        script.takeAlone = (event) => {
          const decisions = take(event);
          const { registry, symbol } = script;
          for (const decision of decisions) {
            if (decision.kind !== 'place' || decision.order.role !== 'rung') continue;
            met.sent += 1;
            if (decision.because !== 'script') met.unasked += 1;
            const open = registry.orders.get(decision.order.clientId);
            if (open !== undefined) expect(brokenCaps(registry, open), 'when it is sent').toEqual([]);
          }
          const { working } = symbol;
          const resting = working?.rests === true ? registry.orders.get(working.clientId) : undefined;
          if (resting !== undefined && resting.state !== 'ending') {
            expect(symbol.position, 'nothing rests for a position that is flat').toBeDefined();
            expect(symbol.position?.closing, 'nor for one that is to be closed').toBeUndefined();
            met.instants += 1;
            if (resting.sentAt === registry.now) met.rested += 1;
            expect(registry.halt, 'nothing rests while trading is halted').toBeUndefined();
            expect(brokenCaps(registry, resting), 'while it rests').toEqual([]);
          }
          const growing = [...registry.orders.values()].filter(({ order }) => !order.reduceOnly);
          expect(growing.length, 'one entry or rung at a time').toBeLessThanOrEqual(1);
          return decisions;
        };
        if (given.opened === 0) script.signal(1);
        else script.enter(given.opened);
        for (const each of acts) play(script, each);
        met.capped += script.refusals().filter((code) => CAPPED.has(code)).length;
        expect(script.refusals()).not.toContain('decision-failed');
      }),
      { numRuns: RUNS },
    );
    expect(met.sent, 'rungs are judged').toBeGreaterThan(RUNS);
    expect(met.capped, 'and caps are in the way').toBeGreaterThan(RUNS / 100);
    expect(met.unasked, 'rungs come without a signal').toBeGreaterThan(RUNS / 4);
    expect(met.rested).toBeGreaterThan(RUNS / 4);
    expect(met.instants).toBeGreaterThan(RUNS);
  });
});
