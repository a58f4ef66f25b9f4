/** A scripted life of the bot whose every thought is a row of a journal, as the loop writes them; the next life recovers from it. */
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent } from '../src/core/event.ts';
import { type Plain, saveRegistry, saveScaling, saveTouched } from '../src/core/saved-registry.ts';
import { encodeState } from '../src/runtime/loop.ts';
import { type Recovered, recover } from '../src/runtime/past/recover.ts';
import type { JournalPast } from '../src/runtime/ports.ts';
import { PRICE, Script, type ScriptOptions } from './script.ts';

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

/** What a life leaves to the next one. */
export interface LeftJournal {
  readonly rows: Row[];
  /** The newest, and up to which row it stands for them. */
  readonly snapshot: ReturnType<JournalPast['latestSnapshot']>;
}

export interface JournaledOptions extends ScriptOptions, Partial<LeftJournal> {
  /** False: as a release that did not say how it began. */
  readonly isNoted?: boolean;
}

export class JournaledScript extends Script {
  readonly #rows: Row[];
  snapshot: LeftJournal['snapshot'];
  /** Undefined in the first life. */
  readonly recovered: Recovered | undefined;

  constructor(options: JournaledOptions = {}) {
    super(options);
    const { rows = [], snapshot, isNoted = true } = options;
    if (rows.length > 0)
      this.recovered = recover(this.registry, {
        rows: (fromSeq = 1) => rows.slice(fromSeq - 1),
        latestSnapshot: () => snapshot,
        lastSeq: rows.length,
      });
    this.#rows = rows;
    this.snapshot = snapshot;
    this.now = Math.max(this.now, this.registry.now);
    const instruments = this.registry.symbols.map(({ instrument }) => instrument);
    if (isNoted) this.#row('note', { kind: 'started', instruments, scaling: saveScaling(this.registry) });
    this.price(options.priceTicks ?? PRICE);
  }

  override takeAlone(event: CoreEvent): Decision[] {
    const decisions = super.takeAlone(event);
    // The constructor of the script takes events before there are rows.
    if (!(#rows in this)) return decisions;
    this.#row('event', event);
    this.#row('decision', { decisions, after: saveTouched(this.registry) });
    return decisions;
  }

  save(): void {
    this.snapshot = { seq: this.#rows.length, state: encodeState(saveRegistry(this.registry)) };
  }

  /** The process dies here. */
  get journal(): LeftJournal {
    return { rows: this.#rows, snapshot: this.snapshot };
  }

  #row(kind: string, payload: unknown): void {
    const stored = JSON.parse(encodeState(payload), (_, value: unknown) =>
      typeof value === 'object' && value !== null && '$' in value && value.$ === 'bigint' && 'digits' in value
        ? BigInt(String(value.digits))
        : value,
    ) as Plain;
    this.#rows.push({ seq: this.#rows.length + 1, kind, atMs: this.now, payload: stored });
  }
}
