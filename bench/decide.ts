import { verdictOfLine } from '../src/cli/decide/decide.ts';
import { Random } from '../src/sim/market/random.ts';
import { type Figure, perSecond } from './figure.ts';

/** Verdicts a second of `rungwise decide`: a line of JSON in, every gate in exact fractions, a line of JSON out. */
export const decide: Figure = {
  name: 'decide',
  unit: 'verdicts/s',
  hasFloor: false,
  runs: 9,
  prepare(size) {
    const lines = cases(size === 'tiny' ? 20 : 20_000);
    const did = { additions: 0, refusals: 0, partials: 0 };
    for (const line of lines) {
      const { decision } = verdictOfLine(line) as { readonly decision: string };
      if (decision === 'add') did.additions += 1;
      else if (decision === 'refuse') did.refusals += 1;
      else did.partials += 1;
    }
    return { sample: () => perSecond(lines.length, () => answer(lines)), did };
  },
};

function answer(lines: readonly string[]): number {
  let letters = 0;
  for (const line of lines) letters += JSON.stringify(verdictOfLine(line)).length;
  return letters;
}

const PRESETS = ['conservative', 'aggressive', 'adaptive'];
const REGIMES = ['trending', 'ranging', 'choppy'];

/** Two additions to one partial, over presets, regimes, sides, sizes, and prices on both sides of the loss limit. */
function cases(count: number): readonly string[] {
  const random = Random.of(1);
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify(n % 3 === 2 ? partialCase(n, random) : additionCase(n, random)),
  );
}

function additionCase(n: number, random: Random): object {
  const made = random.between(0, 2);
  const common = commonCase(n, random);
  return {
    ...common,
    kind: 'addition',
    config: { position_scaling: { preset: PRESETS[random.between(0, 2)] } },
    account: {
      balance: String(random.between(500, 5_000)),
      marginUsed: '46.9',
      marginReserved: '0',
      unrealised: '-3.2',
      openPositions: random.between(1, 3),
      totalExposure: '234.3',
    },
    position: {
      ...common.position,
      baseValue: '234.36',
      openedAt: 1_000_000,
      additions: Array.from({ length: made }, (__, rung) => ({ at: 1_060_000 + rung * 60_000, value: '117.18' })),
      stopPrice: common.position.side === 'long' ? '57500' : '59700',
    },
    signal: { side: common.position.side },
  };
}

function partialCase(n: number, random: Random): object {
  const common = commonCase(n, random);
  return {
    ...common,
    kind: 'partial',
    account: { balance: String(random.between(500, 5_000)) },
    partial: { fraction: `0.${random.between(1, 9)}` },
  };
}

function commonCase(n: number, random: Random) {
  return {
    id: `c${n}`,
    instrument: { instId: 'BTC-USDT-SWAP', ctVal: '0.01', lotSz: '0.01', minSz: '0.01', tickSz: '0.1' },
    position: {
      side: random.uniform() < 0.5 ? 'long' : 'short',
      contracts: `0.${random.between(20, 80)}`,
      entryContracts: '0.4',
      avgPrice: '58590',
      leverage: '5',
    },
    market: {
      price: `${random.between(58_250, 58_900)}.${random.between(0, 9)}`,
      regime: REGIMES[random.between(0, 2)],
      now: 1_300_000,
      volatilityFactor: '1',
    },
  };
}
