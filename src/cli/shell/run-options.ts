/** Options that backtest and demo have in common, and what they say to the configuration: one layer above the file. */
import { type Decimal, decimal, decimalOf, formatDecimal } from '../../core/decimal.ts';
import type { Policy } from '../../core/policy.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from '../../sim/fill-model.ts';
import type { Texts } from '../texts/en.ts';
import { readDecimal } from './read-decimal.ts';
import { UsageError } from './usage-error.ts';

export interface RunOptions {
  readonly config?: string;
  readonly balance?: Decimal;
  readonly preset?: string;
  readonly fees?: Fees;
  /** Ticks. */
  readonly spread?: Decimal;
  /** Bps. */
  readonly slippage?: Decimal;
}

/** Shares of the value. */
export interface Fees {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** The options as keys of `rungwise.yaml`. */
export function commandLineLayer({ balance, preset, fees, spread, slippage }: RunOptions): object {
  return {
    ...(balance === undefined ? {} : { account: { balance: formatDecimal(balance) } }),
    ...(preset === undefined ? {} : { position_scaling: { preset } }),
    execution: {
      ...(fees === undefined
        ? {}
        : { fee_rates: { maker: formatDecimal(fees.maker), taker: formatDecimal(fees.taker) } }),
      ...(spread === undefined ? {} : { spread_ticks: Number(formatDecimal(spread)) }),
      ...(slippage === undefined ? {} : { slippage_bps: formatDecimal(slippage) }),
    },
  };
}

/** What the simulator charges is what the core expects to pay: one configuration says both. */
export function fillModelOf({ execution }: Policy): FillModel {
  return {
    ...DEFAULT_FILL_MODEL,
    spreadTicks: execution.spreadTicks,
    slippageBps: execution.slippageBps.approx,
  };
}

/** Reads `0.02/0.05`, per cent of the value as maker and as taker; a rebate is negative. @throws {UsageError} */
export function fees(flag: string, texts: Texts): (word: string) => Fees {
  return (word) => {
    const [maker, taker, ...more] = word.split('/').map(percentOrNone);
    if (maker === undefined || taker === undefined || more.length > 0 || ![maker, taker].every(isFee))
      throw new UsageError(texts.run.notFees(flag, word));
    return { maker: shareOf(maker), taker: shareOf(taker) };
  };
}

/** Per cent, as far as the configuration takes them. */
function isFee({ approx }: Decimal): boolean {
  return approx >= -1 && approx <= 10;
}

/** Reads per cent, below zero too; the sign `%` may follow. @throws {UsageError} */
export function signedPercent(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = percentOrNone(word);
    if (value === undefined) throw new UsageError(texts.run.notPercent(flag, word));
    return value;
  };
}

/** Reads a number of at least 0. @throws {UsageError} */
export function notNegative(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = readDecimal(word);
    if (value === undefined || value.units < 0n) throw new UsageError(texts.run.notNegative(flag, word));
    return value;
  };
}

/** Reads a whole number of at least 0. @throws {UsageError} */
export function wholeNumber(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    if (!/^\d{1,15}$/.test(word)) throw new UsageError(texts.run.notWhole(flag, word));
    return decimal(word);
  };
}

function percentOrNone(word: string): Decimal | undefined {
  return readDecimal(word.replace(/\s*%$/, ''));
}

function shareOf({ units, scale }: Decimal): Decimal {
  return decimalOf(units, scale + 2);
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `20s`, `5m`, `1h` as milliseconds. @throws {UsageError} */
export function duration(flag: string, texts: Texts): (word: string) => number {
  return (word) => {
    const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(word) ?? [];
    const value = Number(count) * (UNITS_MS[unit] ?? 0);
    if (value > 0) return value;
    throw new UsageError(texts.demo.notDuration(flag, word));
  };
}

/** Reads a whole number between two. @throws {UsageError} */
export function wholeBetween(flag: string, least: number, most: number, texts: Texts): (word: string) => number {
  return (word) => {
    const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(texts.demo.notInRange(flag, word, least, most));
  };
}
