/**
 * Replay: today's code thinks a journal's events again, and the first row where it decides otherwise is told, with field, old and new value.
 *
 * Recovery never does this (recover.ts); it is for the one who changed a rule and wants to see what it would have changed.
 */
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Registry } from '../../core/registry.ts';
import { step } from '../../core/step.ts';
import { type PastRow, pastRows, type UnreadRows } from './past-row.ts';

export interface Rethought {
  /** Row of the recorded decisions, or of the event where nothing had been decided. */
  readonly seq: number;
  readonly atMs: number;
  /** The event that was thought about. */
  readonly event: CoreEvent;
  /** `decisions[0].order.sizeLots` */
  readonly field: string;
  /** Undefined: it was not there. */
  readonly was: unknown;
  readonly is: unknown;
}

type EventRow = Extract<PastRow, { readonly kind: 'event' }>;

/**
 * Thinks the rows of a whole journal again, from a fresh registry of the same run, configuration and first balance.
 * @returns the first difference; undefined where every decision is the same
 */
export function rethink(registry: Registry, rows: UnreadRows): Rethought | undefined {
  let thought: { readonly row: EventRow; readonly decisions: readonly Decision[] } | undefined;
  for (const row of pastRows(rows)) {
    if (row.kind === 'note') continue;
    if (row.kind === 'decision') {
      const { decisions } = row.payload;
      const differing = thought && differenceOf(decisions, thought.decisions, 'decisions');
      if (thought !== undefined && differing !== undefined) return told(row, thought.row, differing);
      thought = undefined;
      continue;
    }
    if (thought !== undefined && thought.decisions.length > 0) return told(thought.row, thought.row, unheard(thought));
    thought = { row, decisions: step(registry, row.payload) };
  }
  if (thought !== undefined && thought.decisions.length > 0) return told(thought.row, thought.row, unheard(thought));
  return undefined;
}

interface Difference {
  readonly field: string;
  readonly was: unknown;
  readonly is: unknown;
}

function unheard({ decisions }: { readonly decisions: readonly Decision[] }): Difference {
  return { field: 'decisions[0]', was: undefined, is: decisions[0] };
}

function told({ seq, atMs }: PastRow, { payload }: EventRow, difference: Difference): Rethought {
  return { seq, atMs, event: payload, ...difference };
}

/** The first place where two plain values differ, keys in their order; a field that is undefined is absent. */
function differenceOf(was: unknown, is: unknown, field: string): Difference | undefined {
  if (Object.is(was, is) || (was === 0 && is === 0)) return undefined;
  if (Array.isArray(was) && Array.isArray(is)) {
    for (let at = 0; at < Math.max(was.length, is.length); at++) {
      const found = differenceOf(was[at], is[at], `${field}[${at}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(was) || !isRecord(is)) return { field, was, is };
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (was[key] === undefined && NOT_RECORDED_ONCE.has(key)) continue;
    const found = differenceOf(was[key], is[key], `${field}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What an older release has not recorded: values beside a text that says the same, an alert's and those of gate `halted` (decision 0018), what an
 * exit stands on, and at which prices an order was judged.
 */
const NOT_RECORDED_ONCE: ReadonlySet<string> = new Set(['facts', 'halting', 'exit', 'judged']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
