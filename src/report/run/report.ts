/**
 * A run in numbers. Money is whole 10⁻⁸ USDT in bigints and sums to the last unit; percentages are exact fractions, cut at four
 * decimals.
 *
 * Always: finalBalance = startBalance + gross − fees + funding, and what was moved in or out, of which a backtest knows nothing.
 */
import type { CloseReason } from '../../core/decision.ts';
import { moneyText } from '../../core/instrument/instrument.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';
import { PROFILES, type Profile, REGIMES, type Regime } from '../../core/policy.ts';
import type { EquityStretch } from './equity.ts';
import type { GovernedCount, HeldCount, RefusalCount, RunRecord, TradeRecord } from './record.ts';

/** A share in 10⁻⁶ (0.0001 %), towards zero; undefined where there is nothing to take it of. */
export type Millionths = bigint | undefined;

export interface Report {
  readonly candles: number;
  readonly trades: number;
  readonly additions: number;
  readonly partials: number;
  readonly refusals: number;
  readonly startBalance: bigint;
  readonly finalBalance: bigint;
  readonly gross: bigint;
  readonly fees: bigint;
  readonly penalties: bigint;
  readonly funding: bigint;
  readonly net: bigint;
  /** Came to the balance otherwise: paid in or out, or set right by the exchange's word. */
  readonly moved: bigint;
  readonly slippage: bigint | undefined;
  /** Net over the start balance. */
  readonly returned: Millionths;
  /** Deepest fall of equity, marked to market at every minute's end and after the last position was closed, in relation to its peak. */
  readonly maxDrawdown: Millionths;
  /** The same fall in money: from a higher peak a smaller share of it may have been more. */
  readonly maxDrawdownMoney: bigint;
  /** Of a gross profit: fees over it, above 100 % where they ate it all. Of a gross loss: the fees' share of the whole loss. */
  readonly feeDrag: Millionths;
  readonly wins: number;
  readonly winRate: Millionths;
  /** Net of the winners over the net of the losers, in millionths; undefined without losers. */
  readonly profitFactor: Millionths;
  /** Net of a trade on average, towards zero. */
  readonly expectancy: bigint | undefined;
  readonly averageWin: bigint | undefined;
  readonly averageLoss: bigint | undefined;
  /** Share of the minutes at whose close a position was open. */
  readonly exposure: Millionths;
  readonly averageHoldMs: number | undefined;
  readonly makerFills: number;
  readonly takerFills: number;
  readonly openPositions: readonly string[];
  readonly byRung: readonly RungLine[];
  readonly byRegime: readonly Group<Regime | 'unknown'>[];
  readonly byProfile: readonly Group<Profile | 'unknown'>[];
  readonly byExit: readonly Group<CloseReason | 'unknown'>[];
  readonly bySymbol: readonly Group<string>[];
  /** The most frequent first. */
  readonly byRefusal: readonly RefusalCount[];
  /** Partial take-profits that were held back, which is no refusal; the most frequent guard first. */
  readonly heldPartials: readonly HeldCount[];
  readonly byGovernor: readonly GovernedCount[];
  readonly equity: readonly EquityStretch[];
  /** Time of the first point of it, UTC milliseconds. */
  readonly equityFrom: number;
}

/** The entry (0) or a rung over all closed trades. */
interface RungLine {
  readonly rung: number;
  readonly count: number;
  readonly value: bigint;
  readonly fees: bigint;
  readonly gross: bigint;
  /** Of the gross of all closed trades, in millionths; undefined where that is zero. */
  readonly share: Millionths;
}

export interface Group<K> {
  readonly key: K;
  readonly trades: number;
  readonly wins: number;
  readonly gross: bigint;
  readonly fees: bigint;
  readonly funding: bigint;
  readonly net: bigint;
}

export function reportOf(record: RunRecord): Report {
  const { trades, startBalance, gross, fees, funding, equity } = record;
  const net = gross - fees + funding;
  const nets = trades.map(netOf);
  const won = nets.filter((value) => value > 0n);
  const lost = nets.filter((value) => value < 0n);
  return {
    candles: record.candles,
    trades: trades.length,
    additions: record.additions,
    partials: record.partials,
    refusals: record.refusals.reduce((count, refusal) => count + refusal.count, 0),
    startBalance,
    finalBalance: startBalance + net + record.moved,
    gross,
    fees,
    penalties: record.penalties,
    funding,
    net,
    moved: record.moved,
    slippage: record.slippage,
    returned: millionths(net, startBalance),
    maxDrawdown: millionths(BigInt(equity.deepest.drop), BigInt(equity.deepest.peak)),
    maxDrawdownMoney: BigInt(equity.deepest.drop),
    feeDrag: feeDrag(gross, fees),
    wins: won.length,
    winRate: millionths(BigInt(won.length), BigInt(trades.length)),
    profitFactor: millionths(sum(won), -sum(lost)),
    expectancy: average(nets),
    averageWin: average(won),
    averageLoss: average(lost),
    exposure: millionths(BigInt(equity.pointsInPosition), BigInt(equity.points)),
    averageHoldMs: averageHoldMs(trades),
    makerFills: record.makerFills,
    takerFills: record.takerFills,
    openPositions: record.openPositions,
    byRung: byRung(trades),
    byRegime: groups(trades, ({ regime }) => regime ?? 'unknown', [...REGIMES, 'unknown']),
    byProfile: groups(trades, ({ profile }) => profile ?? 'unknown', [...PROFILES, 'unknown']),
    byExit: groups(trades, ({ reason }) => reason ?? 'unknown', []).toSorted(
      (a, b) => b.trades - a.trades || named(a.key, b.key),
    ),
    bySymbol: groups(trades, ({ instId }) => instId, []).toSorted((a, b) => named(a.key, b.key)),
    byRefusal: record.refusals.toSorted((a, b) => b.count - a.count || named(a.what + a.code, b.what + b.code)),
    heldPartials: record.held.toSorted((a, b) => b.count - a.count || named(a.code, b.code)),
    byGovernor: record.governed,
    equity: equity.stretches(),
    equityFrom: equity.from,
  };
}

/**
 * Fees in relation to what trading made before them (lessons.md 16). A profit: fees ÷ gross. A loss: fees ÷ (fees + loss), so that
 * "74 % of the loss is fees" reads 74 %. Undefined where neither is.
 */
function feeDrag(gross: bigint, fees: bigint): Millionths {
  return gross > 0n ? millionths(fees, gross) : millionths(fees, fees - gross);
}

function byRung(trades: readonly TradeRecord[]): RungLine[] {
  const lines = new Map<number, { count: number; value: bigint; fees: bigint; gross: bigint }>();
  for (const { steps } of trades)
    for (const step of steps) {
      const line = lines.get(step.step) ?? { count: 0, value: 0n, fees: 0n, gross: 0n };
      line.count++;
      line.value += step.value;
      line.fees += step.fees;
      line.gross += step.gross;
      lines.set(step.step, line);
    }
  const whole = sum(trades.map(({ gross }) => gross));
  return [...lines]
    .toSorted(([a], [b]) => a - b)
    .map(([rung, line]) => ({ rung, ...line, share: whole === 0n ? undefined : (line.gross * 1_000_000n) / whole }));
}

/** Trades by a key; keys of `order` come in that order, the others as they first appear. */
function groups<K extends string>(
  trades: readonly TradeRecord[],
  keyOf: (trade: TradeRecord) => K,
  order: readonly K[],
): Group<K>[] {
  const byKey = new Map<K, TradeRecord[]>(order.map((key) => [key, []]));
  for (const trade of trades) {
    const own = byKey.get(keyOf(trade));
    if (own === undefined) byKey.set(keyOf(trade), [trade]);
    else own.push(trade);
  }
  return [...byKey].flatMap(([key, own]) => (own.length === 0 ? [] : [groupOf(key, own)]));
}

function groupOf<K>(key: K, trades: readonly TradeRecord[]): Group<K> {
  const gross = sum(trades.map((trade) => trade.gross));
  const fees = sum(trades.map((trade) => trade.fees));
  const funding = sum(trades.map((trade) => trade.funding));
  const wins = trades.filter((trade) => netOf(trade) > 0n).length;
  return { key, trades: trades.length, wins, gross, fees, funding, net: gross - fees + funding };
}

function netOf(trade: TradeRecord): bigint {
  return trade.gross - trade.fees + trade.funding;
}

function averageHoldMs(trades: readonly TradeRecord[]): number | undefined {
  if (trades.length === 0) return undefined;
  return Math.round(trades.reduce((ms, { openedAt, closedAt }) => ms + closedAt - openedAt, 0) / trades.length);
}

function millionths(over: bigint, under: bigint): Millionths {
  return under <= 0n ? undefined : (over * 1_000_000n) / under;
}

function average(values: readonly bigint[]): bigint | undefined {
  return values.length === 0 ? undefined : sum(values) / BigInt(values.length);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function named(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The report as plain JSON: amounts and percentages as decimal strings, counts as numbers, keys always in this order. */
export function reportJson(report: Report): ReportJson {
  return {
    candles: report.candles,
    trades: report.trades,
    additions: report.additions,
    partials: report.partials,
    refusals: report.refusals,
    startBalance: moneyText(report.startBalance),
    finalBalance: moneyText(report.finalBalance),
    gross: moneyText(report.gross),
    fees: moneyText(report.fees),
    funding: moneyText(report.funding),
    net: moneyText(report.net),
    slippage: money(report.slippage),
    penalties: moneyText(report.penalties),
    returnPercent: percent(report.returned),
    maxDrawdownPercent: percent(report.maxDrawdown) ?? '0',
    maxDrawdown: moneyText(report.maxDrawdownMoney),
    feeDragPercent: percent(report.feeDrag),
    wins: report.wins,
    winRatePercent: percent(report.winRate),
    profitFactor: report.profitFactor === undefined ? null : formatUnits(report.profitFactor, 6),
    expectancy: money(report.expectancy),
    averageWin: money(report.averageWin),
    averageLoss: money(report.averageLoss),
    exposurePercent: percent(report.exposure),
    averageHoldSeconds: report.averageHoldMs === undefined ? null : Math.round(report.averageHoldMs / 1_000),
    makerFills: report.makerFills,
    takerFills: report.takerFills,
    openPositions: report.openPositions,
    byRung: report.byRung.map((line) => ({
      rung: line.rung,
      count: line.count,
      value: moneyText(line.value),
      fees: moneyText(line.fees),
      gross: moneyText(line.gross),
      pnlSharePercent: percent(line.share),
    })),
    byRegime: report.byRegime.map((group) => groupJson('regime', group)),
    byProfile: report.byProfile.map((group) => groupJson('profile', group)),
    byExit: report.byExit.map((group) => groupJson('reason', group)),
    bySymbol: report.bySymbol.map((group) => groupJson('symbol', group)),
    byRefusal: report.byRefusal.map(({ what, code, count }) => ({ what, code, count })),
    heldPartials: report.heldPartials.map(({ code, count }) => ({ code, count })),
    byGovernor: report.byGovernor.map(({ governor, count }) => ({ governor, count })),
  };
}

type Amount = string;

/** See `Report`; null is "nothing to tell it of". */
interface ReportJson {
  readonly candles: number;
  readonly trades: number;
  readonly additions: number;
  readonly partials: number;
  readonly refusals: number;
  readonly startBalance: Amount;
  readonly finalBalance: Amount;
  readonly gross: Amount;
  readonly fees: Amount;
  readonly funding: Amount;
  readonly net: Amount;
  readonly slippage: Amount | null;
  readonly penalties: Amount;
  readonly returnPercent: string | null;
  readonly maxDrawdownPercent: string;
  readonly maxDrawdown: Amount;
  readonly feeDragPercent: string | null;
  readonly wins: number;
  readonly winRatePercent: string | null;
  readonly profitFactor: string | null;
  readonly expectancy: Amount | null;
  readonly averageWin: Amount | null;
  readonly averageLoss: Amount | null;
  readonly exposurePercent: string | null;
  readonly averageHoldSeconds: number | null;
  readonly makerFills: number;
  readonly takerFills: number;
  readonly openPositions: readonly string[];
  readonly byRung: readonly {
    readonly rung: number;
    readonly count: number;
    readonly value: Amount;
    readonly fees: Amount;
    readonly gross: Amount;
    readonly pnlSharePercent: string | null;
  }[];
  readonly byRegime: readonly GroupJson<'regime'>[];
  readonly byProfile: readonly GroupJson<'profile'>[];
  readonly byExit: readonly GroupJson<'reason'>[];
  readonly bySymbol: readonly GroupJson<'symbol'>[];
  readonly byRefusal: readonly { readonly what: string; readonly code: string; readonly count: number }[];
  readonly heldPartials: readonly { readonly code: string; readonly count: number }[];
  readonly byGovernor: readonly { readonly governor: string; readonly count: number }[];
}

type GroupJson<Name extends string> = Readonly<Record<Name, string>> & {
  readonly trades: number;
  readonly wins: number;
  readonly gross: Amount;
  readonly fees: Amount;
  readonly funding: Amount;
  readonly net: Amount;
};

function groupJson<Name extends string>(name: Name, group: Group<string>): GroupJson<Name> {
  const { key, trades, wins, gross, fees, funding, net } = group;
  const amounts = { gross: moneyText(gross), fees: moneyText(fees), funding: moneyText(funding), net: moneyText(net) };
  return { [name]: key, trades, wins, ...amounts } as GroupJson<Name>;
}

function money(value: bigint | undefined): Amount | null {
  return value === undefined ? null : moneyText(value);
}

/** Millionths as per cent: `"12.3456"`. */
function percent(value: Millionths): string | null {
  return value === undefined ? null : formatUnits(value, 4);
}
