/**
 * An instrument that changes while the bot runs: suspended, or on other grids. OKX says so in channel `instruments` (tickSz, minSz and with it lotSz,
 * state), and orders on the grids of the start are refused from then on.
 */
import { type Decimal, decimal, decimalOf, formatDecimal, powerOfTen } from '../core/decimal.ts';
import type { Instrument } from '../core/instrument.ts';
import { untradable } from './translate.ts';
import { untradableReason } from './untradable.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';

/** What the exchange has changed of an instrument since it was read: in English, empty where nothing that orders rest on. */
export function changesOf(row: InstrumentRow, of: Instrument): string[] {
  const grids = { tickSz: of.tickSize, lotSz: of.lotSize, minSz: lotsDecimal(of, of.lotsMin) };
  const changes = Object.entries(grids).flatMap(([name, was]) => {
    const now = row[name as keyof typeof grids];
    return now === '' || isSame(decimal(now), was) ? [] : [`${name} is ${now}, it was ${formatDecimal(was)}`];
  });
  const why = untradable(row);
  return why === undefined ? changes : [...changes, untradableReason(why)];
}

function lotsDecimal({ lotSize }: Instrument, size: number): Decimal {
  return decimalOf(lotSize.units * BigInt(size), lotSize.scale);
}

function isSame(a: Decimal, b: Decimal): boolean {
  return a.units * powerOfTen(b.scale) === b.units * powerOfTen(a.scale);
}
