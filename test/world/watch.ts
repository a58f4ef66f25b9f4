/**
 * The middle's ear for what the exchange says of itself (notices.ts), as okx/watches/instrument-watch.ts and okx/watches/maintenance-watch.ts are the bot's: changes are
 * pushed, what was missed is read; each word is told once a life, and a changed grid stays changed for it.
 */
import type { GridChange, InstrumentSaid, MaintenanceSaid } from '../../src/core/event.ts';

export type Notice = InstrumentSaid | MaintenanceSaid;

export interface WatchSettings {
  readonly nowMs: () => number;
  /** Asks for both lists; the answer comes to {@link Watch.read}, a failure to {@link Watch.failed}. */
  readonly ask: () => void;
  readonly hear: (event: Notice) => void;
}

/** Read all the same, as there: hardly once in a seed. */
const READ_EVERY_MS = 600_000;
/** After a failure, and after a push, which an older answer may contradict. */
const READ_AGAIN_MS = 10_000;

export class Watch {
  readonly #settings: WatchSettings;
  readonly #told = new Map<string, string>();
  readonly #changes = new Map<string, readonly GridChange[]>();
  #dueAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #pushedAt = Number.NEGATIVE_INFINITY;

  constructor(settings: WatchSettings) {
    this.#settings = settings;
  }

  /** Something may have been missed. */
  missed(): void {
    this.#dueAt = Number.NEGATIVE_INFINITY;
  }

  /** Asks where that is due. Called often. */
  look(): void {
    const now = this.#settings.nowMs();
    if (now < this.#dueAt) return;
    this.#askedAt = now;
    this.#dueAt = now + (now < this.#pushedAt + READ_AGAIN_MS ? READ_AGAIN_MS : READ_EVERY_MS);
    this.#settings.ask();
  }

  failed(): void {
    this.#dueAt = this.#settings.nowMs() + READ_AGAIN_MS;
  }

  /** A push. */
  hear(event: Notice): void {
    this.#pushedAt = this.#settings.nowMs();
    this.#dueAt = Math.min(this.#dueAt, this.#pushedAt + READ_AGAIN_MS);
    this.#tell(event);
  }

  /** The lists; what was pushed since they were asked for is newer. */
  read(events: readonly Notice[]): void {
    if (this.#pushedAt < this.#askedAt) for (const event of events) this.#tell(event);
  }

  #tell(event: Notice): void {
    const said = event.kind === 'instrument' ? { ...event, changes: this.#changesOf(event) } : event;
    const text = JSON.stringify({ ...said, at: 0 });
    const about = said.kind === 'instrument' ? said.instId : '';
    if (this.#told.get(about) === text) return;
    this.#told.set(about, text);
    this.#settings.hear(said);
  }

  #changesOf({ instId, changes }: InstrumentSaid): readonly GridChange[] {
    if (changes.length > 0) this.#changes.set(instId, changes);
    return this.#changes.get(instId) ?? [];
  }
}
