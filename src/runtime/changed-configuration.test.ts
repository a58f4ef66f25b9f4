/** design.md §6: a configuration that changes while positions are open. Their ladder, base and number of rungs stay as at their entry, every limit is the new one. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script, SCRIPT_SWAP } from '../../test/script.ts';
import { decimal } from '../core/decimal.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent } from '../core/event.ts';
import { coefficientsLeftFor, rulesFor } from '../core/kept-ladder.ts';
import { newRegistry } from '../core/registry.ts';
import {
  loadRegistry,
  OtherGridError,
  type Plain,
  saveRegistry,
  saveScaling,
  saveTouched,
} from '../core/saved-registry.ts';
import { lots, money } from '../core/units.ts';
import { decodeState, encodeState } from './loop.ts';
import type { JournalPast } from './ports.ts';
import { recover } from './recover.ts';

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

const OURS = { ladder: [0.5, 0.4, 0.3], max_additions: 3, min_interval_seconds: 0 };
const THEIRS = { ladder: [0.1], max_additions: 1, min_interval_seconds: 3_600 };

const FRESH = { run: 'test', balance: money(100_000_000_000n), traced: false, ready: false } as const;

/** A life of the bot whose every thought is a row, as the loop writes them. */
class Life extends Script {
  readonly #rows: Row[];
  /** Rows that the snapshot stands for, and it; the newest. */
  snapshot: ReturnType<JournalPast['latestSnapshot']>;

  constructor(scaling: object, rows: Row[] = [], isNoted = true, snapshot: Life['snapshot'] = undefined) {
    super({ config: { position_scaling: scaling } });
    if (rows.length > 0)
      recover(this.registry, {
        rows: (fromSeq = 1) => rows.slice(fromSeq - 1),
        latestSnapshot: () => snapshot,
        lastSeq: rows.length,
      });
    this.#rows = rows;
    this.snapshot = snapshot;
    this.now = Math.max(this.now, this.registry.now);
    if (isNoted) this.#row('note', { kind: 'started', scaling: saveScaling(this.registry) });
    this.price(PRICE);
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

  get rows(): Row[] {
    return this.#rows;
  }

  /** The process dies, and the next one is configured so. */
  restarted(scaling: object): Life {
    return new Life(scaling, this.#rows, true, this.snapshot);
  }

  /** What holds for the next rung. */
  rules() {
    const { additionsMax, coefficients, intervalMs } = rulesFor(
      this.symbol,
      this.position,
      this.registry.profile,
      this.market.regime,
    );
    return { additionsMax, coefficients: coefficients.map(({ approx }) => approx), intervalMs };
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

function climbing(): Life {
  const life = new Life(OURS);
  life.enter(1);
  return life;
}

describe('a position that was open when the configuration changed', () => {
  it.each([
    ['every row', false],
    ['a snapshot and the rows after it', true],
  ])('keeps its ladder and its rungs, and meets the new limits (%s)', (_, hasSnapshot) => {
    const before = climbing();
    const ours = before.rules();
    if (hasSnapshot) before.save();
    const after = before.restarted(THEIRS);
    expect(after.position.entryLots).toBe(before.position.entryLots);
    expect(after.rules()).toEqual({ ...ours, intervalMs: 3_600_000 });
    const left = (life: Life) => coefficientsLeftFor(life.symbol, life.position, life.registry.profile);
    expect(left(after), 'and the worst case counts them').toEqual(left(before));
  });

  it('keeps it over every further start, back to the old one too', () => {
    const life = climbing();
    const ours = life.rules();
    life.save();
    let next: Life = life;
    for (const scaling of [THEIRS, THEIRS, OURS, THEIRS]) {
      next = next.restarted(scaling);
      const { intervalMs: _, ...ladder } = next.rules();
      expect({ ...ladder, intervalMs: 0 }).toEqual(ours);
    }
  });

  it('decides its next rung by it', () => {
    const before = climbing();
    const sizeOfNext = (life: Life) => {
      life.wait(60_000);
      life.price(PRICE - 20);
      return life.ofKind('place', life.signal(1)).find(({ order }) => order.role === 'rung')?.order.sizeLots;
    };
    const after = before.restarted({ ...THEIRS, min_interval_seconds: 0 });
    for (const [clientId, booked] of before.book) after.book.set(clientId, booked);
    after.registry.ready = true;
    const other = new Life({ ...THEIRS, min_interval_seconds: 0 });
    other.enter(1);
    const ours = sizeOfNext(before);
    expect(ours).toBeGreaterThan(0);
    expect(sizeOfNext(after)).toBe(ours);
    expect(sizeOfNext(other), 'another ladder, another rung').not.toBe(ours);
  });

  it('decides its next rung by its own base where the new ladder is longer: a new position would begin smaller', () => {
    const sizeOfNext = (life: Life) => {
      life.wait(60_000);
      return life.ofKind('place', life.signal(1)).find(({ order }) => order.role === 'rung')?.order.sizeLots;
    };
    const before = climbing();
    const after = before.restarted({ ...OURS, ladder: [1, 1, 1, 1, 1], max_additions: 5 });
    for (const [clientId, booked] of before.book) after.book.set(clientId, booked);
    after.registry.ready = true;
    const ours = sizeOfNext(before);
    expect(ours).toBeGreaterThan(0);
    expect(sizeOfNext(after)).toBe(ours);
  });

  it('was opened after the snapshot: its own life says what its ladder was', () => {
    const before = new Life(OURS);
    before.save();
    before.enter(1);
    const ours = before.rules();
    expect(before.restarted(THEIRS).rules()).toEqual({ ...ours, intervalMs: 3_600_000 });
  });
});

describe('a position of the new configuration', () => {
  it('has the new ladder', () => {
    const life = new Life(OURS).restarted(THEIRS);
    life.enter(1);
    expect(life.position.keptScaling).toBeUndefined();
    expect(life.rules().additionsMax).toBe(1);
    expect(life.restarted(THEIRS).position.keptScaling, 'and nothing is kept where nothing changes').toBeUndefined();
  });
});

describe('an instrument to which the exchange has given another grid', () => {
  const stateOf = () => {
    const life = climbing();
    life.save();
    return decodeState(life.snapshot?.state ?? '') as Plain;
  };
  const today = (bent: Partial<typeof SCRIPT_SWAP>) =>
    newRegistry({ ...FRESH, policy: new Script().policy, instruments: [{ ...SCRIPT_SWAP, ...bent }] });

  it.each([
    ['tick', { tickSize: decimal('0.001') }, '0.01', '0.001'],
    ['lot', { lotSize: decimal('0.1') }, '1', '0.1'],
    ['contract', { contractValue: decimal('0.01') }, '0.001', '0.01'],
  ] as const)(
    'has prices and sizes that mean something else: a state of the old %s is refused, and nothing of it is taken',
    (of, bent, was, is) => {
      const registry = today(bent);
      const before = encodeState(saveRegistry(registry));
      const load = () => loadRegistry(registry, stateOf());
      expect(load).toThrow(OtherGridError);
      expect(load).toThrow(`SCRIPT-USDT-SWAP: the saved state is written in a ${of} of ${was}, now it is ${is}`);
      expect(encodeState(saveRegistry(registry))).toBe(before);
    },
  );

  it('in other digits alone, or with another largest order, has the old one', () => {
    const registry = today({ tickSize: decimal('0.010'), lotsMaxMarketOrder: lots(5) });
    loadRegistry(registry, stateOf());
    expect(registry.symbols[0]?.position).toBeDefined();
  });

  it('is not seen in the state of a release that did not say it', () => {
    const life = climbing();
    life.save();
    const older = decodeState((life.snapshot?.state ?? '').replace(/,"grid":\{[^}]*\}/, '')) as Plain;
    expect(older).not.toEqual(stateOf());
    expect(() => loadRegistry(today({ tickSize: decimal('0.001') }), older)).not.toThrow();
  });
});

describe('a journal of a release that did not say', () => {
  it('goes on with today’s ladder', () => {
    const before = new Life(OURS, [], false);
    before.enter(1);
    const after = new Life(THEIRS, before.rows, false);
    expect([after.position.keptScaling, after.rules().additionsMax]).toEqual([undefined, 1]);
  });
});
