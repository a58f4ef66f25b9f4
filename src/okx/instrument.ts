/** An instrument of OKX's list as the core knows one, with its margin tiers. Source: okx-v5.md §1.6, §2. */
import { type Instrument, type InstrumentText, instrument, type TierSaid } from '../core/instrument/instrument.ts';
import { decimal, formatDecimal, multiplyDecimals } from '../core/numbers/decimal.ts';
import { QUOTE, wholeLots } from './numbers.ts';
import { PayloadError } from './payload-fault.ts';
import type { Untradable } from './untradable.ts';
import { UNRECOGNISED } from './wire/field.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { PositionTier } from './wire/position-tier.ts';

/** Why an instrument of the list cannot be traded here; undefined where it can. */
export function untradable(row: InstrumentRow): Untradable | undefined {
  if (row.instType !== 'SWAP') return { code: 'no-swap' };
  if (row.ctType !== 'linear' || row.settleCcy !== QUOTE) return { code: 'other-margin' };
  if (row.state !== 'live') return { code: 'not-live', state: row.state === UNRECOGNISED ? undefined : row.state };
  return undefined;
}

/** An instrument with its tiers, isolated. @throws {PayloadError} where a figure that sizes rest on is missing */
export function instrumentOf(row: InstrumentRow, tiers: readonly PositionTier[]): Instrument {
  const needed = (name: 'ctVal' | 'lotSz' | 'minSz' | 'tickSz' | 'lever' | 'maxLmtSz' | 'maxMktSz') => {
    if (row[name] === '') throw new PayloadError(`${row.instId}: ${name} is missing`);
    return row[name];
  };
  const value = decimal(needed('ctVal'));
  const multiplier = decimal(row.ctMult === '' ? '1' : row.ctMult);
  const text: InstrumentText = {
    instId: row.instId,
    baseCoin: row.ctValCcy,
    ctVal: formatDecimal(multiplyDecimals(value, multiplier)),
    lotSz: needed('lotSz'),
    minSz: needed('minSz'),
    tickSz: needed('tickSz'),
    maxLimitSz: needed('maxLmtSz'),
    maxMarketSz: needed('maxMktSz'),
    leverageMax: Number(needed('lever')),
    tiers: ascending(tiers).map(({ maxSz, mmr, maxLever }) => ({
      maxSz,
      maintenanceRate: mmr,
      leverageMax: Number(maxLever),
    })),
  };
  return instrument(text);
}

/** Tiers as they are now, in lots of the start's grid. */
export function tiersOf(rows: readonly PositionTier[], of: Instrument): TierSaid[] {
  return ascending(rows).map(({ maxSz, mmr, maxLever }) => ({
    lotsMax: wholeLots(of, maxSz).lots,
    maintenanceRate: formatDecimal(decimal(mmr)),
    leverageMax: Number(maxLever),
  }));
}

function ascending(rows: readonly PositionTier[]): PositionTier[] {
  return rows.toSorted((a, b) => Number(a.maxSz) - Number(b.maxSz));
}

/** What margin tiers and fees are asked by. */
export function familyOf({ instId, instFamily, uly }: { readonly instId: string } & Partial<InstrumentRow>): string {
  return instFamily ?? uly ?? instId.replace(/-SWAP$/, '');
}
