/**
 * What keeps the bot from adding, by the checks' own books: a person's pause or halt, and what the governors have said (rules.md §6.5). A run that
 * begins is held to what its rows say, not to what it made of them.
 */
import type { Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import type { DecisionRow } from '../../src/runtime/loop.ts';

type Mark =
  | { readonly seq: number; readonly kind: 'halted' | 'resumed' }
  | { readonly seq: number; readonly kind: 'paused'; readonly instId: string; readonly until: number };

/** Stands for every symbol. */
const ALL = '';

export class Halts {
  #isHalted = false;
  readonly #until = new Map<string, number>();
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
    this.#until.clear();
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
    if (mark === undefined) return;
    if (mark.kind !== 'paused') this.#isHalted = mark.kind === 'halted';
    else this.#until.set(mark.instId, Math.max(mark.until, this.#until.get(mark.instId) ?? 0));
  }

  /** Why nothing may be added to this symbol at this moment of the world; undefined where nothing is known against it. */
  against(instId: string, now: number): string | undefined {
    if (this.#isHalted) return 'trading is halted';
    for (const symbol of [ALL, instId]) {
      const until = this.#until.get(symbol) ?? 0;
      if (now < until) return `a governor pauses ${symbol === ALL ? 'everything' : symbol} until ${until}`;
    }
    return undefined;
  }
}

function markOfEvent(seq: number, event: CoreEvent): Mark | undefined {
  if (event.kind !== 'operator') return undefined;
  const { command } = event;
  if (command.do === 'resume') return { seq, kind: 'resumed' };
  const isOfOneSymbol = command.do === 'flatten' && command.instId !== undefined;
  return isOfOneSymbol ? undefined : { seq, kind: 'halted' };
}

function markOfDecision(seq: number, decision: Decision): Mark | undefined {
  if (decision.kind !== 'governed') return undefined;
  if (decision.new !== 'paused' && decision.new !== 'halted') return undefined;
  if (decision.until === undefined) return { seq, kind: 'halted' };
  return { seq, kind: 'paused', instId: decision.instId ?? ALL, until: decision.until };
}
