/** The words of reports and charts, in English and Russian (docs/glossary.md). A key that lacks in one does not compile. */
import type { AlertCode, CloseReason, GovernedBecause, GovernorName, Halting } from '../../core/decision.ts';
import type { Mode } from '../../core/governors/mode-by-results.ts';
import type { SideName } from '../../core/numbers/units.ts';
import type { Profile, Regime } from '../../core/policy.ts';
import type { PartialGuard, RefusalCode } from '../../core/refusal.ts';
import { en } from './texts-en.ts';
import { ru } from './texts-ru.ts';

export interface ReportTexts {
  /** How numbers are written: between thousands, and before decimals. */
  readonly group: string;
  readonly point: string;
  readonly percent: string;
  readonly none: string;
  readonly result: string;
  readonly startBalance: string;
  readonly finalBalance: string;
  readonly net: string;
  readonly returned: string;
  readonly gross: string;
  readonly fees: string;
  readonly penaltiesWithin: string;
  readonly funding: string;
  readonly moved: string;
  readonly slippageWithin: string;
  readonly feeDragOfProfit: string;
  readonly feeDragOfLoss: string;
  readonly maxDrawdown: string;
  readonly trades: string;
  readonly additions: string;
  readonly partials: string;
  readonly refusals: string;
  readonly winRate: string;
  readonly profitFactor: string;
  readonly expectancy: string;
  readonly averageWin: string;
  readonly averageLoss: string;
  readonly exposure: string;
  readonly averageHold: string;
  readonly makerFills: string;
  readonly candles: string;
  readonly stillOpen: string;
  readonly noTrades: string;
  readonly noneClosed: string;
  /** Titles of narrow columns. */
  readonly columns: { readonly net: string; readonly gross: string; readonly drawdown: string };
  readonly pessimistic: string;
  readonly optimistic: string;
  /** What the two are not. */
  readonly noBound: string;
  readonly equity: string;
  readonly byRung: string;
  readonly byRegime: string;
  readonly byProfile: string;
  readonly byExit: string;
  readonly bySymbol: string;
  readonly byRefusal: string;
  readonly heldPartials: string;
  readonly rung: string;
  readonly entry: string;
  readonly count: string;
  readonly value: string;
  readonly pnlShare: string;
  readonly regime: string;
  readonly profile: string;
  readonly reason: string;
  readonly symbol: string;
  readonly wins: string;
  readonly what: string;
  readonly code: string;
  readonly price: string;
  readonly size: string;
  readonly filled: string;
  readonly planned: string;
  readonly duration: {
    readonly days: string;
    readonly hours: string;
    readonly minutes: string;
    readonly seconds: string;
  };
  readonly sides: Readonly<Record<SideName, string>>;
  /** Of the book's worst case. */
  readonly worst: {
    readonly case: string;
    readonly shocked: (atr: string) => string;
    readonly nearest: string;
    readonly side: string;
    readonly margin: string;
    readonly stopped: string;
    readonly toLiquidation: string;
    readonly together: string;
    /** What of an entry is not filled yet. */
    readonly rest: string;
  };
  readonly levels: Readonly<Record<LevelKind, string>>;
  readonly regimes: Readonly<Record<Regime | 'unknown', string>>;
  readonly profiles: Readonly<Record<Profile | 'unknown', string>>;
  readonly reasons: Readonly<Record<CloseReason | 'unknown', string>>;
  readonly refusalOf: Readonly<Record<'entry' | 'addition' | 'partial', string>>;
  readonly codes: Readonly<Record<RefusalCode | PartialGuard, string>>;
  readonly alerts: Readonly<Record<AlertCode, string>>;
  readonly byGovernor: string;
  readonly governor: string;
  readonly until: string;
  readonly untilResumed: string;
  readonly notBefore: string;
  /** What a re-tuning has changed, before its factors. */
  readonly retuned: string;
  readonly governors: Readonly<Record<GovernorName, string>>;
  /** What a governor has brought about that is no factor. */
  readonly governed: Readonly<Record<GovernedState, string>>;
  readonly because: Readonly<Record<GovernedBecause['code'], string>>;
  /** Why nothing is added; `pause` and `halt` are followed by whose. */
  readonly halting: Readonly<Record<Halting['code'], string>>;
  /** Who halts, where it has a name of its own. */
  readonly haltedBy: Readonly<Record<string, string>>;
}

export type GovernedState = 'trading' | 'paused' | 'halted' | Mode;

/** A price that a ladder chart marks. */
export type LevelKind = 'mark' | 'average' | 'break-even' | 'target' | 'stop' | 'liquidation' | 'exit';

type ReportLanguage = 'en' | 'ru';

export const REPORT_TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en, ru };
