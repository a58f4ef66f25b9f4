/** With any governors on, by any numbers, nothing of ladder.md is exceeded: the caps are reckoned here once more, from the policy alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { governorsOf, Script } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import { coefficientOf } from '../ladder/ladder.ts';
import { money, type Side } from '../numbers/units.ts';
import type { OrderRole } from '../orders/order.ts';
import { REGIMES } from '../policy.ts';

type Act =
  | { readonly do: 'signal'; readonly side: Side; readonly strength: number }
  | { readonly do: 'price'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fill'; readonly share: number }
  | { readonly do: 'turbulence'; readonly turbulence: number }
  | { readonly do: 'regime'; readonly regime: (typeof REGIMES)[number] }
  | { readonly do: 'balance'; readonly percent: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      side: fc.constantFrom<Side>(1, 1, 1, -1),
      strength: fc.constantFrom(0, 0.5, 0.9, 1),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('price' as const), by: fc.integer({ min: -40, max: 40 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 60_000, 60_000, 60_000, 300_000),
    }),
  },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('fill' as const), share: fc.constantFrom(0.4, 1, 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('turbulence' as const),
      turbulence: fc.double({ min: 0.1, max: 4, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('regime' as const), regime: fc.constantFrom(...REGIMES) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('balance' as const), percent: fc.integer({ min: -3, max: 3 }) }),
  },
);

const factors = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })).map(([a, b]) => ({
  min_factor: Math.min(a, b) / 10,
  max_factor: Math.max(a, b) / 10,
}));

/** Bolder than anybody would be: factors up to three, any steps. */
const governors = fc.record({
  size_by_day: factors.chain(({ min_factor, max_factor }) =>
    fc.record({
      min_factor: fc.constant(min_factor),
      max_factor: fc.constant(max_factor),
      losses: fc.constantFrom(
        [],
        [
          { at: -1, factor: max_factor },
          { at: -2, factor: min_factor },
        ],
      ),
      gains: fc.constantFrom([], [{ at: 0.5, factor: max_factor }]),
    }),
  ),
  targets_by_volatility: factors.chain((bounds) =>
    fc.record({ max_retune: fc.integer({ min: 0, max: 90 }), retune_minutes: fc.constantFrom(0.5, 5) }).map((more) => ({
      ...bounds,
      ...more,
    })),
  ),
  additions_without_signal: fc.constantFrom('on', 'off'),
  mode_by_results: fc.constantFrom('on', 'off'),
  pause: fc.constantFrom('off', 'on', { symbol_losses: 2, account_losses: 2, turbulence: 1.5 }),
});

/** What closes is filled too: a close that hangs keeps every rung away. */
const FILLED: ReadonlySet<OrderRole> = new Set(['entry', 'rung', 'close']);

function play(script: Script, what: Act): void {
  switch (what.do) {
    case 'signal':
      return void script.signal(what.side, { strength: what.strength });
    case 'price':
      return void script.price(Math.max(1_000, script.symbol.markTicks + what.by));
    case 'wait':
      return void script.wait(what.ms);
    case 'fill': {
      const [booked] = [...script.book.values()].filter(({ order }) => FILLED.has(order.role));
      if (booked === undefined) return;
      const left = Math.max(1, Math.floor((booked.sizeLots - booked.filledLots) * what.share));
      const most = booked.order.reduceOnly ? (script.symbol.position?.holding.lots ?? 0) : left;
      if (most > 0) script.fillOrder(booked, { lots: Math.min(left, most) });
      return;
    }
    case 'turbulence':
      script.market.turbulence = what.turbulence;
      return;
    case 'regime':
      script.market.regime = what.regime;
      return;
    case 'balance':
      script.registry.balance = money((script.registry.balance * BigInt(100 + what.percent)) / 100n);
  }
}

const ROUNDING = 1 + 1e-9;

/** Every cap of an order that grows, in the state in which it was sent. */
function checkGrowth(script: Script, decision: Extract<Decision, { kind: 'place' }>): void {
  const { registry, symbol, policy } = script;
  const { order } = decision;
  const perTickLot = symbol.instrument.moneyPerTickLot;
  const balance = Number(registry.balance);
  const profile = policy.profiles[registry.profile];
  const price = symbol.markTicks;
  const value = order.sizeLots * price * perTickLot;
  const leverage = symbol.position?.leverage ?? symbol.leverage ?? 1;
  const points = policy.limits.regimeMarginPoints[script.market.regime].approx;
  const marginMax = (balance * (profile.marginPercentMax.approx + points)) / 100;
  const holding = symbol.position?.holding;
  const held = holding === undefined ? 0 : holding.lots * price * perTickLot;
  expect(held + value, 'value of the position').toBeLessThanOrEqual(profile.positionValueMax.approx * 1e8 * ROUNDING);
  expect(((holding?.costUnits ?? 0) + value) / leverage, 'margin').toBeLessThanOrEqual(marginMax * ROUNDING);
  expect(held + value, 'exposure').toBeLessThanOrEqual(policy.limits.totalExposureMax.approx * balance * ROUNDING);
  expect(registry.halt, 'nothing grows while halted').toBeUndefined();
  if (order.role === 'entry') {
    const sum = symbol.coefficientSums[registry.profile].approx;
    const whole = value * (1 + sum);
    expect(whole / leverage, 'the whole ladder fits its margin').toBeLessThanOrEqual(marginMax * ROUNDING);
    expect(whole, 'and its value').toBeLessThanOrEqual(profile.positionValueMax.approx * 1e8 * ROUNDING);
    return;
  }
  const rules = symbol.rules[registry.profile];
  const number = symbol.position?.rungs.length ?? 0;
  const coefficient = Math.max(...REGIMES.map((regime) => coefficientOf(rules[regime], number + 1).approx));
  expect(value, 'a rung is its share of the base').toBeLessThanOrEqual(
    (symbol.position?.baseUnits ?? 0) * coefficient * ROUNDING,
  );
  expect(number + 1, 'additions').toBeLessThanOrEqual(Math.max(...REGIMES.map((regime) => rules[regime].additionsMax)));
}

/** A stop that was just asked for loses no more than a position may. */
function checkStop(script: Script, ticks: number): void {
  const { registry, symbol, policy } = script;
  const { position } = symbol;
  if (position === undefined || position.exits.raisedTicks !== 0) return;
  const { lots, costUnits, side } = position.holding;
  const loss = side * (costUnits - lots * ticks * symbol.instrument.moneyPerTickLot);
  const most = (Number(registry.balance) * policy.limits.lossPerPositionPercentMax.approx) / 100;
  expect(loss, 'loss at the stop').toBeLessThanOrEqual(most + lots * symbol.instrument.moneyPerTickLot);
}

const RUNS = long(2_000, 20_000);

describe('any governors, by any numbers', () => {
  it('never exceed a cap: value, margin, exposure, share of the base, additions, loss at the stop', {
    timeout: RUNS * 60,
  }, () => {
    const seen = { entry: 0, rung: 0, governed: 0, halted: 0 };
    fc.assert(
      fc.property(governors, fc.array(act, { minLength: 30, maxLength: 60 }), (given, acts) => {
        const script = new Script({
          governors: governorsOf(given),
          config: { position_scaling: { max_loss_for_addition: -20 } },
        });
        const take = script.takeAlone.bind(script);
        script.takeAlone = (event) => {
          const decisions = take(event);
          for (const decision of decisions) {
            if (decision.kind === 'governed') seen.governed += 1;
            if (decision.kind === 'refused' && decision.code === 'halted') seen.halted += 1;
            if (decision.kind !== 'place') continue;
            const { role, terms } = decision.order;
            if (role === 'stop' && terms.type === 'stop') checkStop(script, terms.triggerTicks);
            if (role !== 'entry' && role !== 'rung') continue;
            seen[role] += 1;
            checkGrowth(script, decision);
          }
          return decisions;
        };
        for (const each of acts) play(script, each);
      }),
      { numRuns: RUNS },
    );

    expect(seen.entry, 'entries').toBeGreaterThan(RUNS);
    expect(seen.rung, 'rungs').toBeGreaterThanOrEqual(RUNS / 2);
    expect(seen.governed, 'changes').toBeGreaterThan(RUNS);
    expect(seen.halted, 'pauses that refused').toBeGreaterThan(RUNS / 10);
  });
});
