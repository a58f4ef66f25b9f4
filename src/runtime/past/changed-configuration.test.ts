/** design.md §6: a configuration that changes while positions are open. Their ladder, base and number of rungs stay as at their entry, every limit is the new one. */
import { describe, expect, it } from 'vitest';
import { type JournaledOptions, JournaledScript } from '../../../test/life.ts';
import { PRICE } from '../../../test/script.ts';
import { coefficientsLeftFor, rulesFor } from '../../core/ladder/kept-ladder.ts';

const OURS = { ladder: [0.5, 0.4, 0.3], max_additions: 3, min_interval_seconds: 0 };
const THEIRS = { ladder: [0.1], max_additions: 1, min_interval_seconds: 3_600 };

/** One that stands in its configuration's ladder. */
class Life extends JournaledScript {
  /** The process dies, and the next one is configured so. */
  restarted(scaling: object): Life {
    return lifeOf(scaling, this.journal);
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
}

const lifeOf = (scaling: object, more: JournaledOptions = {}) =>
  new Life({ config: { position_scaling: scaling }, ...more });

function climbing(): Life {
  const life = lifeOf(OURS);
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
    const other = lifeOf({ ...THEIRS, min_interval_seconds: 0 });
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
    const before = lifeOf(OURS);
    before.save();
    before.enter(1);
    const ours = before.rules();
    expect(before.restarted(THEIRS).rules()).toEqual({ ...ours, intervalMs: 3_600_000 });
  });
});

describe('a position of the new configuration', () => {
  it('has the new ladder', () => {
    const life = lifeOf(OURS).restarted(THEIRS);
    life.enter(1);
    expect(life.position.keptScaling).toBeUndefined();
    expect(life.rules().additionsMax).toBe(1);
    expect(life.restarted(THEIRS).position.keptScaling, 'and nothing is kept where nothing changes').toBeUndefined();
  });
});

describe('a journal of a release that did not say', () => {
  it('goes on with today’s ladder', () => {
    const before = lifeOf(OURS, { isNoted: false });
    before.enter(1);
    const after = lifeOf(THEIRS, { ...before.journal, isNoted: false });
    expect([after.position.keptScaling, after.rules().additionsMax]).toEqual([undefined, 1]);
  });
});
