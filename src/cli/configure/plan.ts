/**
 * `rungwise plan SYMBOL`: the ladder of a position before its first order, as a table, a picture and a worst case. `--book`: every symbol's
 * (plan-book.ts). `--risk`: what may come of it on generated markets (plan-risk.ts).
 */

import type { Instrument } from '../../core/instrument/instrument.ts';
import { planLadder } from '../../core/ladder/ladder-plan.ts';
import type { Decimal } from '../../core/numbers/decimal.ts';
import { type SideName, sideOf } from '../../core/numbers/units.ts';
import type { Regime } from '../../core/policy.ts';
import { configurationOrDefaults } from '../input/configuration.ts';
import { instrumentsOf } from '../input/instruments.ts';
import { refuseWithout } from '../input/no-effect.ts';
import { commandLineLayer } from '../input/run-options.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { planWholeBook } from './plan-book.ts';
import { planJson } from './plan-json.ts';
import { entryPrice, metRegime, storedMarket, wantedStop } from './plan-market.ts';
import { planRisk } from './plan-risk.ts';
import { planLines } from './plan-text.ts';

export interface PlanOptions {
  readonly book?: boolean;
  readonly risk?: boolean;
  /** Of `--risk`: how many markets, the first one's seed, days of each. */
  readonly seeds?: number;
  readonly seed?: number;
  readonly days?: number;
  readonly price?: Decimal;
  readonly balance?: Decimal;
  readonly side?: SideName;
  readonly regime?: Regime;
  /** Distance of the stop, % of price. */
  readonly stop?: Decimal;
  /** Of `--book`: so many ATR at once. */
  readonly shock?: Decimal;
  readonly config?: string;
  readonly instrument?: readonly string[];
  readonly json?: boolean;
}

/** @returns 0; 1 where not even the entry would pass its gates, a trend against it included. @throws {UsageError} @throws {ConfigError} */
export async function plan(session: Session, symbols: readonly string[], options: PlanOptions): Promise<number> {
  // A symbol has one position, however often it is named.
  const wanted = [...new Set(symbols)];
  if (options.risk === true) return planRisk(session, wanted, options);
  for (const flag of ['seeds', 'seed', 'days'] as const) refuseWithout(session, `--${flag}`, options[flag], '--risk');
  if (options.book === true) return planWholeBook(session, wanted, options);
  refuseWithout(session, '--shock', options.shock, '--book');
  const { usage } = session.texts;
  const [symbol, another] = wanted;
  if (symbol === undefined) throw new UsageError(usage.planNeedsSymbol);
  if (another !== undefined) throw new UsageError(usage.planNeedsBook);
  const [instrument] = instrumentsOf(session, [symbol], options.instrument ?? []) as [Instrument];
  const config = configurationOrDefaults(session, options.config, commandLineLayer(options));
  const market = storedMarket(session, instrument, config.policy);
  const { regime, isRefused } = metRegime(session, instrument, options, market, config.policy);
  const planned = planLadder(config.policy, {
    instrument,
    side: sideOf(options.side ?? 'long'),
    entryTicks: entryPrice(session, instrument, options.price, market),
    balance: config.account.balance,
    regime,
    stopPercent: wantedStop(session, options),
    atrTicks: market?.atrTicks,
  });
  if (options.json === true) session.print(JSON.stringify(planJson(planned, config.policy), null, 2));
  else for (const line of planLines(session, planned, config.policy)) session.say(line);
  return planned.rungs[0]?.refusal === null && !isRefused ? EXIT.done : EXIT.no;
}
