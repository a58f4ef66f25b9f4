/** All that a backtest tells, for tests which tell it to somebody else. */
import type { CoreEvent } from '../src/core/event.ts';
import { type BacktestRun, type BacktestSettings, runBacktest } from '../src/lab/backtest.ts';

/** Runs it with a witness who keeps every event, the closes of candles among them, in their order. */
export function everyEvent(settings: BacktestSettings): { readonly run: BacktestRun; readonly events: CoreEvent[] } {
  const events: CoreEvent[] = [];
  const keep = (event: CoreEvent) => void events.push({ ...event });
  return { run: runBacktest({ ...settings, witness: { happened: keep, candleClosed: keep } }), events };
}
