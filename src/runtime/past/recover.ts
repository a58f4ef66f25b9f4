/**
 * Recovery: snapshot, then the rows after it. Events are folded, decisions are loaded as they were recorded; nothing is decided again
 * (design.md §6, Upgrade). What the restart itself means, the loop hears as its first event: nothing is added before the exchange was read.
 */
import type { CoreEvent } from '../../core/event.ts';
import { beginOn, type GridTaken, takeGrids } from '../../core/instrument/taken-grid.ts';
import { keepLadders } from '../../core/ladder/kept-ladder.ts';
import type { ScalingPolicy } from '../../core/policy.ts';
import type { Registry, SymbolState } from '../../core/registry.ts';
import {
  beginSeries,
  LeftOutError,
  loadRegistry,
  loadTouched,
  notedInstruments,
  type Plain,
  savedScaling,
} from '../../core/saved-registry.ts';
import { fold } from '../../core/step.ts';
import { decodeState } from '../loop.ts';
import type { JournalPast } from '../ports.ts';
import { pastRows } from './past-row.ts';

export interface Recovered {
  /** Rows that were folded. */
  readonly rows: number;
  /** Where the snapshot stood; 0 where there was none. */
  readonly snapshotSeq: number;
  /** Symbols whose grid is another one than where the journal ends. */
  readonly gridsTaken: readonly GridTaken[];
}

/**
 * Brings a fresh registry to where the journal ends. Where one life of the bot was configured otherwise than the next, positions open between them
 * keep their ladder (core/ladder/kept-ladder.ts). Indicators that were saved with other periods begin anew. Every life's rows count in ticks and lots of its
 * own instruments, which its note says (core/instrument/taken-grid.ts).
 * @throws {LeftOutError} where the configuration lacks a symbol that may not be left out yet
 */
export function recover(registry: Registry, past: JournalPast): Recovered {
  const instruments = registry.symbols.map(({ instrument }) => instrument);
  const snapshot = past.latestSnapshot();
  let scaling: ScalingPolicy | undefined;
  let unfit: readonly SymbolState[] = [];
  const goOnWith = (next: ScalingPolicy) => {
    if (scaling !== undefined) keepLadders(registry, scaling, next);
    scaling = next;
  };
  if (snapshot !== undefined) {
    const state = decodeState(snapshot.state) as Plain;
    unfit = loadRegistry(registry, state);
    scaling = savedScaling(state);
  }
  let rows = 0;
  for (const { kind, payload } of pastRows(past.rows((snapshot?.seq ?? 0) + 1))) {
    if (kind === 'event') foldConfigured(registry, payload);
    else if (kind === 'decision') loadTouched(registry, payload.after);
    else {
      goOnWith(savedScaling(payload) ?? scaling ?? registry.policy.scaling);
      takeGrids(registry, notedInstruments(payload));
    }
    rows += 1;
  }
  goOnWith(registry.policy.scaling);
  // Not before: the rows after the snapshot are too few to be warmed up by.
  for (const symbol of unfit) beginSeries(registry, symbol);
  return { rows, snapshotSeq: snapshot?.seq ?? 0, gridsTaken: beginOn(registry, instruments) };
}

/** Of a symbol that is configured no more the market is nobody's business. */
function foldConfigured(registry: Registry, event: CoreEvent): void {
  if (!('instId' in event) || registry.byInstId.has(event.instId)) return fold(registry, event);
  if (registry.delisted.has(event.instId)) return;
  if (event.kind === 'filled' || event.kind === 'funding-settled') throw new LeftOutError(event.instId, 'traded');
}
