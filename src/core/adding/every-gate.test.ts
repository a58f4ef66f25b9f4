/** Every gate, met by a whole life of the core: each refuses with its own name, long and short, and nothing is sent. */
import { describe, expect, it } from 'vitest';
import { BENDS, beginBent, bend, DEEP, type Met, type Unmet } from '../../../test/no-additions.ts';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { judgedAddition, roomyAddition } from '../../../test/situations.ts';
import { decimal } from '../numbers/decimal.ts';
import { lots, type Side, ticks } from '../numbers/units.ts';
import { ADDITION_GATES, ENTRY_GATES, type RefusalCode, RUNNING_ADDITION_GATES } from '../refusal.ts';
import { add } from './addition.ts';

const SIDES = [
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[];

/** What a signal never meets, asked of the gate itself: without a position it asks for an entry, the other side's for a close. */
const ASKED: Readonly<Record<Unmet, (script: Script, side: Side) => readonly (string | null)[]>> = {
  'no-position': ({ policy }, side) => {
    const { position: _gone, ...flat } = roomyAddition(side);
    return [judgedAddition(policy, flat).code];
  },
  'opposite-side': (script, side) => {
    const { registry, symbol, position, now: at } = script;
    const before = registry.decisions.length;
    const signal = {
      side: -side as Side,
      strength: 1,
      priceTicks: ticks(symbol.markTicks),
      at,
      source: 'test',
      reasons: [],
    };
    add(registry, symbol, position, signal);
    return script.refusals(registry.decisions.slice(before));
  },
};

describe.each(SIDES)('at −x % every gate refuses an addition to a %s with its own name', (_name, side) => {
  const rungs = ({ placed }: Script) => placed.filter(({ role }) => role === 'rung').length;

  it.each(BENDS)('%s: %s', (code, _what, how) => {
    const script = beginBent([how]).enter(side);
    bend(script, side, [how]);
    expect(script.refusals(script.signal(side))).toEqual([code]);
    expect(rungs(script)).toBe(how.hasRung ? 1 : 0);
  });

  it.each(Object.entries(ASKED))('%s: asked of the gate itself', (code, ask) => {
    const script = new Script().enter(side);
    bend(script, side, []);
    expect(ask(script, side)).toEqual([code]);
    expect(rungs(script)).toBe(0);
  });

  it('and none is left out', () => {
    const shown: readonly (Met | Unmet)[] = [...BENDS.map(([code]) => code), ...(Object.keys(ASKED) as Unmet[])];
    expect(new Set(shown)).toEqual(new Set([...ADDITION_GATES, ...RUNNING_ADDITION_GATES]));
  });

  it('and without any bend it is added to', () => {
    const script = new Script().enter(side);
    bend(script, side, []);
    expect(script.symbol.markTicks).toBe(PRICE - side * DEEP);
    expect(script.refusals(script.signal(side))).toEqual([]);
    expect(script.has('rung')).toBe(true);
  });

  it('and throwing while deciding refuses: decision-failed, with the error, and nothing is sent', () => {
    const script = new Script().enter(side);
    bend(script, side, []);
    script.throwAt('atrFraction');
    const decided = script.signal(side);
    expect(decided).toMatchObject([
      { kind: 'refused', code: 'decision-failed', error: 'Error: atrFraction is broken' },
    ]);
  });
});

describe.each(SIDES)(
  'liquidation-too-near takes the maintenance of the tier after the rung: to a %s',
  (_name, side) => {
    /** At nine times a maintenance of 10.6 % leaves half a per cent to the liquidation, one of 0.4 % leaves ten. */
    const down = (lotsMaxOfFirst: number) => {
      const swap = {
        ...SCRIPT_SWAP,
        tiers: [
          { lotsMax: lots(lotsMaxOfFirst), maintenanceRate: decimal('0.004'), leverageMax: 50 },
          { lotsMax: lots(10_000_000), maintenanceRate: decimal('0.106'), leverageMax: 50 },
        ],
      };
      const script = new Script({ instruments: [swap], config: { position_scaling: { loss_basis: 'price' } } }).enter(
        side,
      );
      bend(script, side, []);
      script.take({ kind: 'leverage', at: script.now, instId: swap.instId, leverage: 9 });
      return script;
    };
    const whole = down(10_000_000);
    whole.signal(side);
    const lotsAfter = whole.position.holding.lots + whole.live('rung').sizeLots;

    it('is refused where it would reach the next one, though what is held does not', () => {
      const script = down(lotsAfter - 1);
      expect(script.refusals(script.signal(side))).toEqual(['liquidation-too-near']);
    });

    it('is sent where it fills the first one to its last lot', () => {
      const script = down(lotsAfter);
      expect(script.refusals(script.signal(side))).toEqual([]);
      expect(script.live('rung').sizeLots).toBe(whole.live('rung').sizeLots);
    });
  },
);

describe.each(SIDES)(
  'position-too-large weighs what is held at the mark and the rung at the touch: a %s',
  (_name, side) => {
    it.each(['maker_then_taker', 'taker'] as const)('%s', (entryStyle) => {
      const mark = PRICE - side * DEEP;
      const wide = (most: number | string) => {
        const script = new Script({ execution: { entryStyle } }).enter(side);
        bend(script, side, [{ changed: { profiles: { small: { max_position_value: most } } } }]);
        script.price(mark, { bid: mark - 10, ask: mark + 10 });
        return script;
      };
      const roomy = wide(1350);
      const held = roomy.position.holding.lots;
      roomy.signal(side);
      const rung = roomy.live('rung').sizeLots;
      const touch = (side === 1) === (entryStyle === 'taker') ? mark + 10 : mark - 10;
      const hundredThousandths = held * mark + rung * touch;
      const exact = wide(String(hundredThousandths / 1e5));
      expect(exact.refusals(exact.signal(side))).toEqual([]);
      const less = wide(String((hundredThousandths - 1) / 1e5));
      expect(less.refusals(less.signal(side))).toEqual(['position-too-large']);
    });
  },
);

describe.each(SIDES)('a rung goes to the target and the time limit of what is open: to a %s', (_name, side) => {
  /** 20 ticks of ATR: the target stands 40 and a round trip of 8 from the average, and twice that trip is the least move. */
  const opened = (): Script => {
    const script = new Script({ atrTicks: 20 }).enter(side);
    script.wait(60_000);
    return script;
  };

  // A rung of 0.72 takes the average four tenths of the way: of 40 ticks 16 must be left from where it is bought.
  it.each([
    [-20, []],
    [41, []],
    [42, ['edge-below-cost']],
    [47, ['edge-below-cost']],
  ])('%i ticks from the entry: %j', (ticksInProfit, refusals) => {
    const script = opened();
    script.price(PRICE + side * ticksInProfit);
    expect(script.refusals(script.signal(side))).toEqual(refusals);
  });

  it('is not refused for an ATR of now that would give a new position a near target', () => {
    const script = opened();
    script.market.atrTicks = 5;
    expect(script.refusals(script.signal(side))).toEqual([]);
  });

  it.each([
    ['within the time that is left', 14, ['funding-near']],
    ['at its end', 15, ['funding-near']],
    ['after it', 15.1, []],
  ] as const)('pays funding that falls due %s', (_when, minutes, refusals) => {
    const script = opened();
    const settlesAt = script.position.openedAt + minutes * 60_000;
    const { instId } = SCRIPT_SWAP;
    script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: side * 60_000, settlesAt });
    expect(script.refusals(script.signal(side))).toEqual(refusals);
  });

  // Of 0.02 % each three are more than 0.05 %. The limit of fifteen minutes holds those at 5, 10 and 15.
  it.each([
    ['three', 10, ['funding-near']],
    ['two', 10.1, []],
    ['none that is known after the first', undefined, []],
  ] as const)('pays every settlement within it: %s', (_what, nextMinutes, refusals) => {
    const script = opened();
    const { openedAt } = script.position;
    const after = nextMinutes === undefined ? {} : { nextSettlesAt: openedAt + nextMinutes * 60_000 };
    const settlesAt = openedAt + 5 * 60_000;
    const { instId } = SCRIPT_SWAP;
    script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: side * 20_000, settlesAt, ...after });
    expect(script.refusals(script.signal(side))).toEqual(refusals);
  });
});

const OTHER_SWAP = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };

describe.each(SIDES)('an entry of a %s', (_name, side) => {
  // biome-ignore format: a table
  const rows: readonly (readonly [code: RefusalCode, options: ConstructorParameters<typeof Script>[0], how: (script: Script) => void])[] = [
    ['halted',                    {}, (script) => { script.operator({ do: 'halt', by: 'a person' }); }],
    ['state-unknown',             {}, (script) => { script.take({ kind: 'exchange-lost', at: script.now, reason: 'socket' }); }],
    ['price-stale',               {}, (script) => { script.now += 2001; }],
    ['order-in-flight',           {}, (script) => { script.signal(side); }],
    ['reentry-wait',              {}, (script) => { script.enter(side); script.fill('target'); script.fill('stop'); }],
    ['funding-near',              {}, (script) => { script.take({ kind: 'funding-forecast', at: script.now, instId: SCRIPT_SWAP.instId, rateE8: side * 60_000, settlesAt: script.now + 600_000 }); }],
    ['edge-below-cost',           {}, (script) => { script.market.atrTicks = 5; }],
    ['entry-too-small',           { balance: 30 }, () => {}],
    ['position-too-large',        { config: { position_scaling: { base_size: { small: 1351, medium: 1, large: 1 } } } }, () => {}],
    ['margin-not-free',           { config: { position_scaling: { base_size: { small: 700, medium: 1, large: 1 } }, limits: { margin_reserve: 0.9 } } }, () => {}],
    ['position-margin-too-large', { config: { position_scaling: { base_size: { small: 751, medium: 1, large: 1 } } } }, () => {}],
    ['positions-at-limit',        { instruments: [SCRIPT_SWAP, OTHER_SWAP], config: { profiles: { small: { max_open_positions: 1 } } } }, (script) => { script.price(PRICE, { instId: OTHER_SWAP.instId }); script.signal(side, { instId: OTHER_SWAP.instId }); }],
    ['liquidation-too-near',      { atrTicks: 200, config: { limits: { liquidation_distance_multiple: 100 } } }, () => {}],
    ['exposure-too-large',        { config: { position_scaling: { base_size: { small: 700, medium: 1, large: 1 } }, limits: { max_total_exposure: 0.6 } } }, () => {}],
    ['worst-case-too-large',      { limits: { worstCaseLossPercentMax: new Script().policy.scaling.strengthFloor } }, () => {}],
    ['trend-against',             { limits: { trendAgainst: 'refuse' } }, (script) => { script.market.regime = 'trending'; script.market.trendSide = -side as Side; }],
  ];

  it.each(rows)('is refused by %s with its own name', (code, options, how) => {
    const script = new Script(options);
    how(script);
    const placed = script.placed.length;
    expect(script.refusals(script.signal(side))).toEqual([code]);
    expect(script.placed).toHaveLength(placed);
    const [symbol] = script.registry.symbols;
    expect(symbol?.touched, 'nothing changed: the journal gets the no, and no state with it').toBe(false);
  });

  it('meets no gate but these, and all of them', () => {
    expect(rows.map(([code]) => code)).toEqual(ENTRY_GATES);
  });

  it.each([
    ['at the end of its time limit', 15, ['funding-near']],
    ['after it', 15.1, []],
  ] as const)('pays funding that falls due %s', (_when, minutes, refusals) => {
    const script = new Script();
    const settlesAt = script.now + minutes * 60_000;
    const { instId } = SCRIPT_SWAP;
    script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: side * 60_000, settlesAt });
    expect(script.refusals(script.signal(side))).toEqual(refusals);
  });

  // The stop stands 300 ticks from 10,000 and the target 400. Liquidation of a long at once, three and four times: 10,000, 3,303 and 2,534 away;
  // of a short: 9,910, 3,274 and 2,444 (ladder.md §7).
  it.each([
    [8, 4, []],
    [9, 3, []],
    [33, 1, []],
    [34, 1, ['liquidation-too-near']],
  ])('keeps liquidation %i stops away, not targets: at %i times', (multiple, leverage, refusals) => {
    const script = new Script({ atrTicks: 200, config: { limits: { liquidation_distance_multiple: multiple } } });
    const decided = script.signal(side);
    expect(script.refusals(decided)).toEqual(refusals);
    const set = decided.filter(({ kind }) => kind === 'set-leverage');
    expect(set).toMatchObject(refusals.length === 0 ? [{ leverage }] : []);
  });

  it('is sent where none is in its way', () => {
    const script = new Script();
    expect(script.refusals(script.signal(side))).toEqual([]);
    expect(script.live('entry').order).toMatchObject({ side, reduceOnly: false });
  });
});
