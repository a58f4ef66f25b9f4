/** An adopted position gets its ladder from a person: what base may be given, and what stands on it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script, START } from '../../../test/script.ts';
import { loadTree } from '../../config/index.ts';
import { type ModeByResultsPolicy, newModeState } from '../governors/mode-by-results.ts';
import { bookWorstCaseUnits } from '../ladder/worst-case.ts';
import { money, type Side } from '../numbers/units.ts';
import { newRegistry } from '../registry.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';
import { fold } from '../step.ts';
import { baseObjection } from './given-base.ts';

const MODES = loadTree({ governors: { mode_by_results: { start_mode: 'trend_following' } } }).policy.governors
  .modeByResults as ModeByResultsPolicy;
const { instId, moneyPerTickLot } = SCRIPT_SWAP;
const LOT = PRICE * moneyPerTickLot;

/** A position of 800 lots (80 USDT) that somebody opened by hand. */
function adopted(side: Side = 1, options: ConstructorParameters<typeof Script>[0] = {}): Script {
  const script = new Script(options);
  script.take(script.fillEvent(side, 800, PRICE));
  script.wait(60_000);
  return script;
}

function give(script: Script, baseUnits?: number) {
  return script.operator({ do: 'base', by: 'operator', instId, ...(baseUnits === undefined ? {} : { baseUnits }) });
}

describe.each([1, -1] as const)('an adopted position, side %i,', (side) => {
  it('gets no rung before, and the first one of its ladder after a base was given', () => {
    const script = adopted(side);
    expect(script.refusals(script.signal(side))).toEqual(['rung-too-small']);
    expect(give(script, 50 * 1e8), 'nothing is sent').toEqual([]);
    expect(script.symbol.touched, 'it is written down').toBe(true);
    script.signal(side);
    // 50 USDT × 1 × 0.8 (small) × 0.9 (ranging) = 36 USDT
    expect(script.live('rung').sizeLots).toBe(360);
    script.fill('rung');
    expect(script.position.rungs.map(({ number, coefficient }) => [number, coefficient])).toEqual([[1, '0.72']]);
    expect(script.live('stop').sizeLots).toBe(1160);
  });

  it('gets all that is held where no amount was said', () => {
    const script = adopted(side);
    give(script);
    expect(script.position).toMatchObject({ entryLots: 800, baseUnits: 800 * LOT });
  });

  it('gets whole lots, rounded down', () => {
    const script = adopted(side);
    give(script, 7 * LOT + LOT - 1);
    expect(script.position).toMatchObject({ entryLots: 7, baseUnits: 7 * LOT });
  });

  it('is refused more than it holds, less than a lot, and another one after the first', () => {
    const script = adopted(side);
    const { symbol } = script;
    expect(baseObjection(symbol, 800 * LOT + 1)).toEqual({ code: 'above-position', heldUnits: 800 * LOT });
    expect([baseObjection(symbol, 800 * LOT), baseObjection(symbol, LOT)]).toEqual([undefined, undefined]);
    expect(baseObjection(symbol, LOT - 1)).toEqual({ code: 'below-a-lot', lotUnits: LOT });
    for (const no of [800 * LOT + 1, LOT - 1]) give(script, no);
    expect(script.position).toMatchObject({ entryLots: 0, baseUnits: 0 });
    give(script, 10 * LOT);
    expect(baseObjection(symbol, 20 * LOT)).toEqual({ code: 'has-base', baseUnits: 10 * LOT });
    give(script, 20 * LOT);
    expect(script.position.baseUnits).toBe(10 * LOT);
  });

  it('is told the least that is a lot, where the average is no whole number', () => {
    const { symbol, position } = adopted(side);
    Object.assign(position.holding, { lots: 3, costUnits: 10 });
    expect(baseObjection(symbol, 3)).toEqual({ code: 'below-a-lot', lotUnits: 4 });
    expect(baseObjection(symbol, 4)).toBeUndefined();
  });

  it('is never given more than a new position would get now (D2)', () => {
    const script = adopted(side, { config: { position_scaling: { base_size: { small: 20, medium: 20, large: 20 } } } });
    give(script);
    script.signal(side);
    // 20 USDT × 0.72, not 80 USDT × 0.72
    expect(script.live('rung').sizeLots).toBe(144);
  });

  it('counts in the worst case of the book from then on', () => {
    const script = adopted(side);
    const before = bookWorstCaseUnits(script.registry);
    give(script);
    expect(bookWorstCaseUnits(script.registry)).toBeGreaterThan(2 * before);
  });

  it('publishes its next rung, from the price it was entered at', () => {
    const script = adopted(side, { governors: governorsOf({ additions_without_signal: { placement: 'resting' } }) });
    script.candle(PRICE);
    expect(script.has('rung')).toBe(false);
    give(script);
    script.candle(PRICE);
    expect(script.live('rung').ticks).toBe(PRICE - side * 25);
  });

  it('measures no mode: none opened it', () => {
    const script = adopted(side, { governors: governorsOf({ mode_by_results: { start_mode: 'trend_following' } }) });
    script.symbol.governors.mode = newModeState(MODES);
    give(script);
    script.fill('stop');
    expect(script.symbol.governors.mode).toEqual(newModeState(MODES));
  });

  it('has its base after a restart, from the snapshot and from the journal', () => {
    const script = adopted(side);
    give(script, 50 * 1e8);
    const { registry } = script;
    const again = newRegistry({
      run: 'test',
      policy: script.policy,
      instruments: [SCRIPT_SWAP],
      balance: money(0n),
      traced: false,
      ready: false,
    });
    loadRegistry(again, saveRegistry(registry));
    expect(again.symbols[0]?.position).toEqual(script.position);
    const folded = adopted(side);
    fold(folded.registry, {
      kind: 'operator',
      at: START + 60_000,
      command: { do: 'base', by: 'operator', instId, baseUnits: 50 * 1e8 },
    });
    expect(folded.position).toEqual(script.position);
  });
});

it('where nothing is open there is nothing to give a base to, and an entry of ours keeps its own', () => {
  const script = new Script();
  expect(baseObjection(script.symbol, 10)).toEqual({ code: 'nothing-open' });
  expect(give(script)).toEqual([]);
  script.enter();
  const { baseUnits, entryLots } = script.position;
  give(script, LOT);
  expect(script.position).toMatchObject({ baseUnits, entryLots });
});

it('whatever is asked for, the base is whole lots of what is held, and no more than was asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 200_000 }),
      fc.integer({ min: 0, max: 2 ** 50 }),
      (held, priceTicks, asked) => {
        const script = new Script({ balance: 1e9 });
        script.take(script.fillEvent(1, held, priceTicks));
        const { holding } = script.position;
        give(script, asked);
        const { entryLots, baseUnits } = script.position;
        if (baseObjection(script.symbol, asked)?.code !== 'has-base')
          return void expect([entryLots, baseUnits]).toEqual([0, 0]);
        expect(Number.isInteger(entryLots) && entryLots >= 1 && entryLots <= held).toBe(true);
        expect(baseUnits).toBe(entryLots * priceTicks * moneyPerTickLot);
        expect(baseUnits).toBeLessThanOrEqual(Math.min(asked, holding.costUnits));
        expect(asked - baseUnits).toBeLessThan(priceTicks * moneyPerTickLot);
      },
    ),
    { numRuns: 1_000 },
  );
});
