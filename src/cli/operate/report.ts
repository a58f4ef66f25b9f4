/** `rungwise report`: what a bot has made of its account, from its journal, while it runs and after. */
import { loadTree } from '../../config/index.ts';
import { moneyText } from '../../core/instrument/instrument.ts';
import { timeText } from '../../core/market/utc.ts';
import type { Registry } from '../../core/registry.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { reportJson, reportOf } from '../../report/run/report.ts';
import { jsonText } from '../format/json-text.ts';
import { printReport } from '../format/report-lines.ts';
import { utcTimeMs } from '../input/utc-time.ts';
import { EXIT } from '../shell/failure.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { JournalRecord, type Span } from './journal-record.ts';
import { beginLife, Lives } from './lives.ts';
import { journalPathOf, type WhichJournal } from './which-journal.ts';

export interface ReportOptions extends WhichJournal {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** @returns 0; 1 where the journal holds nothing of that time. @throws {UsageError} @throws {JournalError} */
export function reportJournal(session: Session, options: ReportOptions): number {
  const span = spanOf(session, options);
  const path = journalPathOf(session, options);
  const journal = openJournalReader(path);
  const progress = new Progress(session);
  const { operate } = session.texts;
  try {
    const lives = new Lives(journal, (rows) => progress.show(Math.min(1, rows / journal.lastSeq), operate.rows(rows)));
    const record = new JournalRecord(span);
    let registry: Registry | undefined;
    for (let started = lives.next(); started !== undefined; started = lives.next()) {
      registry = beginLife(started, loadTree(started.configuration, { name: path }), registry);
      if (!record.live(registry, lives.rowsOfLife())) break;
    }
    progress.clear();
    if (lives.rows > 0 && lives.count === 0) throw new UsageError(operate.noStart(path));
    return tell(session, options, { path, record, registry });
  } finally {
    progress.clear();
    journal.close();
  }
}

/** @throws {UsageError} */
function spanOf(session: Session, { from, to }: ReportOptions): Span {
  const fromMs = from === undefined ? undefined : utcTimeMs(session, '--from', from);
  const untilMs = to === undefined ? undefined : utcTimeMs(session, '--to', to);
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs)
    throw new UsageError(session.texts.operate.emptySpan(timeText(fromMs), timeText(untilMs)));
  return { fromMs, untilMs };
}

interface Folded {
  readonly path: string;
  readonly record: JournalRecord;
  /** As the last life that was read has left it. */
  readonly registry: Registry | undefined;
}

function tell(session: Session, { json }: ReportOptions, { path, record, registry }: Folded): number {
  const { palette, texts } = session;
  const recorded = record.record();
  if (recorded === undefined || registry === undefined || record.firstMs === undefined) {
    // 0: a bot that has only just begun has heard nothing.
    const time = (ms: number | undefined) => (ms === undefined || ms === 0 ? undefined : timeText(ms));
    session.complain(texts.operate.nothingThen(path, time(registry?.now), time(record.afterMs)));
    return EXIT.no;
  }
  if (json === true) {
    const moved = moneyText(recorded.moved);
    const from = new Date(record.firstMs).toISOString();
    const to = new Date(record.lastMs).toISOString();
    const { starts } = record;
    session.print(jsonText({ ...reportJson(reportOf(recorded)), moved, from, to, starts, journal: path }, 2));
    return EXIT.done;
  }
  const between = `${timeText(record.firstMs)} … ${timeText(record.lastMs)} UTC`;
  session.say(`${palette.strong(path)}  ${palette.dim(`${between}, ${texts.operate.starts(record.starts)}`)}\n`);
  const instruments = registry.symbols.map(({ instrument }) => instrument);
  printReport(session, recorded, instruments);
  return EXIT.done;
}
