/**
 * Recovery: snapshot, then the rows after it. Events are folded, decisions are loaded as they were recorded; nothing is decided again
 * (design.md §6, Upgrade). The registry comes back not ready: the exchange must be read before anything is added.
 */
import type { Decision } from '../core/decision.ts';
import type { CoreEvent } from '../core/event.ts';
import type { Registry } from '../core/registry.ts';
import { loadRegistry, loadTouched, type Plain } from '../core/saved-registry.ts';
import { fold } from '../core/step.ts';
import { decodeState, type DecisionRow } from './loop.ts';
import type { JournalPast } from './ports.ts';

export interface Recovered {
  readonly rows: number;
  /** Decided and durable, but perhaps never sent: the last decisions of the journal. What they asked for is asked of the exchange, not sent again. */
  readonly lastDecisions: readonly Decision[];
}

/** Brings a fresh registry to where the journal ends. @throws {RangeError} on a state that does not fit the configuration. */
export function recover(registry: Registry, past: JournalPast, progress?: (rows: number) => void): Recovered {
  const snapshot = past.latestSnapshot();
  if (snapshot !== undefined) loadRegistry(registry, decodeState(snapshot.state) as Plain);
  let rows = 0;
  let lastDecisions: readonly Decision[] = [];
  for (const { kind, payload } of past.rows((snapshot?.seq ?? 0) + 1)) {
    if (kind === 'event') fold(registry, payload as CoreEvent);
    else if (kind === 'decision') {
      const { decisions, after } = payload as DecisionRow;
      loadTouched(registry, after as Plain);
      lastDecisions = decisions;
    }
    rows += 1;
    if (progress !== undefined && rows % PROGRESS_EVERY === 0) progress(rows);
  }
  registry.ready = false;
  registry.differences = undefined;
  for (const open of registry.orders.values()) {
    if (open.state === 'sent') open.state = 'unknown';
  }
  return { rows, lastDecisions };
}

const PROGRESS_EVERY = 50_000;
