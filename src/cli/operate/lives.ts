/**
 * The lives of a bot as its journal has them: each begins with a note of what it began with, and goes on with what the one before has left. Whoever
 * thinks the rows again, or folds them, begins each as a start would have.
 */
import type { Config } from '../../config/index.ts';
import { type Instrument, onSteps } from '../../core/instrument/instrument.ts';
import { beginOn } from '../../core/instrument/taken-grid.ts';
import { keepLadders } from '../../core/ladder/kept-ladder.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { beginSeries, loadRegistry, saveRegistry } from '../../core/saved-registry.ts';
import type { JournalReader, JournalRow } from '../../journal/journal.ts';
import type { Release } from '../shell/release.ts';
import { type Started, startedIn } from './started-note.ts';

/** @param before what the life before has left; undefined: this is the first */
export function beginLife(started: Started, { policy }: Config, before: Registry | undefined): Registry {
  const { run, feeRates, balance, traced } = started;
  // What an older release did not note of them is made of what it did.
  const instruments = started.instruments.map((each) => onSteps(each, each));
  const registry = newRegistry({
    run,
    policy: { ...policy, execution: { ...policy.execution, feeRates } },
    instruments,
    balance,
    traced,
    ready: false,
    // No life begins without a symbol that something is open of, but for that reason.
    delisted: new Set(
      before?.symbols.map(({ instrument }) => instrument.instId).filter((instId) => !isAmong(instruments, instId)),
    ),
  });
  if (before === undefined) return registry;
  for (const symbol of loadRegistry(registry, saveRegistry(before))) beginSeries(registry, symbol);
  keepLadders(registry, before.policy.scaling, registry.policy.scaling);
  beginOn(registry, instruments);
  return registry;
}

function isAmong(instruments: readonly Instrument[], asked: string): boolean {
  return instruments.some(({ instId }) => instId === asked);
}

const PROGRESS_EVERY = 1_000;

/** The rows of a journal, life by life: each begins with its note of the start. Rows before the first are nobody's. */
export class Lives {
  rows = 0;
  count = 0;
  /** Of the life that was given last; undefined: it did not note it. */
  release: Release | undefined;
  readonly #iterator: Iterator<JournalRow>;
  readonly #progress: (rows: number) => void;
  #next: Started | undefined;

  constructor(journal: JournalReader, progress: (rows: number) => void) {
    this.#iterator = journal.rows();
    this.#progress = progress;
  }

  /** The next life, whose rows {@link rowsOfLife} gives. */
  next(): Started | undefined {
    for (const _ of this.rowsOfLife());
    const started = this.#next;
    this.#next = undefined;
    if (started === undefined) return undefined;
    this.count += 1;
    this.release = started.release;
    return started;
  }

  *rowsOfLife(): Generator<JournalRow> {
    while (this.#next === undefined) {
      const { done, value } = this.#iterator.next();
      if (done === true) return;
      this.rows += 1;
      if (this.rows % PROGRESS_EVERY === 0) this.#progress(this.rows);
      this.#next = startedIn(value);
      if (this.#next === undefined) yield value;
    }
  }
}
