/** How long the indicators of a configuration take, beside the history that a bot begins with. */
import { type SeriesParameters, SymbolSeries } from '../core/market/series.ts';
import { type Problem, problem } from './problem.ts';
import { CROSS_SAID } from './said.ts';

/** So many minutes of candles a bot reads when it starts: a day of ATR, and what indicators need before it. */
export const HISTORY_MINUTES = 26 * 60;

/** @param parameters between which nothing is wrong */
export function warmUpFindings(parameters: SeriesParameters): Problem[] {
  const minutes = minutesToWarm(parameters);
  if (minutes <= HISTORY_MINUTES) return [];
  return [problem('timeframes', CROSS_SAID.coldStart(Math.ceil(minutes / 60), HISTORY_MINUTES / 60))];
}

/** Minutes of candles until all indicators are warm. They are asked themselves: each knows. */
export function minutesToWarm(parameters: SeriesParameters): number {
  const series = new SymbolSeries(parameters);
  let minute = 0;
  for (; !series.ready && minute < MINUTES_MAX; minute++) {
    const close = minute % 2 === 0 ? 1_000 : 1_001;
    series.onClosed1m(minute, 2_001 - close, 1_010, 990, close, 10);
  }
  return minute;
}

/** The longest period in the longest timeframe, and as much again for what is averaged twice. */
const MINUTES_MAX = 2 * 10_000 * 60;
