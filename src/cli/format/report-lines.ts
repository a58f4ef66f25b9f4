/** A run's report as a person reads it, whatever has run: the numbers, and under them the ladder that was climbed highest. */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { timeText } from '../../core/market/utc.ts';
import { ladderChart } from '../../report/drawing/ladder-chart.ts';
import { deepestLadder } from '../../report/run/deepest-ladder.ts';
import type { RunRecord } from '../../report/run/record.ts';
import { reportOf } from '../../report/run/report.ts';
import { reportText } from '../../report/run/terminal.ts';
import { gainShown } from '../../report/words/numbers.ts';
import type { Session } from '../shell/session.ts';

/** @param optimistic the same run with the other outlook, shown beside */
export function printReport(
  session: Session,
  record: RunRecord,
  instruments: readonly Instrument[],
  optimistic?: RunRecord,
): void {
  const { report, palette, width, texts } = session;
  const beside = optimistic === undefined ? {} : { optimistic: reportOf(optimistic) };
  session.print(reportText(reportOf(record), { texts: report, width, palette, ...beside }).trimEnd());
  const ladder = deepestLadder(record.trades, instruments);
  if (ladder === undefined) return;
  const { trade, picture } = ladder;
  const end = `${report.reasons[trade.reason ?? 'unknown']}, ${gainShown(trade.gross - trade.fees + trade.funding, report)} USDT`;
  session.say(
    `\n${palette.strong(texts.backtest.ladder(trade.instId, report.sides[trade.side], timeText(trade.openedAt)))}`,
  );
  for (const line of ladderChart(picture, { texts: report, width, palette })) session.print(line);
  session.print(palette.dim(end));
}
