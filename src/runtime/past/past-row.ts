/**
 * A row of the journal as what it holds. The loop alone writes events and decisions, so a row's kind says what its payload is: this is the door
 * at which the journal's `unknown` gets its type, and nobody behind it casts.
 */
import type { CoreEvent } from '../../core/event.ts';
import type { DecisionRow } from '../loop.ts';
import type { JournalPast } from '../ports.ts';

export type UnreadRows = ReturnType<JournalPast['rows']>;

export type PastRow = { readonly seq: number; readonly atMs: number } & (
  | { readonly kind: 'event'; readonly payload: CoreEvent }
  | { readonly kind: 'decision'; readonly payload: DecisionRow }
  | { readonly kind: 'note'; readonly payload: unknown }
);

export function pastRows(rows: UnreadRows): Iterable<PastRow> {
  return rows as Iterable<PastRow>;
}
