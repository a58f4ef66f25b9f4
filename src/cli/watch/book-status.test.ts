/** What the demo and `status` say of a book. */
import { expect, it } from 'vitest';
import { Script } from '../../../test/script.ts';
import type { Side } from '../../core/numbers/units.ts';
import { bookStatus } from './book-status.ts';

const config = { position_scaling: { by_regime: { choppy: { max_additions_override: 1 } } } };

it.each([
  ['long', 1],
  ['short', -1],
] as const)('so many rungs as the gates allow a %s: a trend against it counts as choppy', (_, side) => {
  const script = new Script({ regime: 'trending', config });
  script.market.trendSide = side;
  script.enter(side);
  const most = () => bookStatus(script.registry).symbols[0]?.position?.rungsMax;
  expect(most()).toBe(5);
  script.market.trendSide = -side as Side;
  expect(most()).toBe(1);
});
