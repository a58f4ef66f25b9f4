/** From which changes of a configuration an open position keeps its ladder (design.md §6); over restarts: runtime/past/changed-configuration.test.ts. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { effectivePolicy } from '../../config/index.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { coefficientSumFor, coefficientsLeftFor, keepLadders, rulesFor } from './kept-ladder.ts';

const OURS = { ladder: [1, 0.5], max_additions: 3, profile_multiplier: { small: 1, medium: 1, large: 1 } };

const scalingOf = (more: object = {}) => effectivePolicy({ position_scaling: { ...OURS, ...more } }).scaling;

describe('an open position keeps its ladder where the new one has', () => {
  it.each<[string, object]>([
    ['another first step', { ladder: [0.9, 0.5] }],
    ['another last step', { ladder: [1, 0.4] }],
    ['a step more', { ladder: [1, 0.5, 0.4] }],
    ['a step less', { ladder: [1] }],
    ['fewer additions', { max_additions: 2 }],
    ['another multiplier in one regime', { by_regime: { choppy: { ladder_multiplier: 0.6 } } }],
    ['fewer additions in one regime', { by_regime: { trending: { max_additions_override: 1 } } }],
    ['another ladder in one profile', { by_balance: { large: { ladder: [1, 0.4] } } }],
    ['another multiplier of one profile', { profile_multiplier: { small: 1, medium: 0.9, large: 1 } }],
    ['another ladder of this symbol', { by_symbol: { [SCRIPT_SWAP.instId]: { ladder: [1, 0.4] } } }],
  ])('%s', (_, theirs) => {
    for (const [before, after] of [
      [scalingOf(), scalingOf(theirs)],
      [scalingOf(theirs), scalingOf()],
    ] as const) {
      const script = new Script().enter();
      keepLadders(script.registry, before, after);
      expect(script.position.keptScaling).toBe(before);
    }
  });
});

describe('nothing is kept', () => {
  it.each<[string, object]>([
    ['nothing', {}],
    ['only its limits', { max_loss_for_addition: -5, min_interval_seconds: 1 }],
    ['the limits of one regime', { by_regime: { choppy: { max_loss_for_addition: -0.5 } } }],
    ['the base of the next entry', { base_size: { small: 1, medium: 2, large: 3 } }],
    ['the ladder of another symbol', { by_symbol: { 'BTC-USDT-SWAP': { ladder: [0.1] } } }],
  ])('where the new configuration changes %s', (_, theirs) => {
    const script = new Script().enter();
    keepLadders(script.registry, scalingOf(), scalingOf(theirs));
    expect(script.position.keptScaling).toBeUndefined();
  });

  it('of an entry that is on its way', () => {
    const script = new Script();
    script.signal(1);
    keepLadders(script.registry, scalingOf(), scalingOf({ ladder: [0.1] }));
    script.fill('entry');
    expect(script.position.keptScaling).toBeUndefined();
  });
});

it('a kept ladder says which rungs follow and what the base is planned for; every limit is of today', () => {
  const { symbol, position } = new Script({ config: { position_scaling: OURS } }).enter();
  const found = () => {
    const rules = rulesFor(symbol, position, 'small', 'ranging');
    return {
      steps: rules.coefficients.map(formatDecimal),
      additionsMax: rules.additionsMax,
      lossLimit: formatDecimal(rules.lossLimitPercent),
      sum: formatDecimal(coefficientSumFor(symbol, position, 'small')),
      left: coefficientsLeftFor(symbol, position, 'small').map((each) => Number(each.toFixed(9))),
    };
  };
  // The largest sums are those of a trend: × 1.1.
  expect(found()).toEqual({
    steps: ['0.9', '0.45'],
    additionsMax: 3,
    lossLimit: '-2',
    sum: '2.2',
    left: [2.2, 1.1, 0.55],
  });
  position.keptScaling = scalingOf({ ladder: [0.4, 0.2], max_additions: 2, max_loss_for_addition: -5 });
  expect(found()).toEqual({
    steps: ['0.36', '0.18'],
    additionsMax: 2,
    lossLimit: '-2',
    sum: '0.66',
    left: [0.66, 0.22],
  });
});

it('what a position has kept from an earlier configuration stays', () => {
  const script = new Script().enter();
  const first = scalingOf();
  keepLadders(script.registry, first, scalingOf({ ladder: [0.1] }));
  keepLadders(script.registry, scalingOf({ ladder: [0.1] }), scalingOf({ ladder: [0.2] }));
  expect(script.position.keptScaling).toBe(first);
});
