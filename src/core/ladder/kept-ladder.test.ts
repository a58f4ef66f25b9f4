/** From which changes of a configuration an open position keeps its ladder (design.md §6); over restarts: runtime/changed-configuration.test.ts. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { effectivePolicy } from '../../config/index.ts';
import { keepLadders } from './kept-ladder.ts';

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

it('what a position has kept from an earlier configuration stays', () => {
  const script = new Script().enter();
  const first = scalingOf();
  keepLadders(script.registry, first, scalingOf({ ladder: [0.1] }));
  keepLadders(script.registry, scalingOf({ ladder: [0.1] }), scalingOf({ ladder: [0.2] }));
  expect(script.position.keptScaling).toBe(first);
});
