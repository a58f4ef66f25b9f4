/**
 * Explain: one order, the last refusal of a symbol, or what the governors changed, read back from the journal's rows with every number that was weighed.
 *
 * Nothing is thought again: what is told is what was recorded then. Reasonings are recorded where the core was traced.
 */
import type { Decision, Governed, Place, Refused } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { pastRows, type UnreadRows } from './past-row.ts';

/** Something that was said of an order, by us or by the exchange. */
export type OrderNews =
  | { readonly seq: number; readonly atMs: number; readonly event: CoreEvent }
  | { readonly seq: number; readonly atMs: number; readonly decision: Decision };

export interface ExplainedOrder {
  /** Row of the decision. */
  readonly seq: number;
  readonly atMs: number;
  /** What was thought about when it was decided; undefined where that row is archived away. */
  readonly event: CoreEvent | undefined;
  readonly place: Place;
  /** What came of it, in order: answers, amendments, fills, its end. */
  readonly life: readonly OrderNews[];
}

export interface ExplainedRefusal {
  readonly seq: number;
  readonly atMs: number;
  readonly event: CoreEvent | undefined;
  readonly refused: Refused;
}

/** Reads one order back by its client id. @returns undefined where no row places it */
export function explainOrder(rows: UnreadRows, clientId: string): ExplainedOrder | undefined {
  let event: CoreEvent | undefined;
  let found: Omit<ExplainedOrder, 'life'> | undefined;
  const life: OrderNews[] = [];
  for (const { seq, kind, atMs, payload } of pastRows(rows)) {
    if (kind === 'event') {
      event = payload;
      if (found !== undefined && names(event, clientId)) life.push({ seq, atMs, event });
    } else if (kind === 'decision')
      for (const decision of payload.decisions) {
        if (decision.kind === 'place' && decision.order.clientId === clientId)
          found = { seq, atMs, event, place: decision };
        else if (found !== undefined && names(decision, clientId)) life.push({ seq, atMs, decision });
      }
  }
  return found === undefined ? undefined : { ...found, life };
}

/** Reads the last refusal of a symbol back. @returns undefined where nothing was refused */
export function explainLastRefusal(rows: UnreadRows, instId: string): ExplainedRefusal | undefined {
  let event: CoreEvent | undefined;
  let found: ExplainedRefusal | undefined;
  for (const { seq, kind, atMs, payload } of pastRows(rows)) {
    if (kind === 'event') event = payload;
    else if (kind === 'decision')
      for (const decision of payload.decisions)
        if (decision.kind === 'refused' && decision.instId === instId) found = { seq, atMs, event, refused: decision };
  }
  return found;
}

export interface ExplainedChange {
  readonly seq: number;
  readonly governed: Governed;
}

/** Reads back what the governors changed, oldest first: of everything, or of a symbol and of what holds for all of them. */
export function explainGoverned(rows: UnreadRows, instId: string | undefined): ExplainedChange[] {
  const changes: ExplainedChange[] = [];
  for (const { seq, kind, payload } of pastRows(rows)) {
    if (kind !== 'decision') continue;
    for (const decision of payload.decisions)
      if (decision.kind === 'governed' && (instId === undefined || (decision.instId ?? instId) === instId))
        changes.push({ seq, governed: decision });
  }
  return changes;
}

function names(said: CoreEvent | Decision, clientId: string): boolean {
  return 'clientId' in said && said.clientId === clientId;
}
