import { expect, it } from 'vitest';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';

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
