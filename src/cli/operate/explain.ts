/**
 * `rungwise explain ORDER`, `explain --last-refusal SYMBOL`, `explain --governed [SYMBOL]`: read back from the journal, with every number that was
 * weighed. The bot may run or not: it is its journal that is asked.
 */
import type { ChangeSentence, Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { RefusalCode } from '../../core/refusal.ts';
import { JournalError } from '../../journal/errors.ts';
import type { JournalReader, JournalRow } from '../../journal/journal.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { decisionJson, type ShownReasoning, shownReasoning } from '../../report/decision/decision-json.ts';
import { type GateUnit, type ShownReading, shownReading } from '../../report/decision/gate-reading.ts';
import { governedText, haltingText } from '../../report/decision/governed-text.ts';
import { orderNewsJson } from '../../report/decision/order-news-json.ts';
import { table } from '../../report/drawing/table.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import {
  type ExplainedOrder,
  type ExplainedRefusal,
  explainGoverned,
  explainLastRefusal,
  explainOrder,
  type OrderNews,
} from '../../runtime/past/explain.ts';
import { jsonText } from '../format/json-text.ts';
import { EXIT } from '../shell/failure.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { Texts } from '../texts/en.ts';
import { startedIn } from './started-note.ts';
import { journalPathOf, type WhichJournal } from './which-journal.ts';

export interface ExplainOptions extends WhichJournal {
  readonly lastRefusal?: string;
  /** True: of everything. */
  readonly governed?: string | true;
  readonly json?: boolean;
}

/** @returns 0; 1 where the journal holds no such order, refusal or change. @throws {UsageError} @throws {JournalError} */
export function explain(session: Session, order: string | undefined, options: ExplainOptions): number {
  const { operate } = session.texts;
  const asked = [order, options.lastRefusal, options.governed].filter((each) => each !== undefined);
  if (asked.length !== 1) throw new UsageError(operate.explainWhat);
  const journal = openJournalReader(journalPathOf(session, options));
  const progress = new Progress(session);
  const reading = new Reading(journal, (rows) =>
    progress.show(Math.min(1, rows / journal.lastSeq), operate.rows(rows)),
  );
  try {
    if (options.governed !== undefined) {
      const changes = explainGoverned(reading.rows(), options.governed === true ? undefined : options.governed);
      progress.clear();
      if (changes.length === 0) session.tell(noChangeText(session, journal, options.governed));
      return tellGoverned(session, changes, options.json === true);
    }
    const found = order === undefined ? refusalIn(reading, options.lastRefusal ?? '') : orderIn(reading, order);
    progress.clear();
    if (found === undefined) {
      session.tell(order === undefined ? noRefusalText(session, journal, options.lastRefusal) : operate.noOrder(order));
      return EXIT.no;
    }
    if (options.json === true) session.print(jsonText(found, 2));
    else for (const line of explainedLines(session, found)) session.say(line);
    return EXIT.done;
  } finally {
    progress.clear();
    journal.close();
  }
}

function noRefusalText(session: Session, journal: JournalReader, symbol = ''): string {
  return notTradedText(session, journal, symbol) ?? session.texts.operate.noRefusal(symbol);
}

function noChangeText(session: Session, journal: JournalReader, of: string | true): string {
  const { operate } = session.texts;
  return of === true ? operate.noChange(undefined) : (notTradedText(session, journal, of) ?? operate.noChange(of));
}

/** Of a symbol that is misspelt it would not be enough to say that nothing was found. */
function notTradedText({ texts }: Session, journal: JournalReader, symbol: string): string | undefined {
  const traded = [...instrumentsAt(journal, journal.lastSeq).keys()];
  if (traded.length === 0 || traded.includes(symbol)) return undefined;
  return texts.operate.notInJournal(symbol, traded.join(', '));
}

const SHOWN_EVERY_ROWS = 1_000;

/** A journal whose rows are counted as they are read: of a million that takes seconds. */
class Reading {
  readonly journal: JournalReader;
  readonly #shown: (rows: number) => void;
  #rows = 0;

  constructor(journal: JournalReader, shown: (rows: number) => void) {
    this.journal = journal;
    this.#shown = shown;
  }

  *rows(fromSeq?: number): Generator<JournalRow> {
    for (const row of this.journal.rows(fromSeq)) {
      this.#rows += 1;
      if (this.#rows % SHOWN_EVERY_ROWS === 0) this.#shown(this.#rows);
      yield row;
    }
  }
}

/** Each change in a line: its row, when, of what, from what to what, why, until when. */
function tellGoverned(session: Session, changes: ReturnType<typeof explainGoverned>, isJson: boolean): number {
  if (changes.length === 0) return EXIT.no;
  if (isJson) {
    const told = changes.map(({ seq: row, governed }) => ({ row, ...governed }));
    session.print(JSON.stringify({ changes: told }, null, 2));
    return EXIT.done;
  }
  for (const { seq, governed } of changes) {
    const text = governedText(governed, session.report);
    session.say(
      [seq, timeOf(governed.at), ...(governed.instId === undefined ? [] : [governed.instId]), text].join('  '),
    );
  }
  return EXIT.done;
}

/** Plain JSON: what was decided, on which event, and what came of it. */
interface Explained {
  readonly row: number;
  readonly event: CoreEvent | null;
  readonly decision: Readonly<Record<string, unknown>>;
  readonly reasoning: ShownReasoning | undefined;
  readonly life?: readonly Told[];
}

interface Told {
  readonly row: number;
  readonly at: number;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly decision?: Readonly<Record<string, unknown>>;
}

/** Rows that are read at once, from the newest back: what is asked for is mostly young, and a journal holds as many as a bot has ever written. */
const STRETCH_ROWS = 100_000;

/** @param find in the rows from `fromSeq` to before `untilSeq`; of a decision the row before it tells on which event it was */
function newestFirst<T extends { readonly seq: number }>(
  reading: Reading,
  find: (rows: Iterable<JournalRow>) => T | undefined,
): T | undefined {
  for (let untilSeq = reading.journal.lastSeq + 1; untilSeq > 1; untilSeq -= STRETCH_ROWS) {
    const found = inStretch(reading, Math.max(1, untilSeq - STRETCH_ROWS), untilSeq, find);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where older rows cannot be read, because `recover` has given them up or an archive is not there, what is younger can be told all the same. */
function inStretch<T extends { readonly seq: number }>(
  reading: Reading,
  fromSeq: number,
  untilSeq: number,
  find: (rows: Iterable<JournalRow>) => T | undefined,
): T | undefined {
  try {
    const found = find(rowsBetween(reading, Math.max(1, fromSeq - 1), untilSeq));
    return found !== undefined && found.seq >= fromSeq ? found : undefined;
  } catch (error) {
    const isDamaged = error instanceof JournalError && error.code === 'corrupt';
    if (!isDamaged || untilSeq - fromSeq <= 1) throw error;
    const found = inStretch(reading, Math.ceil((fromSeq + untilSeq) / 2), untilSeq, find);
    if (found === undefined) throw error;
    return found;
  }
}

function* rowsBetween(reading: Reading, fromSeq: number, untilSeq: number): Generator<JournalRow> {
  for (const row of reading.rows(fromSeq)) {
    if (row.seq >= untilSeq) return;
    yield row;
  }
}

function orderIn(reading: Reading, clientId: string): Explained | undefined {
  const placed = newestFirst(reading, (rows) => explainOrder(rows, clientId));
  const found = placed && explainOrder(reading.rows(Math.max(1, placed.seq - 1)), clientId);
  if (found === undefined) return undefined;
  const instruments = instrumentsAt(reading.journal, found.seq);
  const json = decisionsIn(instruments);
  const instrument = instruments.get(found.place.order.instId);
  return {
    ...explained(found, found.place, json, instrument),
    life: found.life.map((news) => toldOf(news, json, instrument)),
  };
}

function refusalIn(reading: Reading, instId: string): Explained | undefined {
  const found = newestFirst(reading, (rows) => explainLastRefusal(rows, instId));
  if (found === undefined) return undefined;
  const instruments = instrumentsAt(reading.journal, found.seq);
  return explained(found, found.refused, decisionsIn(instruments), instruments.get(instId));
}

type ToJson = (decision: Decision) => Readonly<Record<string, unknown>>;

function explained(
  { seq, event }: ExplainedOrder | ExplainedRefusal,
  decision: Decision,
  json: ToJson,
  instrument: Instrument | undefined,
): Explained {
  const reasoning = 'reasoning' in decision ? decision.reasoning : undefined;
  const { reasoning: _, ...bare } = { reasoning, ...decision };
  return {
    row: seq,
    event: event ?? null,
    decision: json({ ...bare, reasoning: undefined } as Decision),
    reasoning: reasoning && shownReasoning(reasoning, instrument),
  };
}

function toldOf(news: OrderNews, json: ToJson, instrument: Instrument | undefined): Told {
  const { seq: row, atMs: at } = news;
  if ('decision' in news) return { row, at, decision: json(news.decision) };
  return { row, at, event: instrument === undefined ? { ...news.event } : orderNewsJson(news.event, instrument) };
}

type Instruments = ReadonlyMap<string, Instrument>;

/** Those of the life that wrote the row: a later one may count in other ticks and lots. */
function instrumentsAt(journal: JournalReader, seq: number): Instruments {
  const instruments = new Map<string, Instrument>();
  const newest = journal.lastNote(seq);
  for (const row of newest === undefined ? journal.rows() : [newest]) {
    if (row.seq > seq) break;
    for (const instrument of startedIn(row)?.instruments ?? []) instruments.set(instrument.instId, instrument);
  }
  return instruments;
}

/** In lots and ticks where the journal does not say in which instruments. */
function decisionsIn(instruments: Instruments): ToJson {
  return (decision) => {
    const instId = decision.kind === 'place' ? decision.order.instId : decision.instId;
    if (instId === undefined || !instruments.has(instId)) return { ...decision };
    return decisionJson(decision, (each) => instruments.get(each) as Instrument);
  };
}

function explainedLines(session: Session, { row, event, decision, reasoning, life }: Explained): string[] {
  const { operate } = session.texts;
  const lines = [
    operate.decided(row, timeOf(decision['at']), event === null ? operate.archived : event.kind),
    ...fieldLines({ ...worded(decision, session), exit: undefined }),
    ...exitLines(session, decision['exit']),
  ];
  if (reasoning !== undefined) lines.push('', ...reasoningLines(session, reasoning, Number(decision['at'])));
  if (life !== undefined && life.length > 0) {
    lines.push('', operate.outcome);
    for (const told of life)
      lines.push(`  ${told.row}  ${timeOf(told.at)}  ${shortOf(worded(told.event ?? told.decision ?? {}, session))}`);
  }
  return lines;
}

const HEAD = new Set(['at', 'time', 'clientId', 'instId', 'symbol']);

/** Sentences of ours in the trader's language; names of fields stay those of the journal, and the exchange's words its own. */
function worded(told: object, { texts, report }: Session): Readonly<Record<string, unknown>> {
  const { operate, alerts } = texts;
  const { codes } = report;
  const { silentMs, ...fields }: Readonly<Record<string, unknown>> = { ...told };
  const { because, code } = fields;
  return {
    ...fields,
    ...(typeof because === 'string' && isSentence(because, operate) ? { because: operate.because[because] } : {}),
    ...(typeof silentMs === 'number' ? { reason: operate.silent(String(silentMs)) } : {}),
    ...(isCode(code, codes) ? { code: `${code} (${codes[code]})` } : {}),
    ...(typeof code === 'string' && Object.hasOwn(alerts.notSent, code) ? { message: alerts.notSent[code] } : {}),
  };
}

function isCode(code: unknown, codes: ReportTexts['codes']): code is RefusalCode {
  return typeof code === 'string' && Object.hasOwn(codes, code);
}

function isSentence(because: string, { because: sentences }: Texts['operate']): because is ChangeSentence {
  return Object.hasOwn(sentences, because);
}

function fieldLines(decision: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(decision)
    .filter(([key, value]) => key !== 'at' && key !== 'time' && value !== undefined)
    .map(([key, value]) => `  ${key}: ${textOf(value)}`);
}

function shortOf(told: object): string {
  const { kind, ...fields } = { kind: '', ...told };
  const rest = Object.entries(fields).filter(([key, value]) => !HEAD.has(key) && value !== undefined);
  return [kind, ...rest.map(([key, value]) => `${key} ${isGroup(value) ? `(${textOf(value)})` : textOf(value)}`)].join(
    ', ',
  );
}

/** What an exit stands on, as `decisionJson` tells it. */
function exitLines(session: Session, exit: unknown): string[] {
  if (!isGroup(exit)) return [];
  const { gates, ...facts } = exit as { readonly gates?: readonly ShownReading[] };
  if (gates === undefined) return ['', ...fieldLines(facts)];
  const shown = gates.map((gate) => shownReading(gate, undefined));
  return ['', ...fieldLines(facts), '', ...gateTable(session, shown)];
}

function reasoningLines(session: Session, reasoning: ShownReasoning, at: number): string[] {
  const { gates, market, reasons, halting, ...rest } = reasoning;
  const halted = halting === undefined ? haltedOnce(gates) : haltingText(halting, at, session.report);
  return [
    ...(halted === undefined ? [] : [`  ${halted}`]),
    ...fieldLines({ ...rest, reasons: reasons.join(', ') }),
    `  market: ${textOf(market)}`,
    '',
    ...gateTable(session, gates),
  ];
}

/** What an older journal's gate says of who halts. */
function haltedOnce(gates: readonly ShownReading[]): string | undefined {
  const said = gates.find(({ code, ok }) => code === 'halted' && ok === false)?.value;
  return said === null || said === 'true' ? undefined : said;
}

/** Columns in which a gate's numbers still stand beside its name. */
const BESIDE = 60;

function gateTable(session: Session, gates: readonly ShownReading[]): string[] {
  const { texts, width, palette, report } = session;
  const { operate } = texts;
  if (width < BESIDE) return gates.flatMap((gate) => gateLines(session, gate));
  return table(
    [
      { title: operate.columns.gate, align: 'left' },
      { title: '', align: 'left' },
      { title: operate.columns.value, align: 'right' },
      { title: texts.demo.limit, align: 'right' },
      { title: operate.columns.unit, align: 'left' },
      { title: operate.columns.meaning, align: 'left', isProse: true },
    ],
    gates.map((gate) => [
      gate.code,
      gate.ok === true ? palette.good('✓') : palette.bad(gate.ok === null ? '?' : '✗'),
      valueShown(gate, operate),
      gate.unit === 'fact' || gate.limit === null ? '' : numberShown(gate.limit, gate.unit),
      gate.unit === undefined ? '' : operate.units[gate.unit],
      gate.ok === false ? report.codes[gate.code] : '',
    ]),
    width,
    palette,
  );
}

/** A gate under its name: value, limit and unit, and why not. */
function gateLines({ texts, palette, report }: Session, gate: ShownReading): string[] {
  const { operate, demo } = texts;
  const { code, ok, limit, unit } = gate;
  const value = valueShown(gate, operate);
  const most = unit === 'fact' || limit === null ? '' : `, ${demo.limit} ${numberShown(limit, unit)}`;
  const numbers = `${value}${most} ${unit === undefined ? '' : operate.units[unit]}`.trim();
  return [
    `${ok === true ? palette.good('✓') : palette.bad(ok === null ? '?' : '✗')} ${code}`,
    ...(numbers === '' ? [] : [`    ${numbers}`]),
    ...(ok === false ? [`    ${report.codes[code]}`] : []),
  ];
}

function valueShown({ code, ok, value, unit }: ShownReading, operate: Texts['operate']): string {
  if (value === null) return code === 'reentry-wait' ? operate.never : '';
  if (unit === 'fact') return ok === false ? operate.isSo : '';
  return numberShown(value, unit);
}

/** Of a share every digit that was recorded, two places to the left. */
function numberShown(number: string, unit: GateUnit | undefined): string {
  return unit === 'share' ? String(Number((Number(number) * 100).toPrecision(12))) : number;
}

/** Of a measured number as much as a person reads; `--json` has every digit. */
function numberText(value: number): string {
  return String(Number(Math.abs(value) < 1_000 ? value.toPrecision(5) : value.toFixed(2)));
}

/** `regime ranging, scores (trending 0.55, ranging 0.6)`: words, where JSON would be one that no line can hold. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${key} ${isGroup(each) ? `(${textOf(each)})` : textOf(each)}`)
    .join(', ');
}

function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOf(at: unknown): string {
  return new Date(Number(at)).toISOString();
}
