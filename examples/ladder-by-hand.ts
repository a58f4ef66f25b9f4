/** A ladder by hand: what every rung buys, where, and what is lost if all of it is stopped. `npm run -s example ladder-by-hand` */
import { effectivePolicy } from 'rungwise/config';
import { contractsText, decimal, instrument, planLadder, priceText, roundedUnits, ticksOf } from 'rungwise/core';

const tiers = [{ maxSz: '10000', maintenanceRate: '0.004', leverageMax: 100 }];
const sizes = { ctVal: '0.01', lotSz: '0.01', minSz: '0.01', tickSz: '0.1', maxLimitSz: '10000', maxMarketSz: '10000' };
const btc = instrument({ instId: 'BTC-USDT-SWAP', baseCoin: 'BTC', ...sizes, leverageMax: 100, tiers });

const plan = planLadder(effectivePolicy({ position_scaling: { preset: 'adaptive' } }), {
  instrument: btc,
  side: 1,
  entryTicks: ticksOf(btc, '60000'),
  balance: decimal('1000'),
  regime: 'ranging',
  stopPercent: decimal('0.6'),
  atrTicks: undefined,
});
for (const { number, triggerTicks, sizeLots, position } of plan.rungs) {
  const [contracts, price] = [contractsText(btc, sizeLots), priceText(btc, triggerTicks)];
  console.log(`rung ${number}: ${contracts} contracts at ${price}, stop ${priceText(btc, position?.stopTicks ?? 0)}`);
}
console.log(`worst case: ${Number(roundedUnits(plan.worstCase.loss, 2, 'ceil')) / 100} of 1000 USDT`);
