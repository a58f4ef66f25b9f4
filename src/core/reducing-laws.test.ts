/**
 * Law: reducing is never refused by an adding gate (design.md §3.5). Whatever gates refuse an addition, one alone, some, or all of them, the
 * stop, the targets and every kind of close still go out, reduce-only.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../test/long.ts';
import { BENDS, beginBent, bend, type Met } from '../../test/no-additions.ts';
import { PRICE, type Script } from '../../test/script.ts';
import type { Decision } from './decision.ts';
import type { Side } from './numbers/units.ts';
import type { OrderRole } from './orders/order.ts';
import { ADDITION_GATES, RUNNING_ADDITION_GATES } from './refusal.ts';

/** Something that asks for less of the position, or for its protection, and what must come of it. */
interface Reduction {
  readonly how: (script: Script, side: Side) => readonly Decision[];
  /** Roles of the orders that must be sent; none: orders that stand are changed. */
  readonly sends: readonly OrderRole[];
  /** Gates that this itself lets pass: a price is fresh again, a gain is no loss. */
  readonly lifts?: readonly Met[];
  /** Whether the stop comes nearer to the market. */
  readonly raises?: true;
  /** Whether it is asked for at all. */
  readonly isAsked?: (script: Script) => boolean;
}

const LIFTED_BY_GAIN: readonly Met[] = ['price-stale', 'loss-too-deep', 'profit-too-small'];

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  'a stop that the exchange ended': { how: (script) => script.end('stop'), sends: ['stop'] },
  'a partial that the exchange ended': { how: (script) => script.end('partial'), sends: ['partial'] },
  'a target that the exchange ended': { how: (script) => script.end('target'), sends: ['target'] },
  'a fill that nobody asked for': {
    how: (script, side) => script.take(script.fillEvent(side, 100, script.symbol.markTicks)),
    sends: [],
  },
  'a partial that fills': { how: (script) => script.fill('partial'), sends: [] },
  'a gain that raises the stop': {
    how: (script, side) => script.price(PRICE + side * 150),
    sends: [],
    lifts: LIFTED_BY_GAIN,
    raises: true,
  },
  'a stop ended with the market past it': {
    how: (script, side) => {
      script.price(script.live('stop').ticks - side);
      return script.end('stop');
    },
    sends: ['close'],
    lifts: ['price-stale'],
  },
  'the time limit': {
    how: (script) => {
      script.now = Math.max(script.now, script.position.exits.timeLimitAt);
      return script.take({ kind: 'time', at: script.now });
    },
    sends: ['close'],
  },
  'the opposite signal': { how: (script, side) => script.signal(-side as Side), sends: ['close'] },
  'a person who flattens': { how: (script) => script.operator({ do: 'flatten', by: 'a person' }), sends: ['close'] },
  'the liquidation guard': {
    how: (script, side) => script.price(side === 1 ? script.symbol.watchBelowTicks : script.symbol.watchAboveTicks),
    sends: ['close'],
    lifts: ['price-stale'],
    isAsked: ({ position }) => position.leverage !== undefined,
  },
};

const NAMES = Object.keys(REDUCTIONS);

/** All, but with a leverage: without one no margin, PnL or liquidation can be weighed. */
const ALL_KNOWN = BENDS.filter(([code]) => code !== 'leverage-unknown');

/** A pause calls the rung back that was on its way. */
const REFUSING_TOGETHER = [...ADDITION_GATES, ...RUNNING_ADDITION_GATES].filter(
  (code) => !['no-position', 'opposite-side', 'leverage-unknown', 'order-in-flight'].includes(code),
);

const anyBends: fc.Arbitrary<readonly (typeof BENDS)[number][]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...BENDS).map((one) => [one]) },
  { weight: 1, arbitrary: fc.subarray([...BENDS], { minLength: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(BENDS, ALL_KNOWN) },
);

/** The gates that refuse an addition now; the refusal itself is the first of them. */
function refusing(script: Script, side: Side): readonly string[] {
  const refused = script.ofKind('refused', script.signal(side));
  const codes = refused
    .flatMap(({ reasoning }) => reasoning?.gates ?? [])
    .flatMap(({ code, ok }) => (ok === false ? [code] : []));
  expect(refused.map(({ code }) => code)).toEqual(codes.slice(0, 1));
  return codes;
}

/** Every order that was sent reduces, no more than there is; and nothing was refused. */
function expectReducing(script: Script, side: Side, lotsBefore: number, decided: readonly Decision[]): void {
  expect(script.refusals(decided), 'what reduces asks no gate').toEqual([]);
  for (const { order } of script.ofKind('place', decided)) {
    expect(order).toMatchObject({ reduceOnly: true, side: -side });
    expect(order.sizeLots).toBeLessThanOrEqual(lotsBefore);
  }
}

/** The stop is for all of it, and stop, partial and target are all that is needed. */
function expectProtected(script: Script, side: Side): void {
  const { lots } = script.position.holding;
  const stop = script.live('stop');
  expect(stop.sizeLots - stop.filledLots, 'the stop is for all of it').toBe(lots);
  expect(stop.order).toMatchObject({ reduceOnly: true, side: -side });
  const targets = [...script.book.values()].filter(({ order }) => order.role === 'partial' || order.role === 'target');
  expect(
    targets.reduce((sum, each) => sum + each.sizeLots - each.filledLots, 0),
    'targets are for all of it',
  ).toBe(lots);
}

describe('reducing', () => {
  it('is never refused by an adding gate, whichever of them refuse: alone, some, or all at once', LAW, () => {
    const met = new Map<string, number>();
    const count = (what: string) => met.set(what, (met.get(what) ?? 0) + 1);
    const RUNS = long(2_000, 20_000);
    fc.assert(
      fc.property(
        fc.record({
          side: fc.constantFrom<Side>(1, -1),
          chosen: anyBends,
          name: fc.constantFrom(...NAMES),
          hasRung: fc.boolean(),
          inParts: fc.boolean(),
        }),
        ({ side, chosen, name, hasRung, inParts }) => {
          const bends = chosen.map(([, , each]) => each);
          const { how, sends, lifts = [], raises, isAsked } = REDUCTIONS[name] as Reduction;
          fc.pre(chosen.some(([code]) => !lifts.includes(code)));
          const rungFirst = hasRung && bends.every(({ from }) => from === undefined);
          const limit = rungFirst ? 123_000 : 63_000;
          const script = beginBent(bends, {
            traced: true,
            exits: { timeLimitMs: { trending: limit, ranging: limit, choppy: limit } },
          });
          script.signal(side);
          if (inParts) script.fill('entry', { lots: Math.floor(script.live('entry').sizeLots / 3) });
          script.fill('entry');
          if (rungFirst) script.rung(PRICE - side * 20);
          bend(script, side, bends);
          const refused = refusing(script, side);
          expect(refused.length, 'an addition is refused').toBeGreaterThan(0);
          if (chosen.length === 1) expect(refused[0]).toBe(chosen[0]?.[0]);
          if (chosen === ALL_KNOWN) expect(refused).toEqual(REFUSING_TOGETHER);
          fc.pre(isAsked === undefined || isAsked(script));

          const stopTicks = script.live('stop').ticks;
          const lotsBefore = script.position.holding.lots;
          const decided = how(script, side);
          const lotsMost = Math.max(lotsBefore, script.position.holding.lots);
          expectReducing(script, side, lotsMost, decided);
          expect(new Set(script.ofKind('place', decided).map(({ order }) => order.role))).toEqual(new Set(sends));
          if (!sends.includes('close')) {
            expectProtected(script, side);
            const moved = side * (script.live('stop').ticks - stopTicks);
            if (raises) expect(moved, 'nearer to the market').toBeGreaterThan(0);
            if (lifts.length === 0)
              expect(refusing(script, side).length, 'and an addition still is').toBeGreaterThan(0);
            expectReducing(script, side, lotsMost, script.operator({ do: 'flatten', by: 'a person' }));
          }
          expect(script.ofKind('position-closed', script.fill('close'))).toHaveLength(1);
          expect(script.symbol.position).toBeUndefined();
          count(name);
          count(
            chosen.length === 1
              ? `${chosen[0]?.[1]} alone, ${side}`
              : chosen === BENDS || chosen === ALL_KNOWN
                ? 'all'
                : 'some',
          );
        },
      ),
      { numRuns: RUNS },
    );
    for (const name of NAMES) expect(met.get(name), name).toBeGreaterThan(RUNS / 40);
    for (const [, what] of BENDS)
      for (const side of [1, -1])
        expect(met.get(`${what} alone, ${side}`), `${what} alone, ${side}`).toBeGreaterThan(3);
    expect(met.get('all'), 'all at once').toBeGreaterThan(RUNS / 20);
  });
});
