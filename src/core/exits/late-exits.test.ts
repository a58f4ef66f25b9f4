/** A position that began before its market was known gets an entry's exits once an entry could be planned. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script, type ScriptOptions, START } from '../../../test/script.ts';
import type { CandleClosed, CoreEvent } from '../event.ts';
import type { Side } from '../numbers/units.ts';
import { loadRegistry, loadTouched, saveRegistry, saveTouched } from '../saved-registry.ts';
import { fold } from '../step.ts';

const { instId } = SCRIPT_SWAP;
const LOTS = 5_000;

/** Two readings find a position at `PRICE`; what the ATR is then, `atrTicks` says. */
function adopted(side: Side, atrTicks: number | undefined, options: ScriptOptions = {}): Script {
  const script = new Script(options);
  script.market.atrTicks = atrTicks;
  script.wait(3_000);
  for (let reading = 0; reading < 2; reading++) {
    script.now += 2_000;
    script.price(PRICE);
    const { balance } = script.registry;
    const costUnits = LOTS * PRICE * SCRIPT_SWAP.moneyPerTickLot;
    const positions = [{ instId, signedLots: side * LOTS, costUnits, leverage: 5 }];
    script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders: [] });
  }
  expect(script.position.holding).toMatchObject({ lots: LOTS, side });
  return script;
}

/** The next minute closes at a price, and the ATR is known. */
function known(script: Script, close = PRICE): Script {
  script.market.atrTicks = 50;
  script.candle(close);
  return script;
}

const standing = (script: Script) => ({ stop: script.live('stop').ticks, target: script.live('target').ticks });

describe.each([['long', 1] as const, ['short', -1] as const])(
  'a %s that is adopted before the ATR is known',
  (_, side) => {
    it('stands where the largest loss of a position allows, and no target is near', () => {
      const { stop, target } = standing(adopted(side, undefined));
      const lossMost = Math.floor(20 / (LOTS * 0.00001));
      expect(side * (PRICE - stop)).toBe(lossMost);
      expect(side * (target - PRICE)).toBeGreaterThan(side === 1 ? PRICE : PRICE - 2);
    });

    it('has the exits of one that was adopted when it was, once it is', () => {
      const late = known(adopted(side, undefined));
      const warm = known(adopted(side, 50));
      expect(standing(late)).toEqual(standing(warm));
      const { tunedAt: _late, ...exits } = late.position.exits;
      const { tunedAt: _warm, ...theirs } = warm.position.exits;
      expect(exits).toEqual(theirs);
      expect(late.position.regime).toBe(warm.position.regime);
      expect(late.symbol.deadlineMs).toBe(warm.symbol.deadlineMs);
    });

    it('waits for it through candles that do not tell it', () => {
      const script = adopted(side, undefined);
      const before = standing(script);
      script.candle(PRICE);
      expect([standing(script), script.position.exits.isUnplanned]).toEqual([before, true]);
    });

    it('is closed by a candle that closes where its stop will stand, not by one a tick before', () => {
      const place = standing(known(adopted(side, undefined))).stop;
      for (const [ticks, closing] of [
        [0, 'stop'],
        [1, undefined],
      ] as const)
        expect(known(adopted(side, undefined), place + side * ticks).position.closing).toBe(closing);
    });

    it('is planned once: a later ATR changes nothing', () => {
      const script = known(adopted(side, undefined));
      const before = standing(script);
      script.market.atrTicks = 200;
      script.candle(PRICE);
      expect(standing(script)).toEqual(before);
    });

    it('is trailed from then on where the mark has come so far before, as one whose ATR was known is', () => {
      const won = PRICE + side * 400;
      const trailed = (atrTicks: number | undefined) => {
        const script = adopted(side, atrTicks);
        script.price(won);
        known(script, won);
        script.price(won);
        return [script.live('stop').ticks, script.position.exits.stopReason];
      };
      expect(trailed(50)[1]).toBe('trailing');
      expect(trailed(undefined)).toEqual(trailed(50));
    });

    it('closes at the market where the mark has passed the stop that it would have', () => {
      const script = adopted(side, undefined);
      const { stop } = standing(known(adopted(side, undefined)));
      const before = script.decisions.length;
      known(script, stop - side);
      expect(script.position.closing).toBe('stop');
      expect(script.live('close').order.terms.type).toBe('market');
      const amended = script.ofKind('amend', script.decisions.slice(before));
      expect(
        amended.filter(({ triggerTicks }) => triggerTicks !== undefined),
        'no stop beyond the mark',
      ).toEqual([]);
    });
  },
);

describe('a position whose market is not known', () => {
  it('is not planned by a minute that is read late', () => {
    const script = adopted(1, undefined);
    const before = standing(script);
    script.market.atrTicks = 50;
    script.wait(600_000);
    const openMinute = Math.floor(START / 60_000);
    const old: CandleClosed = {
      kind: 'candle-closed',
      at: (openMinute + 1) * 60_000,
      instId,
      openMinute,
      openTicks: PRICE,
      highTicks: PRICE,
      lowTicks: PRICE,
      closeTicks: PRICE,
      volumeLots: 1,
    };
    script.take(old);
    expect(standing(script)).toEqual(before);
    known(script);
    expect(standing(script)).not.toEqual(before);
  });

  it('is left alone where a person wants that', () => {
    const script = adopted(1, undefined, { execution: { unknownPosition: 'alert' } });
    known(script);
    expect([script.has('stop'), script.has('target')]).toEqual([false, false]);
    expect(script.position.exits.isUnplanned).toBe(true);
  });

  it('that a person leaves alone and gives a base to much later has its time from then on', () => {
    const script = adopted(1, undefined, { execution: { unknownPosition: 'alert' } });
    script.wait(48 * 3_600_000);
    script.price(PRICE);
    script.take({ kind: 'operator', at: script.now, command: { do: 'base', by: 'test', instId } });
    const { timeLimitAt } = script.position.exits;
    expect(timeLimitAt).toBeGreaterThan(script.now);
    known(script);
    expect(script.position.exits).toMatchObject({ timeLimitAt });
    expect(script.position.exits.isUnplanned).toBeUndefined();
    script.wait(60_000);
    expect(script.position.closing).toBeUndefined();
  });

  it('is planned by the next life too, and its rows alone bring it back', () => {
    const script = adopted(1, undefined);
    const saved = saveRegistry(script.registry);
    const next = new Script();
    loadRegistry(next.registry, saved);
    for (const [clientId, booked] of script.book) next.book.set(clientId, booked);
    next.now = script.now;
    expect(standing(known(next))).toEqual(standing(known(script)));

    const recovered = new Script();
    loadRegistry(recovered.registry, saved);
    const rows: CoreEvent[] = [{ kind: 'time', at: next.now }];
    for (const row of rows) fold(recovered.registry, row);
    expect(recovered.position.exits.isUnplanned, 'nothing is decided again').toBe(true);
    script.symbol.touched = true;
    loadTouched(recovered.registry, saveTouched(script.registry));
    expect(recovered.position.exits).toEqual(script.position.exits);
  });

  it('of an entry of ours there is none: it keeps what it was judged with', () => {
    const script = new Script().enter(1);
    const before = { ...script.position.exits };
    expect(before.isUnplanned).toBeUndefined();
    script.market.atrTicks = 200;
    script.candle(PRICE);
    expect(script.position.exits).toEqual(before);
  });
});
