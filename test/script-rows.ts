/** A script whose events and decisions are kept as the rows that a journal would hold of them, from its first step on. */
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent } from '../src/core/event.ts';
import { saveTouched } from '../src/core/saved-registry.ts';
import type { JournalRow } from '../src/journal/journal.ts';
import { decodePayload, encodePayload } from '../src/journal/rows/codec.ts';
import { Script } from './script.ts';

export type Row = JournalRow;

export class ScriptRows extends Script {
  readonly #rows: Row[] = [];

  get rows(): Row[] {
    return this.#rows;
  }

  override takeAlone(event: CoreEvent): Decision[] {
    const decided = super.takeAlone(event);
    // What makes the script is no part of it.
    if (#rows in this) {
      this.#add('event', event);
      if (decided.length > 0 || this.registry.touched.length > 0)
        this.#add('decision', { decisions: decided, after: saveTouched(this.registry) });
    }
    return decided;
  }

  /** As it comes back from a journal. */
  #add(kind: 'event' | 'decision', payload: unknown): void {
    const { form, text } = encodePayload(payload);
    this.#rows.push({ seq: this.#rows.length + 1, kind, atMs: this.now, payload: decodePayload(form, text) });
  }
}
