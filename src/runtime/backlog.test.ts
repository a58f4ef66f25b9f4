/** What is kept of a queue that nobody can think through (reliability.md, "No double orders" 5: fills are a set by instrument and trade id). */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Script } from '../../test/script.ts';
import type { CoreEvent } from '../core/event.ts';
import { money } from '../core/numbers/units.ts';
import { bookingsOnce, newsToKeep } from './backlog.ts';

const instIds = fc.constantFrom('A-USDT-SWAP', 'B-USDT-SWAP');
const small = fc.integer({ min: 1, max: 3 });

it('of fills and funding each is kept once, whatever else is called the same on another instrument', () => {
  const fill = new Script().fillEvent(1, 1, 10_000);
  const fills = fc.record({ instId: instIds, trade: small });
  const settlements = fc.record({ instId: instIds, at: small });
  fc.assert(
    fc.property(fc.array(fills), fc.array(settlements), (filled, settled) => {
      const kept = bookingsOnce([
        ...filled.map(({ instId, trade }) => ({ ...fill, instId, tradeId: `${trade}` })),
        ...settled.map((each) => ({ kind: 'funding-settled' as const, ...each, amount: money(1n) })),
      ]);
      const different = (each: readonly object[]) => new Set(each.map((one) => JSON.stringify(one))).size;
      expect(kept.size).toBe(different(filled) + different(settled));
    }),
  );
});

it('of news as many are kept as there is room for: last words before minutes, and of minutes the newest', () => {
  const prices = { openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volumeLots: 1 };
  const news = fc.oneof(
    instIds.map(
      (instId) =>
        (at: number): CoreEvent => ({
          ...prices,
          kind: 'candle-closed',
          at,
          instId,
          openMinute: at,
        }),
    ),
    instIds.map(
      (instId) =>
        (at: number): CoreEvent => ({ kind: 'instrument', at, instId, stopped: '', changes: [] }),
    ),
    fc.constant((at: number): CoreEvent => ({ kind: 'maintenance', at, windows: [] })),
    fc.constant((at: number): CoreEvent => ({ kind: 'fee-rates', at, maker: '0.0002', taker: '0.0005' })),
    fc.constant((at: number): CoreEvent => ({ kind: 'order-accepted', at, clientId: 'x' })),
  );
  fc.assert(
    fc.property(fc.array(news, { maxLength: 20 }), fc.integer({ min: -3, max: 20 }), (made, most) => {
      const events = made.map((of, n) => of(n));
      const kept = newsToKeep(events, most);
      const about = (event: CoreEvent) => (event.kind === 'instrument' ? event.instId : event.kind);
      const lastWords = events.filter(
        (event, n) =>
          ['instrument', 'maintenance', 'fee-rates'].includes(event.kind) &&
          !events.slice(n + 1).some((later) => later.kind === event.kind && about(later) === about(event)),
      );
      const minutes = events.filter(({ kind }) => kind === 'candle-closed');
      const room = Math.min(Math.max(0, most), lastWords.length + minutes.length);
      expect(kept.length).toBe(room);
      const forMinutes = Math.max(0, room - lastWords.length);
      expect(new Set(kept.filter(({ kind }) => kind === 'candle-closed'))).toEqual(
        new Set(minutes.slice(minutes.length - forMinutes)),
      );
      for (const event of kept) if (event.kind !== 'candle-closed') expect(lastWords).toContain(event);
    }),
  );
});
