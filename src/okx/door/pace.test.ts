import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpoints, type Limit, orderLimits } from '../wire/endpoints.ts';
import { Pace } from './pace.ts';

const threeIn100: Limit = { name: 'three', count: 3, windowMs: 100, perInstrument: false };

describe('Pace', () => {
  test('lets through what fits and books the rest ahead, in the order of asking', () => {
    const pace = new Pace(0);
    const times = [1000, 1000, 1010, 1010, 1010, 1010, 1010].map((nowMs) =>
      pace.book({ limits: [threeIn100], nowMs, waitMsMax: 500 }),
    );
    expect(times.map((slot) => slot.kind === 'granted' && slot.atMs)).toEqual([
      1000, 1000, 1010, 1100, 1100, 1110, 1200,
    ]);
  });

  test.each([
    [1_149, 1_150],
    [1_150, 1_150],
  ])(
    'takes every window for longer than it is published: asked at %i, three and 100 ms later, it leaves at %i',
    (nowMs, atMs) => {
      const pace = new Pace(50);
      for (let i = 0; i < 3; i += 1) pace.book({ limits: [threeIn100], nowMs: 1000, waitMsMax: 0 });
      expect(pace.book({ limits: [threeIn100], nowMs, waitMsMax: 500 })).toEqual({ kind: 'granted', atMs });
    },
  );

  test('refuses what would wait longer than allowed, and books nothing for it', () => {
    const pace = new Pace(0);
    for (let i = 0; i < 3; i += 1) pace.book({ limits: [threeIn100], nowMs: 1000, waitMsMax: 0 });
    expect(pace.book({ limits: [threeIn100], nowMs: 1001, waitMsMax: 98 })).toEqual({
      kind: 'full',
      waitMs: 99,
      limit: 'three',
    });
    expect(pace.book({ limits: [threeIn100], nowMs: 1001, waitMsMax: 99 })).toEqual({ kind: 'granted', atMs: 1100 });
  });

  test('counts order operations per instrument, and all of them against the account', () => {
    const pace = new Pace(0);
    const placed = (instId: string) => pace.book({ limits: orderLimits.place, instId, nowMs: 0, waitMsMax: 0 }).kind;
    for (let i = 0; i < 60; i += 1) expect(placed('BTC-USDT-SWAP')).toBe('granted');
    expect(placed('BTC-USDT-SWAP')).toBe('full');
    for (let inst = 0; inst < 15; inst += 1)
      for (let i = 0; i < 60; i += 1) expect(placed(`C${inst}-USDT-SWAP`)).toBe('granted');
    for (let i = 0; i < 40; i += 1) expect(placed('X-USDT-SWAP')).toBe('granted');
    expect(placed('Y-USDT-SWAP'), 'the 1001st new order in two seconds').toBe('full');
  });

  test('a cancel does not wait for placings', () => {
    const pace = new Pace(0);
    for (let i = 0; i < 60; i += 1) pace.book({ limits: orderLimits.place, instId: 'A', nowMs: 0, waitMsMax: 0 });
    expect(pace.book({ limits: orderLimits.cancel, instId: 'A', nowMs: 0, waitMsMax: 0 }).kind).toBe('granted');
  });

  test('a batch costs its rows', () => {
    const pace = new Pace(0);
    const batch = () =>
      pace.book({ limits: orderLimits.placeBatch, instId: 'A', cost: 20, nowMs: 0, waitMsMax: 0 }).kind;
    expect(Array.from({ length: 16 }, batch).filter((kind) => kind === 'granted')).toHaveLength(15);
    expect(() => pace.book({ limits: [threeIn100], cost: 4, nowMs: 0, waitMsMax: 0 })).toThrow(
      '4 at once can never keep to "three", 3 in 100 ms',
    );
  });

  test('after a 50011 nothing leaves under that limit until the pause is over', () => {
    const pace = new Pace(0);
    pace.book({ limits: [threeIn100], nowMs: 1000, waitMsMax: 0 });
    pace.pause([threeIn100], undefined, 1500);
    expect(pace.book({ limits: [threeIn100], nowMs: 1010, waitMsMax: 0 }).kind).toBe('full');
    expect(pace.book({ limits: [threeIn100], nowMs: 1010, waitMsMax: 1000 })).toEqual({ kind: 'granted', atMs: 1500 });
  });

  test('law: however requests come, no window of any length-2s alignment holds more than its count', () => {
    const asked = fc.array(
      fc.record({ afterMs: fc.nat(60), cost: fc.integer({ min: 1, max: 3 }), both: fc.boolean() }),
      { maxLength: 80 },
    );
    const wide: Limit = { name: 'wide', count: 5, windowMs: 250, perInstrument: false };
    fc.assert(
      fc.property(asked, fc.nat(400), (requests, waitMsMax) => {
        const pace = new Pace(0);
        const sent: { atMs: number; of: Limit }[] = [];
        let nowMs = 0;
        for (const request of requests) {
          nowMs += request.afterMs;
          const limits = request.both ? [threeIn100, wide] : [threeIn100];
          const slot = pace.book({ limits, cost: request.cost, nowMs, waitMsMax });
          if (slot.kind === 'full') {
            expect(slot.waitMs).toBeGreaterThan(waitMsMax);
            continue;
          }
          expect(slot.atMs).toBeGreaterThanOrEqual(nowMs);
          expect(slot.atMs - nowMs).toBeLessThanOrEqual(waitMsMax);
          for (const of of limits) for (let i = 0; i < request.cost; i += 1) sent.push({ atMs: slot.atMs, of });
        }
        for (const limit of [threeIn100, wide]) {
          const times = sent.filter(({ of }) => of === limit).map(({ atMs }) => atMs);
          for (const startMs of times)
            expect(
              times.filter((atMs) => atMs >= startMs && atMs < startMs + limit.windowMs).length,
            ).toBeLessThanOrEqual(limit.count);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('every endpoint that writes is private and limited', () => {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      expect(endpoint.limits.length, name).toBeGreaterThan(0);
      expect(endpoint.method === 'POST', name).toBe(endpoint.writes);
      if (endpoint.writes) expect(endpoint.isPrivate, name).toBe(true);
    }
  });
});
