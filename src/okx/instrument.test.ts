import { expect, it } from 'vitest';
import { recordedRows } from '../../test/okx/fixtures.ts';
import { BTC } from '../../test/okx/grids.ts';
import { describeWithShared } from '../../test/shared.ts';
import { formatDecimal } from '../core/numbers/decimal.ts';
import { familyOf, instrumentOf, tiersOf, untradable } from './instrument.ts';
import { isPayloadFault, PayloadError } from './payload-fault.ts';
import { untradableReason } from './untradable.ts';
import { UNRECOGNISED } from './wire/field.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { PositionTier } from './wire/position-tier.ts';

it('margin tiers are whole lots of ours, the smallest first in whatever order they are said, and are asked for by family', () => {
  const tier = (maxSz: `${number}`, mmr: `${number}`) =>
    ({ tier: '1', minSz: '0', maxSz, mmr, maxLever: '50' }) as PositionTier;
  expect(tiersOf([tier('20', '0.010'), tier('9.995', '0.004')], BTC)).toEqual([
    { lotsMax: 999, maintenanceRate: '0.004', leverageMax: 50 },
    { lotsMax: 2_000, maintenanceRate: '0.01', leverageMax: 50 },
  ]);
  const { instId } = BTC;
  expect([{ instId }, { instId, uly: 'U' }, { instId, uly: 'U', instFamily: 'F' }].map(familyOf)).toEqual([
    'BTC-USDT',
    'U',
    'F',
  ]);
});

const ROW = {
  instId: BTC.instId,
  instType: 'SWAP',
  ctType: 'linear',
  settleCcy: 'USDT',
  state: 'live',
  ctValCcy: 'BTC',
  ctVal: '0.01',
  ctMult: '',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.1',
  lever: '100',
  maxLmtSz: '1000',
  maxMktSz: '1000',
} as unknown as InstrumentRow;
const TIER = { tier: '1', minSz: '0', maxSz: '1000', mmr: '0.004', maxLever: '50' } as PositionTier;

it.each([
  [{}, undefined],
  [{ instType: 'FUTURES' }, 'it is not a perpetual swap'],
  [{ ctType: 'inverse' }, 'it is not margined in USDT'],
  [{ settleCcy: 'USDC' }, 'it is not margined in USDT'],
  [{ state: 'suspend' }, 'its state is "suspend", not "live"'],
  [{ state: UNRECOGNISED }, 'its state is "not known to us", not "live"'],
])('an instrument of %j cannot be traded: %s', (changes, words) => {
  const why = untradable({ ...ROW, ...changes } as InstrumentRow);
  expect(why && untradableReason(why)).toBe(words);
});

it.each(['ctVal', 'lotSz', 'minSz', 'tickSz', 'lever', 'maxLmtSz', 'maxMktSz'])(
  'an instrument that does not say its %s is none: sizes rest on it',
  (name) => {
    expect(() => instrumentOf({ ...ROW, [name]: '' }, [TIER])).toThrow(`${name} is missing`);
  },
);

it.each([
  ['', '0.01'],
  ['1', '0.01'],
  ['10', '0.1'],
])('a contract is worth its value times its multiplier ("%s"): %s coins', (ctMult, coins) => {
  const { contractValue } = instrumentOf({ ...ROW, ctMult } as InstrumentRow, [TIER]);
  expect(formatDecimal(contractValue)).toBe(coins);
});

it('a bug of ours is no fault of the exchange’s words', () => {
  expect([isPayloadFault(new PayloadError('words')), isPayloadFault(new TypeError('ours'))]).toEqual([true, false]);
});

describeWithShared('third-party payloads', () => {
  it('every linear swap of the recorded list is an instrument, with the tiers of another recording', () => {
    const tiers = recordedRows<PositionTier>('http_get_position_tiers.json').map((row) => ({
      ...row,
      maxSz: '1000000' as const,
    }));
    const swaps = recordedRows<InstrumentRow>('http_get_instruments_swap.json').filter(
      (row) => untradable(row) === undefined,
    );
    expect(swaps.length).toBeGreaterThan(0);
    for (const row of swaps) {
      const read = instrumentOf(row, tiers);
      expect([read.instId, read.leverageMax]).toEqual([row.instId, Number(row.lever)]);
    }
  });
});
