import { expect, it } from 'vitest';
import { accountOf, orderOf, plain, travel } from '../../../test/recording.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { Matcher } from './matcher.ts';

it('the default model is the papers’: spread and slippage of design.md §6, the rest of docs/fills.md', () => {
  expect(DEFAULT_FILL_MODEL).toEqual({
    outlook: 'pessimistic',
    spreadTicks: 1,
    slippageBps: 1,
    participation: 0.1,
    depth: 0.3,
    depthUsdtMin: 10_000,
    priceLimitBps: 200,
    reduceOnlyExcess: 'trim',
  });
});

it.each([20, 30, 40])(
  'a share that comes out even is all of its lots, wherever on a way of %i ticks it begins',
  (way) => {
    for (let beyond = 1; beyond < way; beyond++) {
      const matcher = new Matcher([plain], DEFAULT_FILL_MODEL);
      const { account, heard } = accountOf([plain]);
      travel(matcher, 10_000, 0);
      const priceTicks = (10_000 - way + beyond + 1) as Ticks;
      matcher.place(account, orderOf('a', 500, { type: 'limit', priceTicks, postOnly: false }), 0);
      // A tenth of what is traded beyond it: ten lots a tick.
      travel(matcher, 10_000 - way, 60_000, way * 100);
      expect(heard.fills.map(({ sizeLots }) => sizeLots)).toEqual([beyond * 10]);
    }
  },
);
