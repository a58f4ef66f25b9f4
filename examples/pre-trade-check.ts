/** The gates as a pre-trade check in somebody else's bot: may this position be enlarged now? `npm run -s example pre-trade-check` */
import { effectivePolicy } from 'rungwise/config';
import { type AdditionSituation, type Arithmetic, decimal, judgeAddition, ladderRules } from 'rungwise/core';

const policy = effectivePolicy({ position_scaling: { preset: 'conservative' } });

/** Written once, read in exact fractions or in doubles: `m` is whichever arithmetic asks. */
function situation<N>(m: Arithmetic<N>, price: string): AdditionSituation<N> {
  const usdt = (text: string) => m.of(decimal(text));
  return {
    halted: false,
    stateKnown: true,
    ordersInFlight: 0,
    side: 1,
    price: usdt(price),
    priceAgeMs: 150,
    signalPrice: usdt('58500'),
    now: 120_000,
    regime: 'ranging',
    volatilityFactor: m.one,
    profile: 'small',
    account: {
      balance: usdt('1000'),
      unrealised: m.zero,
      marginUsed: usdt('46.87'),
      marginReserved: m.zero,
      exchangeAvailable: undefined,
      openPositions: 1,
      totalExposure: usdt('234.36'),
    },
    grid: {
      coinsPerLot: usdt('0.0001'),
      lotsMin: 1,
      maintenanceRateAfter: () => usdt('0.004'),
      takerFeeRate: usdt('0.0005'),
    },
    running: undefined,
    position: {
      side: 1,
      coins: usdt('0.004'),
      cost: usdt('234.36'),
      value: m.times(usdt('0.004'), usdt(price)),
      leverage: 5,
      additionsMade: 0,
      lastGrownAt: 0,
      base: usdt('234.36'),
      stopPrice: usdt('57500'),
    },
    rules: ladderRules(policy.scaling, 'BTC-USDT-SWAP', 'small', 'ranging'),
    pnlPercent: undefined,
  };
}

for (const price of ['58500', '58300']) {
  const { code, sizeLots, gates = [] } = judgeAddition(policy, (m) => situation(m, price), true);
  console.log(code === null ? `${price}: add ${sizeLots} lots` : `${price}: no, ${code}`);
  for (const gate of gates) if (gate.ok === false) console.log(`  ${gate.code}: ${gate.value}, limit ${gate.limit}`);
}
