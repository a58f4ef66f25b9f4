/**
 * Instruments without a network: a table of ten, and the file of `--instrument FILE`.
 *
 * BTC and ETH carry OKX's recorded contract values, lots, ticks and largest orders (okx-v5.md §1.6); the other eight carry its contract
 * values, lots and ticks, with largest orders of the same kind. Tiers are made in OKX's shape (0.4 % and 100x first for BTC, two per cent
 * and less leverage further up), not copied: whoever needs today's asks the exchange, or brings a file.
 * Deliberately absent: fees, funding and spread; they are the configuration's.
 */

import { type Instrument, type InstrumentText, instrument } from '../../core/instrument/instrument.ts';
import { DecimalError } from '../../core/numbers/decimal.ts';
import { UnitError } from '../../core/numbers/units.ts';

/** An instrument file that cannot be used; the message says where and what to write, in English and (`ru`) in Russian. */
export class InstrumentFileError extends Error {
  override readonly name = 'InstrumentFileError';
  readonly ru: string;

  constructor(en: string, ru: string, options?: ErrorOptions) {
    super(en, options);
    this.ru = ru;
  }
}

type Tiers = InstrumentText['tiers'];

/** Four tiers whose sizes are multiples of the first; rates as OKX steps them. */
function tiers(rate: string, leverageMax: number, sizes: readonly [string, string, string, string]): Tiers {
  const rates = rate === '0.004' ? ['0.004', '0.005', '0.01', '0.02'] : [rate, '0.01', '0.02', '0.04'];
  const leverages = [leverageMax, leverageMax / 2, leverageMax / 4, leverageMax / 10];
  return sizes.map((maxSz, n) => ({
    maxSz,
    maintenanceRate: rates[n] ?? rate,
    leverageMax: Math.floor(leverages[n] ?? 1),
  }));
}

const TABLE: readonly InstrumentText[] = [
  swap(
    'BTC',
    { ctVal: '0.01', lotSz: '0.01', tickSz: '0.1', maxMarketSz: '12000' },
    100,
    tiers('0.004', 100, ['2500', '10000', '50000', '200000']),
  ),
  swap(
    'ETH',
    { ctVal: '0.1', lotSz: '0.01', tickSz: '0.01', maxMarketSz: '20000' },
    100,
    tiers('0.004', 100, ['5000', '20000', '100000', '400000']),
  ),
  swap(
    'SOL',
    { ctVal: '1', lotSz: '0.01', tickSz: '0.01', maxMarketSz: '20000' },
    50,
    tiers('0.0065', 50, ['5000', '20000', '100000', '400000']),
  ),
  swap(
    'XRP',
    { ctVal: '100', lotSz: '0.01', tickSz: '0.0001', maxMarketSz: '20000' },
    50,
    tiers('0.0065', 50, ['5000', '20000', '100000', '400000']),
  ),
  swap(
    'DOGE',
    { ctVal: '1000', lotSz: '0.01', tickSz: '0.00001', maxMarketSz: '10000' },
    50,
    tiers('0.0065', 50, ['2500', '10000', '50000', '200000']),
  ),
  swap(
    'BNB',
    { ctVal: '0.01', lotSz: '1', tickSz: '0.1', maxMarketSz: '50000' },
    50,
    tiers('0.0065', 50, ['50000', '200000', '500000', '1000000']),
  ),
  swap(
    'ADA',
    { ctVal: '100', lotSz: '0.1', tickSz: '0.0001', maxMarketSz: '20000' },
    50,
    tiers('0.0065', 50, ['5000', '20000', '50000', '200000']),
  ),
  swap(
    'LINK',
    { ctVal: '1', lotSz: '0.1', tickSz: '0.001', maxMarketSz: '20000' },
    50,
    tiers('0.0065', 50, ['10000', '40000', '100000', '400000']),
  ),
  swap(
    'LTC',
    { ctVal: '1', lotSz: '0.1', tickSz: '0.01', maxMarketSz: '10000' },
    50,
    tiers('0.0065', 50, ['2000', '8000', '20000', '80000']),
  ),
  swap(
    'AVAX',
    { ctVal: '1', lotSz: '0.1', tickSz: '0.001', maxMarketSz: '20000' },
    50,
    tiers('0.0065', 50, ['5000', '20000', '50000', '200000']),
  ),
];

function swap(
  baseCoin: string,
  grid: { ctVal: string; lotSz: string; tickSz: string; maxMarketSz: string },
  leverageMax: number,
  marginTiers: Tiers,
): InstrumentText {
  return {
    instId: `${baseCoin}-USDT-SWAP`,
    baseCoin,
    ctVal: grid.ctVal,
    lotSz: grid.lotSz,
    minSz: grid.lotSz,
    tickSz: grid.tickSz,
    maxLimitSz: '100000000',
    maxMarketSz: grid.maxMarketSz,
    leverageMax,
    tiers: marginTiers,
  };
}

/** The ten, in the order of the table. */
export const OFFLINE_INSTRUMENTS: readonly Instrument[] = TABLE.map(instrument);

/** One of the ten; undefined for another. */
export function offlineInstrument(instId: string): Instrument | undefined {
  return OFFLINE_INSTRUMENTS.find((each) => each.instId === instId);
}

const FIELDS = [
  'instId',
  'baseCoin',
  'ctVal',
  'lotSz',
  'minSz',
  'tickSz',
  'maxLimitSz',
  'maxMarketSz',
  'leverageMax',
  'tiers',
] as const;
const TIER_FIELDS = ['maxSz', 'maintenanceRate', 'leverageMax'] as const;

/**
 * Reads an instrument file: JSON of exactly the fields of `InstrumentText`. Decimals may be strings or numbers; `baseCoin` may be left out
 * where `instId` names it.
 * @throws {InstrumentFileError} with the path of what is wrong
 */
export function parseInstrument(text: string): Instrument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InstrumentFileError(
      `the instrument file is not JSON: ${error instanceof SyntaxError ? error.message : String(error)}`,
      'это не JSON',
      { cause: error },
    );
  }
  const fields = exactly(json, '', FIELDS, ['baseCoin']);
  const instId = textAt(fields, 'instId');
  const word = /^([A-Z0-9]+)-USDT-SWAP$/.exec(instId);
  if (word === null)
    throw new InstrumentFileError(
      `instId: "${instId}" is not a USDT swap: write it like "BTC-USDT-SWAP"`,
      `instId: «${instId}» — не своп USDT: пишите так: "BTC-USDT-SWAP"`,
    );
  const decimals = (name: (typeof FIELDS)[number]) => decimalAt(fields, name, '');
  const read: InstrumentText = {
    instId,
    baseCoin: 'baseCoin' in fields ? textAt(fields, 'baseCoin') : (word[1] ?? ''),
    ctVal: decimals('ctVal'),
    lotSz: decimals('lotSz'),
    minSz: decimals('minSz'),
    tickSz: decimals('tickSz'),
    maxLimitSz: decimals('maxLimitSz'),
    maxMarketSz: decimals('maxMarketSz'),
    leverageMax: leverageAt(fields, ''),
    tiers: tiersAt(fields['tiers']),
  };
  try {
    const made = instrument(read);
    checkTiers(made);
    return made;
  } catch (error) {
    if (error instanceof UnitError || error instanceof DecimalError)
      throw new InstrumentFileError(
        error.message,
        'числа не складываются в инструмент: ctVal, lotSz, minSz и tickSz должны быть больше 0, размеры — кратны lotSz',
        { cause: error },
      );
    throw error;
  }
}

function tiersAt(value: unknown): Tiers {
  if (!Array.isArray(value) || value.length === 0)
    throw new InstrumentFileError(
      'tiers: must be a list of at least one {maxSz, maintenanceRate, leverageMax}',
      'tiers: нужен список хотя бы из одного {maxSz, maintenanceRate, leverageMax}',
    );
  return value.map((each: unknown, n) => {
    const fields = exactly(each, `tiers[${n}]`, TIER_FIELDS, []);
    return {
      maxSz: decimalAt(fields, 'maxSz', `tiers[${n}].`),
      maintenanceRate: decimalAt(fields, 'maintenanceRate', `tiers[${n}].`),
      leverageMax: leverageAt(fields, `tiers[${n}].`),
    };
  });
}

function checkTiers(made: Instrument): void {
  if (made.lotsMin === 0) throw new InstrumentFileError('minSz: must be above 0', 'minSz: должно быть больше 0');
  made.tiers.forEach((tier, n) => {
    const before = made.tiers[n - 1];
    const { approx } = tier.maintenanceRate;
    if (!(approx > 0 && approx < 1))
      throw new InstrumentFileError(
        `tiers[${n}].maintenanceRate: must be a share between 0 and 1, like "0.004"`,
        `tiers[${n}].maintenanceRate: нужна доля между 0 и 1, например "0.004"`,
      );
    if (tier.leverageMax > made.leverageMax)
      throw new InstrumentFileError(
        `tiers[${n}].leverageMax: ${tier.leverageMax} is above the instrument's ${made.leverageMax}`,
        `tiers[${n}].leverageMax: ${tier.leverageMax} больше, чем у инструмента (${made.leverageMax})`,
      );
    if (before === undefined) return;
    if (tier.lotsMax <= before.lotsMax)
      throw new InstrumentFileError(
        `tiers[${n}].maxSz: must be above that of the tier before`,
        `tiers[${n}].maxSz: должно быть больше, чем у предыдущей ступени`,
      );
    if (approx < before.maintenanceRate.approx)
      throw new InstrumentFileError(
        `tiers[${n}].maintenanceRate: must not be below that of the tier before`,
        `tiers[${n}].maintenanceRate: не должно быть меньше, чем у предыдущей ступени`,
      );
    if (tier.leverageMax > before.leverageMax)
      throw new InstrumentFileError(
        `tiers[${n}].leverageMax: must not be above that of the tier before`,
        `tiers[${n}].leverageMax: не должно быть больше, чем у предыдущей ступени`,
      );
  });
}

type Fields = Readonly<Record<string, unknown>>;

function exactly(value: unknown, path: string, known: readonly string[], optional: readonly string[]): Fields {
  const where = path === '' ? '' : `${path}: `;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InstrumentFileError(
      `${where}must be an object of ${known.join(', ')}`,
      `${where}нужен объект с полями ${known.join(', ')}`,
    );
  const fields = value as Fields;
  for (const key of Object.keys(fields))
    if (!known.includes(key))
      throw new InstrumentFileError(
        `${where}"${key}" is not known: the fields are ${known.join(', ')}`,
        `${where}поля «${key}» нет; поля: ${known.join(', ')}`,
      );
  const missing = known.filter((key) => !(key in fields) && !optional.includes(key));
  const [en, ru] = [missing.map((key) => `"${key}"`).join(', '), missing.map((key) => `«${key}»`).join(', ')];
  if (missing.length === 1) throw new InstrumentFileError(`${where}${en} is missing`, `${where}не хватает поля ${ru}`);
  if (missing.length > 1) throw new InstrumentFileError(`${where}${en} are missing`, `${where}не хватает полей ${ru}`);
  return fields;
}

function textAt(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '')
    throw new InstrumentFileError(
      `${name}: must be a text, not ${JSON.stringify(value)}`,
      `${name}: нужен текст, а здесь ${JSON.stringify(value)}`,
    );
  return value;
}

function decimalAt(fields: Fields, name: string, path: string): string {
  const value = fields[name];
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,30}(\.\d{1,30})?$/.test(text))
    throw new InstrumentFileError(
      `${path}${name}: must be a decimal number above 0 like "0.01", not ${JSON.stringify(value)}`,
      `${path}${name}: нужно десятичное число больше 0, например "0.01", а здесь ${JSON.stringify(value)}`,
    );
  return text;
}

function leverageAt(fields: Fields, path: string): number {
  const value = fields['leverageMax'];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1 || value > 1_000)
    throw new InstrumentFileError(
      `${path}leverageMax: must be a whole number from 1 to 1000, not ${JSON.stringify(value)}`,
      `${path}leverageMax: нужно целое число от 1 до 1000, а здесь ${JSON.stringify(value)}`,
    );
  return value;
}
