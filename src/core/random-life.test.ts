/** Random lives of the core: any order of signals, prices, fills, lost answers and commands. What must hold at every instant, and at the end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoldedScript } from '../../test/folded.ts';
import { long } from '../../test/long.ts';
import { type BookedOrder, PRICE, SCRIPT_SWAP, Script } from '../../test/script.ts';
import { loadTree } from '../config/index.ts';
import { lots, type Side } from './numbers/units.ts';

type Act =
  | { readonly do: 'signal'; readonly side: Side }
  | { readonly do: 'price'; readonly by: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'fill'; readonly which: number; readonly share: number }
  | { readonly do: 'end'; readonly which: number }
  | { readonly do: 'unknown'; readonly which: number }
  | { readonly do: 'standing'; readonly which: number }
  | { readonly do: 'foreign'; readonly side: Side; readonly lots: number }
  | { readonly do: 'operator'; readonly word: 'pause' | 'resume' | 'halt' | 'flatten' }
  | {
      readonly do: 'answers';
      readonly amendments: 'done' | 'refused' | 'nothing';
      readonly cancellations: 'done' | 'nothing';
    }
  | { readonly do: 'leverage'; readonly leverage: number }
  /** The exchange suspends the instrument, or trades it again. */
  | { readonly do: 'instrument'; readonly isStopped: boolean }
  /** A candle closes there, with an RSI that has come from another. */
  | { readonly do: 'candle'; readonly by: number; readonly rsi: number; readonly previousRsi: number };

const which = fc.integer({ min: 0, max: 9 });
const side = fc.constantFrom<Side>(1, -1);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('signal' as const), side }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('price' as const), by: fc.integer({ min: -60, max: 60 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(100, 2_500, 10_000, 60_000, 900_000),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('fill' as const), which, share: fc.constantFrom(0.1, 0.5, 1, 1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unknown' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('standing' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('foreign' as const), side, lots: fc.integer({ min: 1, max: 3000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('operator' as const),
      word: fc.constantFrom('pause', 'resume', 'resume', 'halt', 'flatten'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('answers' as const),
      amendments: fc.constantFrom('done', 'refused', 'nothing'),
      cancellations: fc.constantFrom('done', 'nothing'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('instrument' as const), isStopped: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leverage' as const), leverage: fc.constantFrom(3, 5, 20) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('candle' as const),
      by: fc.integer({ min: -40, max: 40 }),
      rsi: fc.integer({ min: 10, max: 90 }),
      previousRsi: fc.integer({ min: 10, max: 90 }),
    }),
  },
);

function chosen(script: Script, index: number): BookedOrder | undefined {
  const all = [...script.book.values()];
  return all.length === 0 ? undefined : all[index % all.length];
}

/** What a reduce-only order of this side can still take from the position, as an exchange would let it. */
function fillable(script: Script, { order, sizeLots, filledLots }: BookedOrder, share: number): number {
  const wanted = Math.max(1, Math.floor((sizeLots - filledLots) * share));
  if (!order.reduceOnly) return wanted;
  const { position } = script.symbol;
  if (position === undefined || position.holding.side === order.side) return 0;
  return Math.min(wanted, position.holding.lots);
}

function play(script: Script, what: Act): void {
  switch (what.do) {
    case 'signal':
      return void script.signal(what.side);
    case 'price':
      return void script.price(Math.max(1000, script.symbol.markTicks + what.by));
    case 'wait':
      return void script.wait(what.ms);
    case 'fill': {
      const booked = chosen(script, what.which);
      const size = booked === undefined ? 0 : fillable(script, booked, what.share);
      if (booked !== undefined && size > 0) script.fillOrder(booked, { lots: size });
      return;
    }
    case 'end': {
      const booked = chosen(script, what.which);
      if (booked === undefined) return;
      script.book.delete(booked.order.clientId);
      return void script.take(script.ended(booked, 'by the exchange'));
    }
    case 'unknown': {
      const booked = chosen(script, what.which);
      if (booked !== undefined)
        script.take({ kind: 'order-unknown', at: script.now, clientId: booked.order.clientId, reason: 'time-out' });
      return;
    }
    case 'standing':
      return stand(script, chosen(script, what.which));
    case 'foreign':
      return void script.take(script.fillEvent(what.side, what.lots, script.symbol.markTicks));
    case 'operator':
      return void script.operator({ do: what.word, by: 'a person' });
    case 'answers':
      script.amendments = what.amendments;
      script.cancellations = what.cancellations;
      return;
    case 'leverage':
      return void script.take({
        kind: 'leverage',
        at: script.now,
        instId: SCRIPT_SWAP.instId,
        leverage: what.leverage,
      });
    case 'instrument':
      return sayInstrument(script, what.isStopped);
    case 'candle':
      script.market.rsi = what.rsi;
      script.market.previousRsi = what.previousRsi;
      script.candle(Math.max(1000, script.symbol.markTicks + what.by));
  }
}

function sayInstrument(script: Script, isStopped: boolean): void {
  const said = { kind: 'instrument', at: script.now, instId: SCRIPT_SWAP.instId, changes: [] } as const;
  script.take(isStopped ? { ...said, stopped: 'suspend' } : said);
}

const enlarging = (script: Script) => script.placed.filter(({ reduceOnly }) => !reduceOnly).length;

function stand(script: Script, booked: BookedOrder | undefined): void {
  if (booked === undefined) return;
  const { order, sizeLots, ticks } = booked;
  script.take({ kind: 'order-standing', at: script.now, clientId: order.clientId, ticks, sizeLots: lots(sizeLots) });
}

function checkAtEveryInstant(script: Script): void {
  const { registry, symbol } = script;
  const { position } = symbol;
  const kinds = [...registry.orders.values()].filter(({ order }) => !order.reduceOnly);
  expect(kinds.length, 'one entry or rung at a time').toBeLessThanOrEqual(1);
  for (const open of registry.orders.values()) {
    expect(open.filledLots, `${open.order.role} filled of its size`).toBeLessThanOrEqual(open.sizeLots);
    expect(Number.isSafeInteger(open.sizeLots) && Number.isSafeInteger(open.ticks)).toBe(true);
  }
  if (symbol.working !== undefined && symbol.working.ending === undefined)
    expect(registry.orders.has(symbol.working.clientId), 'work has its order').toBe(true);
  if (position === undefined) return;
  expect(position.holding.lots).toBeGreaterThan(0);
  const made = position.rungs.filter(({ clientId }) => clientId !== undefined);
  expect(made.length, 'additions').toBeLessThanOrEqual(5);
  const placed = script.placed.filter(({ role, position: of }) => role === 'rung' && of === position.number);
  for (const { side: of } of placed) expect(of).toBe(position.holding.side);
  expect(position.partials.filter(({ done }) => done).length).toBeLessThanOrEqual(1);
  const { fraction } = script.policy.partial.steps[0] ?? { fraction: { approx: 1 } };
  for (const { filledLots } of position.partials)
    expect(filledLots, 'partial').toBeLessThanOrEqual(position.lotsMost * fraction.approx);
}

/** Every question is answered, and answered well, until nothing more is asked. */
function heal(script: Script): void {
  script.answers.clear();
  script.amendments = 'done';
  script.cancellations = 'done';
  sayInstrument(script, false);
  for (let round = 0; round < 12; round++) {
    const asked = [...script.registry.orders.values()];
    for (const open of asked) {
      const booked = script.book.get(open.order.clientId);
      if (booked !== undefined) stand(script, booked);
      else if (script.registry.orders.has(open.order.clientId))
        script.take({
          kind: 'order-ended',
          at: script.now,
          clientId: open.order.clientId,
          filledLots: lots(open.filledLots),
          cause: 'it was asked for',
        });
    }
    script.wait(10_000);
  }
}

/** `wasRefused`: an amendment may have been. */
function checkAtTheEnd(script: Script, wasRefused: boolean): void {
  const { registry, symbol } = script;
  expect(new Set(registry.orders.keys()), 'the table is the exchange’s').toEqual(new Set(script.book.keys()));
  for (const open of registry.orders.values()) {
    const booked = script.book.get(open.order.clientId);
    expect([open.ticks, open.sizeLots, open.filledLots]).toEqual([booked?.ticks, booked?.sizeLots, booked?.filledLots]);
    expect(open.state).toBe('live');
    expect(open.amending).toBe(false);
  }
  const { position } = symbol;
  if (position === undefined) {
    expect(
      [...registry.orders.values()].filter(({ order }) => order.reduceOnly),
      'nothing is left of what closed',
    ).toEqual([]);
    return;
  }
  const live = [...script.book.values()].filter(({ order }) => order.position === position.number);
  if (position.leftAlone === true) return expect(live, 'what is left alone has no order').toEqual([]);
  const stops = live.filter(({ order }) => order.role === 'stop');
  const closes = live.filter(({ order }) => order.role === 'close');
  if (position.closeRefusal?.againAt === undefined)
    expect(stops.length + closes.length, 'a position is protected, or it closes').toBeGreaterThanOrEqual(1);
  expect(stops.length).toBeLessThanOrEqual(1);
  // A stop that would not be amended where the market is past its place keeps standing as it is: a close at the market sees to the rest.
  const isLeft = wasRefused && position.closing !== undefined && closes.length === 1;
  for (const stop of stops)
    if (!isLeft) expect(stop.sizeLots - stop.filledLots, 'the stop is for all of it').toBe(position.holding.lots);
  if (position.closing !== undefined && position.closeRefusal?.againAt === undefined)
    expect(closes, 'what closes is on its way').toHaveLength(1);
  const targets = live.filter(({ order }) => order.role === 'target' || order.role === 'partial');
  const offered = targets.reduce((sum, each) => sum + each.sizeLots - each.filledLots, 0);
  expect(offered, 'targets never offer more than there is').toBeLessThanOrEqual(position.holding.lots);
}

/** Every governor off; those that are on by default; all of them, with additions at a close or resting. */
const GOVERNED = [
  undefined,
  {},
  { mode_by_results: 'on', additions_without_signal: { average_down: { loss_share: 0.004, distance_atr: 0.1 } } },
  {
    mode_by_results: 'on',
    additions_without_signal: { placement: 'resting', average_down: { loss_share: 0.004, distance_atr: 0.1 } },
  },
] as const;

const RUNS = long(1_000, 10_000);

describe('a random life', () => {
  it('keeps its laws at every instant, settles once every question is answered, and its money adds up', {
    timeout: RUNS * 100,
  }, () => {
    let positions = 0;
    let unasked = 0;
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 20, maxLength: 60 }),
        fc.constantFrom(...GOVERNED),
        fc.constantFrom('adopt' as const, 'adopt' as const, 'close' as const, 'alert' as const),
        (acts, governors, unknownPosition) => {
          const script = new Script({
            config: { position_scaling: { max_loss_for_addition: -50 } },
            execution: { unknownPosition },
            ...(governors === undefined ? {} : { governors: loadTree({ governors }).policy.governors }),
          });
          for (const each of acts) {
            const wasStopped = script.symbol.untradable !== undefined && each.do !== 'instrument';
            const before = enlarging(script);
            play(script, each);
            if (wasStopped) expect(enlarging(script), 'nothing is added to what is not traded').toBe(before);
            checkAtEveryInstant(script);
          }
          heal(script);
          checkAtEveryInstant(script);
          checkAtTheEnd(
            script,
            acts.some((each) => each.do === 'answers' && each.amendments === 'refused'),
          );
          const trades = script.ofKind('position-closed');
          positions += trades.length;
          unasked += script
            .ofKind('place')
            .filter(({ because }) => because === 'average-down' || because === 'pyramid').length;
          const open = script.symbol.position;
          const closed = trades.reduce((sum, each) => sum + each.grossUnits - each.feeUnits + each.fundingUnits, 0);
          const unfinished = open === undefined ? 0 : open.realisedUnits - open.feeUnits + open.fundingUnits;
          expect(script.registry.balance).toBe(100_000_000_000n + BigInt(closed + unfinished));
          expect(new Set(trades.map(({ position }) => position)).size, 'a number is used once').toBe(trades.length);
          expect(script.symbol.markTicks).toBeGreaterThan(PRICE / 20);
        },
      ),
      { numRuns: RUNS },
    );
    expect(positions, 'enough happens').toBeGreaterThan(RUNS / 4);
    expect(unasked, 'rungs come without a signal').toBeGreaterThan(RUNS / 50);
  });

  it('is found by a recovery as it was lived, after every event', { timeout: RUNS * 100 }, () => {
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 20, maxLength: 60 }),
        fc.constantFrom(...GOVERNED),
        fc.constantFrom('ignore' as const, 'close' as const, 'reverse' as const),
        (acts, governors, onOpposite) => {
          const script = new FoldedScript({
            config: { position_scaling: { max_loss_for_addition: -50 } },
            execution: { onOpposite },
            ...(governors === undefined ? {} : { governors: loadTree({ governors }).policy.governors }),
          });
          for (const each of acts) play(script, each);
          heal(script);
        },
      ),
      { numRuns: RUNS / 5 },
    );
  });
});
