/** The account as the gates count it. Source: ladder.md §4, §6. */
import { expect, it } from 'vitest';
import { PRICE, Script, SCRIPT_SWAP } from '../../test/script.ts';
import { accountUnits } from './registry.ts';

it.each([1, -1] as const)('margin of what is open and of what is on its way is rounded up, side %i', (side) => {
  const { execution } = new Script().policy;
  const script = new Script({ execution: { leverage: { ...execution.leverage, max: 7 } } }).enter(side);
  script.wait(60_000);
  script.signal(side);
  const { costUnits } = script.position.holding;
  const { sizeLots, ticks } = script.live('rung');
  const coming = sizeLots * ticks * SCRIPT_SWAP.moneyPerTickLot;
  expect([costUnits % 7 > 0, coming % 7 > 0], 'no whole units').toEqual([true, true]);
  expect(accountUnits(script.registry)).toMatchObject({
    marginUsed: Math.floor(costUnits / 7) + 1,
    marginReserved: Math.floor(coming / 7) + 1,
    exposure: costUnits + coming,
  });
});

it('a position whose price was never seen counts with its cost, and has gained or lost nothing', () => {
  const script = new Script().enter(1);
  script.price(PRICE - 10);
  const { costUnits } = script.position.holding;
  expect(accountUnits(script.registry).exposure).toBeLessThan(costUnits);
  script.forgetPrices();
  expect(accountUnits(script.registry)).toMatchObject({ exposure: costUnits, unrealised: 0, openPositions: 1 });
});
