/**
 * A case of `rungwise decide`, parsed at the door (ladder.md §7): exact decimals, nothing unknown, the path of what is wrong.
 */
import { z } from 'zod';
import { type Decimal, decimal, DecimalError } from '../core/decimal.ts';
import { PROFILES, REGIMES } from '../core/policy.ts';

const exact = z.union([z.string(), z.number()]).transform((value, context): Decimal => {
  try {
    return decimal(value);
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});
const notNegative = exact.refine((value) => value.units >= 0n, 'must not be negative');
const positive = exact.refine((value) => value.units > 0n, 'must be above 0');
const wholeLeverage = positive.refine(
  (value) => value.scale === 0 || value.units % 10n ** BigInt(value.scale) === 0n,
  'must be a whole number',
);
const time = z.number().int();
const count = z.number().int().min(0);

const instrument = z.strictObject({
  instId: z.string(),
  ctVal: positive,
  lotSz: positive,
  minSz: positive,
  tickSz: positive,
});
const side = z.enum(['long', 'short']);
const feeRate = exact;

const addition = z.strictObject({
  id: z.string(),
  kind: z.literal('addition'),
  config: z.unknown().optional(),
  profile: z.enum(PROFILES).optional(),
  halted: z.boolean().optional(),
  stateKnown: z.boolean().optional(),
  pnlPercent: exact.optional(),
  maintenanceRate: notNegative.optional(),
  feeRates: z.strictObject({ taker: feeRate.optional() }).optional(),
  instrument,
  account: z.strictObject({
    balance: notNegative,
    marginUsed: notNegative.optional(),
    marginReserved: notNegative.optional(),
    unrealised: exact.optional(),
    openPositions: count.optional(),
    totalExposure: notNegative.optional(),
    exchangeAvailable: exact.optional(),
  }),
  position: z
    .strictObject({
      side,
      contracts: positive,
      entryContracts: positive.optional(),
      avgPrice: positive,
      leverage: wholeLeverage.nullish(),
      baseValue: notNegative,
      baseValueNow: notNegative.optional(),
      openedAt: time,
      lastPartialAt: time.optional(),
      additions: z.array(z.strictObject({ at: time, value: notNegative.optional() })),
      ordersInFlight: count.optional(),
      stopPrice: positive.nullish(),
    })
    .nullable(),
  market: z.strictObject({
    price: positive,
    regime: z.enum(REGIMES),
    now: time,
    volatilityFactor: notNegative.optional(),
    priceAgeMs: count.optional(),
  }),
  signal: z.strictObject({ side, price: positive.optional() }),
});

const partial = z.strictObject({
  id: z.string(),
  kind: z.literal('partial'),
  config: z.unknown().optional(),
  profile: z.enum(PROFILES).optional(),
  instrument,
  account: z.looseObject({ balance: notNegative }),
  position: z.looseObject({ side, contracts: positive, entryContracts: positive, avgPrice: positive }),
  market: z.looseObject({ price: positive, regime: z.enum(REGIMES) }),
  partial: z.strictObject({ fraction: notNegative }),
  feeRates: z.strictObject({ entry: feeRate.optional(), exit: feeRate.optional() }).optional(),
});

export const decideCase = z.discriminatedUnion('kind', [addition, partial]);

export type AdditionCase = z.output<typeof addition>;
export type PartialCase = z.output<typeof partial>;
