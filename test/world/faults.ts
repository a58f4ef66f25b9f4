/**
 * What may go wrong, by name; and the swarm: every seed switches some of it on, each at a rate of its own.
 *
 * A fault draws from its own stream of the seed, so that taking one away (shrinking) leaves the others as they were.
 */
import { Random } from '../../src/sim/market/random.ts';

/** Per message: the chance that this one is struck. */
const PER_MESSAGE = {
  'push-lost': 0.02,
  'push-doubled': 0.03,
  'push-late': 0.02,
  'push-reordered': 0.05,
  'push-replayed': 0.01,
  'request-lost': 0.03,
  'request-late': 0.03,
  'request-doubled': 0.02,
  'answer-lost': 0.03,
  /** What was asked arrives; nothing comes back for a while, by no way. */
  outage: 0.02,
  'answer-late': 0.03,
  'timeout-untold': 0.8,
  'code-rejected': 0.03,
  'code-unknown': 0.03,
  /** Something in front gives up on an order or an amendment; the exchange takes it later all the same, if it still may. */
  'taken-late': 0.03,
  'rate-limit': 0.03,
  /** The answer comes from a copy of the exchange's books that is older than the question. */
  'query-lagging': 0.5,
  /** The newest fills are not yet in the list of fills, but in the position. */
  'fills-lagging': 0.15,
  'price-lost': 0.1,
  'price-stale': 0.05,
  'price-crossed': 0.02,
  'trade-id-empty': 0.03,
  'slow-sync': 0.02,
  crash: 0.0005,
} as const;

/** By the clock: how often a minute. */
const PER_MINUTE = {
  disconnect: 0.5,
  'partition-push': 0.4,
  'partition-request': 0.3,
  'partition-answer': 0.3,
  'slow-answers': 0.6,
  maintenance: 0.2,
  'hand-buy': 0.25,
  'hand-sell': 0.25,
  'hand-close': 0.25,
  'hand-cancel': 0.6,
  'foreign-order': 0.3,
  adl: 0.25,
  liquidation: 0.2,
  'leverage-by-hand': 0.4,
  'mode-by-hand': 0.1,
  'clock-jump': 0.3,
  'price-gap': 0.3,
  'event-flood': 0.2,
  'process-kill': 0.3,
  'disk-full': 0.15,
  'torn-tail': 0.1,
  'rows-unvouched': 0.2,
  'bit-flip': 0.1,
  'snapshot-rot': 0.1,
  'journal-lost': 0.08,
  'operator-pause': 0.2,
  'operator-flatten': 0.15,
  funding: 0.5,
  'instrument-stopped': 0.25,
  'instrument-delisted': 0.1,
  'grid-changed': 0.1,
  'maintenance-announced': 0.3,
  'operator-base': 0.3,
  'operator-leave': 0.15,
  'orders-swept': 0.2,
  'process-frozen': 0.15,
  'cash-moved': 0.15,
  // New ones come last: so the stories of seeds without them stay what they were.
  'targets-refused': 0.25,
  'limits-lowered': 0.2,
  'contract-changed': 0.15,
  'grid-between-lives': 0.15,
  'grid-under-way': 0.2,
  'hand-cross': 0.3,
} as const;

/** What happens by itself, and is only counted. */
export const NATURAL = ['partial-fill', 'duplicate-id'] as const;

export type MessageFault = keyof typeof PER_MESSAGE;
export type TimedFault = keyof typeof PER_MINUTE;
export type FaultName = MessageFault | TimedFault;
export type Met = FaultName | (typeof NATURAL)[number];

const MESSAGE_FAULTS = Object.keys(PER_MESSAGE) as MessageFault[];
export const TIMED_FAULTS = Object.keys(PER_MINUTE) as TimedFault[];
export const FAULT_NAMES: readonly FaultName[] = [...MESSAGE_FAULTS, ...TIMED_FAULTS];

/** None of these keeps anybody from covering, answering or closing: recovery is not given more time for them. */
const HARMLESS: ReadonlySet<FaultName> = new Set<FaultName>([
  'push-doubled',
  'push-replayed',
  'price-lost',
  'price-crossed',
  'foreign-order',
  'funding',
  'targets-refused',
  'maintenance-announced',
  'operator-base',
]);

/** Streams of the seed that are not a fault's own. */
const SWARM_STREAM = 999;
const FIRST_STREAM = 1_000;

export class Faults {
  /** How often each was met. */
  readonly met: Partial<Record<Met, number>> = {};
  readonly enabled: ReadonlySet<FaultName>;
  /** When one last struck that recovery needs time for; −Infinity before. */
  lastStruckAt = Number.NEGATIVE_INFINITY;
  isActive = true;
  readonly #rates: ReadonlyMap<FaultName, number>;
  readonly #streams: ReadonlyMap<FaultName, Random>;
  readonly #nowMs: () => number;

  /** `only` leaves those of the swarm that it names. */
  constructor(seed: number, nowMs: () => number, only?: ReadonlySet<FaultName>) {
    this.#nowMs = nowMs;
    const swarm = Random.of(seed, SWARM_STREAM);
    const share = 0.1 + 0.4 * swarm.uniform();
    const rates = new Map<FaultName, number>();
    for (const name of FAULT_NAMES) {
      const isIn = swarm.uniform() < share;
      const scale = 3 ** (2 * swarm.uniform() - 1);
      const usual = name in PER_MESSAGE ? PER_MESSAGE[name as MessageFault] : PER_MINUTE[name as TimedFault];
      if (isIn && (only === undefined || only.has(name))) rates.set(name, usual * scale);
    }
    this.#rates = rates;
    this.enabled = new Set(rates.keys());
    this.#streams = new Map(FAULT_NAMES.map((name, index) => [name, Random.of(seed, FIRST_STREAM + index)]));
  }

  /** Whether this message is struck; counts it. */
  strikes(name: MessageFault): boolean {
    const rate = this.#rates.get(name);
    if (rate === undefined || this.of(name).uniform() >= rate || !this.isActive) return false;
    this.count(name);
    return true;
  }

  /** Minutes until the fault strikes next, exponentially distributed but for its longest tail; Infinity where it is off. */
  minutesUntil(name: TimedFault): number {
    const rate = this.#rates.get(name);
    if (rate === undefined) return Number.POSITIVE_INFINITY;
    const random = this.of(name);
    let minutes = 0;
    const slice = 0.1;
    while (random.uniform() >= rate * slice && minutes < 60) minutes += slice;
    return minutes + slice * random.uniform();
  }

  count(name: FaultName): void {
    this.see(name);
    if (!HARMLESS.has(name)) this.lastStruckAt = this.#nowMs();
  }

  see(name: Met): void {
    this.met[name] = (this.met[name] ?? 0) + 1;
  }

  /** The fault's own chance. */
  of(name: FaultName): Random {
    return this.#streams.get(name) as Random;
  }
}
