/**
 * What keeps the bot from adding, by the checks' own books: a person's command, what the governors have said (rules.md §6.5), and what the exchange has
 * said of instruments and of its maintenance (decisions 0027, 0028). A run that begins is held to what its rows say, not to what it made of them.
 */
import type { Alert, AlertFacts, Decision } from '../../src/core/decision.ts';
import type { CoreEvent, InstrumentSaid, MaintenanceSaid, MaintenanceWindow, Operator } from '../../src/core/event.ts';
import type { DecisionRow } from '../../src/runtime/loop.ts';

type Mark = { readonly seq: number } & (
  | { readonly kind: 'halted' | 'resumed' | 'leaving' | 'began' }
  | { readonly kind: 'paused'; readonly instId: string; readonly until: number }
  | { readonly kind: 'crossed'; readonly instId: string }
  | { readonly kind: 'said'; readonly said: InstrumentSaid | MaintenanceSaid }
  | { readonly kind: 'told'; readonly about: string; readonly what: string }
);

/** Stands for every symbol. */
const ALL = '';

export class Halts {
  #isHalted = false;
  #isLeaving = false;
  readonly #until = new Map<string, number>();
  /** Of which somebody holds a position with cross margin, and no person has resumed since it was told. */
  readonly #crossed = new Set<string>();
  /** Why an instrument is not traded as it was. */
  readonly #stopped = new Map<string, string>();
  #windows: readonly MaintenanceWindow[] = [];
  /** The last that a person was told of an instrument, or of a maintenance, unless the exchange has said another thing since. */
  readonly #told = new Map<string, string>();
  /** Oldest first. */
  #marks: Mark[] = [];

  /** A row was written; it may be lost again. */
  appended(seq: number, kind: string, payload: unknown): void {
    if (kind === 'event') this.#mark(markOfEvent(seq, payload as CoreEvent));
    else if (kind === 'decision')
      for (const decision of (payload as DecisionRow).decisions) this.#mark(markOfDecision(seq, decision));
  }

  #mark(mark: Mark | undefined): void {
    if (mark !== undefined) this.#marks.push(mark);
  }

  /** A run begins on these rows. */
  started(lastSeq: number): void {
    this.#isHalted = false;
    this.#isLeaving = false;
    this.#until.clear();
    this.#crossed.clear();
    this.#stopped.clear();
    this.#windows = [];
    this.#told.clear();
    this.#marks = this.#marks.filter(({ seq }) => seq <= lastSeq);
    for (const mark of this.#marks) this.#take(mark);
  }

  event(event: CoreEvent): void {
    this.#take(markOfEvent(0, event));
  }

  decision(decision: Decision): void {
    this.#take(markOfDecision(0, decision));
  }

  #take(mark: Mark | undefined): void {
    switch (mark?.kind) {
      case undefined:
        return;
      case 'halted':
      case 'resumed':
        this.#isHalted = mark.kind === 'halted';
        if (mark.kind === 'resumed') this.#crossed.clear();
        return;
      case 'crossed':
        this.#crossed.add(mark.instId);
        return;
      case 'leaving':
      case 'began':
        this.#isLeaving = mark.kind === 'leaving';
        return;
      case 'paused':
        this.#until.set(mark.instId, Math.max(mark.until, this.#until.get(mark.instId) ?? 0));
        return;
      case 'said':
        // Told once for each time that it is news: where the journal is cut between a word and what was decided on it, the row of its telling is lost, not the telling.
        for (const about of this.newsOf(mark.said)) this.#told.delete(about);
        this.#hear(mark.said);
        return;
      case 'told':
        this.#told.set(mark.about, mark.what);
    }
  }

  #hear(said: InstrumentSaid | MaintenanceSaid): void {
    if (said.kind === 'maintenance') {
      this.#windows = said.windows;
      return;
    }
    const why = whyStopped(said);
    if (why === undefined) this.#stopped.delete(said.instId);
    else this.#stopped.set(said.instId, why);
  }

  /** Why the exchange does not trade the instrument as it was; undefined: it does, as far as it was heard. */
  stopped(instId: string): string | undefined {
    return this.#stopped.get(instId);
  }

  /** The maintenance that trading stands still for; undefined: none. */
  maintenance(now: number): string | undefined {
    const window = this.#windows.find((each) => each.stopsTrading && (each.state === 'running' || isDue(each, now)));
    return window === undefined ? undefined : `maintenance: ${window.title}`;
  }

  /** What of this event is news to a person: each must be told. */
  newsOf(event: CoreEvent): string[] {
    if (event.kind === 'instrument') return whyStopped(event) === this.#stopped.get(event.instId) ? [] : [event.instId];
    if (event.kind !== 'maintenance') return [];
    const titles = ({ title, state }: MaintenanceWindow) => `${title} ${state}`;
    const known = new Set(this.#windows.map(titles));
    const begun = event.windows.filter((each) => !known.has(titles(each)));
    const over = this.#windows.filter(({ title }) => event.windows.every((each) => each.title !== title));
    return [...begun, ...over].map(({ title }) => title);
  }

  /** What a person is told now and was told last, of an instrument or of maintenance; undefined: it is news. */
  toldAgain(decision: Decision): string | undefined {
    const mark = markOfDecision(0, decision);
    return mark?.kind === 'told' && this.#told.get(mark.about) === mark.what ? `${mark.about} ${mark.what}` : undefined;
  }

  /** Why nothing may be added to this symbol at this moment of the world; undefined where nothing is known against it. */
  against(instId: string, now: number): string | undefined {
    if (this.#isHalted) return 'trading is halted';
    if (this.#isLeaving) return 'the bot is being stopped';
    const maintenance = this.maintenance(now);
    if (maintenance !== undefined) return maintenance;
    const why = this.#stopped.get(instId);
    if (why !== undefined) return `the exchange does not trade it: ${why}`;
    if (this.#crossed.has(instId)) return 'somebody holds it with cross margin';
    for (const symbol of [ALL, instId]) {
      const until = this.#until.get(symbol) ?? 0;
      if (now < until) return `a governor pauses ${symbol === ALL ? 'everything' : symbol} until ${until}`;
    }
    return undefined;
  }
}

function isDue({ begin, end }: MaintenanceWindow, now: number): boolean {
  return begin !== undefined && begin <= now && now < (end ?? Number.POSITIVE_INFINITY);
}

function whyStopped({ stopped, changes }: InstrumentSaid): string | undefined {
  if (changes.length > 0) return changes.map(({ of, is }) => `${of} ${is}`).join(', ');
  return stopped;
}

function markOfEvent(seq: number, event: CoreEvent): Mark | undefined {
  switch (event.kind) {
    case 'operator':
      return markOfCommand(seq, event.command);
    case 'exchange-lost':
      return event.because?.code === 'not-running' ? { seq, kind: 'began' } : undefined;
    case 'instrument':
    case 'maintenance':
      return { seq, kind: 'said', said: event };
    default:
      return undefined;
  }
}

function markOfCommand(seq: number, command: Operator['command']): Mark | undefined {
  switch (command.do) {
    case 'resume':
      return { seq, kind: 'resumed' };
    case 'pause':
    case 'halt':
      return { seq, kind: 'halted' };
    case 'flatten':
      return command.instId === undefined ? { seq, kind: 'halted' } : undefined;
    case 'leave':
      return { seq, kind: 'leaving' };
    case 'base':
      return undefined;
  }
}

function markOfDecision(seq: number, decision: Decision): Mark | undefined {
  if (decision.kind === 'alert') return markOfAlert(seq, decision);
  if (decision.kind !== 'governed') return undefined;
  if (decision.new !== 'paused' && decision.new !== 'halted') return undefined;
  if (decision.until === undefined) return { seq, kind: 'halted' };
  return { seq, kind: 'paused', instId: decision.instId ?? ALL, until: decision.until };
}

function markOfAlert(seq: number, { instId, facts }: Alert): Mark | undefined {
  if (facts?.code === 'cross-position') return { seq, kind: 'crossed', instId: instId ?? ALL };
  const about = aboutOf(facts, instId);
  // What waits for the instrument is no news of it.
  return about === undefined
    ? undefined
    : { seq, kind: 'told', about, what: JSON.stringify({ ...facts, isClosing: 0, isUncovered: 0 }) };
}

function aboutOf(facts: AlertFacts | undefined, instId: string | undefined): string | undefined {
  switch (facts?.code) {
    case 'instrument-stopped':
    case 'instrument-changed':
    case 'instrument-trades':
      return instId;
    case 'maintenance-planned':
    case 'maintenance-running':
    case 'maintenance-over':
      return facts.title;
    default:
      return undefined;
  }
}
