/** The grids that numbers of OKX's are read on in tests. */
import { type Instrument, instrument } from '../../src/core/instrument/instrument.ts';
import { OFFLINE_INSTRUMENTS } from '../../src/sim/market/instruments.ts';

/** 0.01 BTC a contract, lots of 0.01 contracts, ticks of 0.1 USDT. */
export const BTC = OFFLINE_INSTRUMENTS[0] as Instrument;

/** A grid as fine as any swap's, so that a recording of another instrument can be read. */
export const FINE = instrument({
  instId: 'FINE',
  baseCoin: 'X',
  ctVal: '1',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.00001',
  maxLimitSz: '1000000',
  maxMarketSz: '1000000',
  leverageMax: 100,
  tiers: [{ maxSz: '1000000', maintenanceRate: '0.01', leverageMax: 100 }],
});
