import { describe, expect, it } from 'vitest';
import { moneyText, valueMoney } from '../../core/instrument/instrument.ts';
import { InstrumentFileError, OFFLINE_INSTRUMENTS, offlineInstrument, parseInstrument } from './instruments.ts';

const FILE = {
  instId: 'ABC-USDT-SWAP',
  ctVal: '10',
  lotSz: 1,
  minSz: '1',
  tickSz: '0.001',
  maxLimitSz: '100000',
  maxMarketSz: '5000',
  leverageMax: 20,
  tiers: [
    { maxSz: '1000', maintenanceRate: '0.01', leverageMax: 20 },
    { maxSz: '5000', maintenanceRate: '0.02', leverageMax: 10 },
  ],
};

describe('the table of ten', () => {
  it('has ten, each with four tiers that ask for more and lend less', () => {
    expect(OFFLINE_INSTRUMENTS.map((each) => each.baseCoin)).toEqual([
      'BTC',
      'ETH',
      'SOL',
      'XRP',
      'DOGE',
      'BNB',
      'ADA',
      'LINK',
      'LTC',
      'AVAX',
    ]);
    for (const { tiers, leverageMax } of OFFLINE_INSTRUMENTS) {
      expect(tiers.length).toBe(4);
      expect(tiers[0]?.leverageMax).toBe(leverageMax);
      tiers.slice(1).forEach((tier, n) => {
        const before = tiers[n];
        expect([
          tier.lotsMax > (before?.lotsMax ?? 0),
          tier.maintenanceRate.approx >= (before?.maintenanceRate.approx ?? 1),
          tier.leverageMax < (before?.leverageMax ?? 0),
        ]).toEqual([true, true, true]);
      });
    }
  });

  it.each([
    ['BTC', '0.01', '0.1', '0.00001', 12_000],
    ['ETH', '0.1', '0.01', '0.00001', 20_000],
  ] as const)('%s as recorded: %s coins a contract, tick %s', (coin, contractValue, tick, tickLot, market) => {
    const found = offlineInstrument(`${coin}-USDT-SWAP`);
    expect(found?.contractValue.approx).toBe(Number(contractValue));
    expect(found?.tickSize.approx).toBe(Number(tick));
    expect(found === undefined ? '' : moneyText(valueMoney(found, 1, 1))).toBe(tickLot);
    expect(Number(found?.lotsMaxMarketOrder)).toBe(market * 100);
    expect(found?.tiers[0]?.maintenanceRate.approx, 'okx-v5.md §2, vectors 2 and 3').toBe(0.004);
  });

  it('knows no other', () => {
    expect(offlineInstrument('NONE-USDT-SWAP')).toBeUndefined();
  });
});

describe('an instrument file', () => {
  it('reads decimals as texts or numbers and the coin from the name', () => {
    const made = parseInstrument(JSON.stringify(FILE));
    expect([made.baseCoin, made.lotsMin, made.moneyPerTickLot, made.tiers[1]?.lotsMax]).toEqual([
      'ABC',
      1,
      1_000_000,
      5_000,
    ]);
  });

  it.each([
    ['{', 'the instrument file is not JSON'],
    ['[]', 'must be an object of instId'],
    [{ ...FILE, ctval: '1' }, '"ctval" is not known'],
    [{ ...FILE, ctVal: undefined }, '"ctVal" is missing'],
    [
      { instId: FILE.instId, ctVal: '1', lotSz: '1', minSz: '1', tickSz: '1' },
      '"maxLimitSz", "maxMarketSz", "leverageMax", "tiers" are missing',
    ],
    [{ ...FILE, ctVal: null }, 'ctVal: must be a decimal number'],
    [{ ...FILE, ctVal: '1e3' }, 'ctVal: must be a decimal number'],
    [{ ...FILE, ctVal: '-1' }, 'ctVal: must be a decimal number'],
    [{ ...FILE, ctVal: '0' }, 'ctVal must be above 0'],
    [{ ...FILE, minSz: '0' }, 'minSz: must be above 0'],
    [{ ...FILE, minSz: '1.5' }, 'size 1.5 is not a multiple of the lot 1'],
    [{ ...FILE, tickSz: '0.0000000001' }, 'not a whole number of 0.00000001 USDT'],
    [{ ...FILE, instId: 'ABC-USD-SWAP' }, 'is not a USDT swap'],
    [{ ...FILE, instId: 5 }, 'instId: must be a text'],
    [{ ...FILE, leverageMax: 1.5 }, 'leverageMax: must be a whole number'],
    [{ ...FILE, tiers: [] }, 'tiers: must be a list'],
    [{ ...FILE, tiers: [{ maxSz: '1', maintenanceRate: '0.01' }] }, 'tiers[0]: "leverageMax" is missing'],
    [
      { ...FILE, tiers: [{ maxSz: '1', maintenanceRate: '1', leverageMax: 1 }] },
      'tiers[0].maintenanceRate: must be a share',
    ],
    [
      { ...FILE, tiers: [{ maxSz: '1', maintenanceRate: '0.1', leverageMax: 21 }] },
      "tiers[0].leverageMax: 21 is above the instrument's 20",
    ],
    [{ ...FILE, tiers: [...FILE.tiers].reverse() }, 'tiers[1].maxSz: must be above'],
    [
      { ...FILE, tiers: [FILE.tiers[0], { ...FILE.tiers[1], maintenanceRate: '0.001' }] },
      'tiers[1].maintenanceRate: must not be below',
    ],
    [
      { ...FILE, tiers: [FILE.tiers[1], { maxSz: '9000', maintenanceRate: '0.05', leverageMax: 15 }] },
      'tiers[1].leverageMax: must not be above',
    ],
  ])('%j: %s', (content, message) => {
    const read = () => parseInstrument(typeof content === 'string' ? content : JSON.stringify(content));
    expect(read).toThrow(InstrumentFileError);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ ru: expect.stringMatching(/[а-я]/) }));
    expect(read).not.toThrow(expect.objectContaining({ ru: expect.stringMatching(/\b(must|is|not)\b/) }));
  });
});
