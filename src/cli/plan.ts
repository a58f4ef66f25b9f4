/** `rungwise plan SYMBOL`: the ladder of a position before its first order, as a table, a picture and a worst case. */
import { existsSync } from 'node:fs';
import { type Decimal, formatDecimal } from '../core/decimal.ts';
import { type Instrument, priceText, ticksOf } from '../core/instrument.ts';
import { planLadder } from '../core/ladder-plan.ts';
import type { Regime } from '../core/policy.ts';
import { type SideName, sideOf, type Ticks, ticks, UnitError } from '../core/units.ts';
import { candlePath, loadCandles } from '../data/store.ts';
import { minuteText } from '../data/texts.ts';
import { candleFolder, configurationOrDefaults } from './configuration.ts';
import { EXIT } from './failure.ts';
import { examplePrice, instrumentOf } from './instruments.ts';
import { planLines } from './plan-text.ts';
import { planJson } from './plan-json.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

export interface PlanOptions {
  readonly price?: Decimal;
  readonly balance?: Decimal;
  readonly side?: SideName;
  readonly regime?: Regime;
  /** Distance of the stop, % of price. */
  readonly stop?: Decimal;
  readonly config?: string;
  readonly instrument?: string;
  readonly json?: boolean;
}

/** @returns 0; 1 where not even the entry would pass its gates. @throws {UsageError} @throws {ConfigError} */
export async function plan(session: Session, symbol: string, options: PlanOptions): Promise<number> {
  const instrument = instrumentOf(session, symbol, options.instrument);
  const balance = options.balance === undefined ? {} : { account: { balance: formatDecimal(options.balance) } };
  const config = configurationOrDefaults(session, options.config, balance);
  const entryTicks = entryPrice(session, instrument, options.price);
  const planned = planLadder(config.policy, {
    instrument,
    side: sideOf(options.side ?? 'long'),
    entryTicks,
    balance: config.account.balance,
    regime: options.regime ?? 'ranging',
    stopPercent: options.stop,
  });
  if (options.json === true) session.print(JSON.stringify(planJson(planned, config.policy), null, 2));
  else for (const line of planLines(session, planned, config.policy)) session.print(line);
  return planned.rungs[0]?.refusal === null ? EXIT.done : EXIT.no;
}

/** The price given, the last stored close, or an example; which of them is said. */
function entryPrice(session: Session, instrument: Instrument, given: Decimal | undefined): Ticks {
  const { texts } = session;
  if (given !== undefined) return onGrid(session, instrument, given);
  const stored = lastClose(session, instrument);
  if (stored !== undefined) {
    session.tell(texts.plan.storedPrice(priceText(instrument, stored.closeTicks), minuteText(stored.minute)));
    return stored.closeTicks;
  }
  const price = examplePrice(instrument);
  session.tell(texts.plan.examplePrice(price));
  return ticksOf(instrument, price);
}

function lastClose(session: Session, instrument: Instrument): { closeTicks: Ticks; minute: number } | undefined {
  const folder = candleFolder(session);
  if (!existsSync(candlePath(folder, instrument.instId))) return undefined;
  const { openMinute, closeTicks, length } = loadCandles(folder, instrument);
  const minute = openMinute[length - 1];
  const close = closeTicks[length - 1];
  return minute === undefined || close === undefined ? undefined : { minute, closeTicks: ticks(close) };
}

function onGrid({ texts }: Session, instrument: Instrument, price: Decimal): Ticks {
  try {
    return ticksOf(instrument, price);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new UsageError(texts.usage.offGrid(formatDecimal(price), formatDecimal(instrument.tickSize)));
  }
}
