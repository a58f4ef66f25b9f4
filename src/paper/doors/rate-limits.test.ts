import { expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';

const ROUTE = 'POST /api/v5/trade/order';

/** Asks `times` at a moment. @returns how often it was let through */
function asked(limits: RateLimits, atMs: number, times: number): number {
  let passed = 0;
  for (let n = 0; n < times; n += 1)
    try {
      limits.count('a', ROUTE, ['BTC-USDT-SWAP'], atMs);
      passed += 1;
    } catch {
      // 50011: what was refused is not counted.
    }
  return passed;
}

it('lets no window of two seconds have more than its orders, wherever it begins', () => {
  const limits = new RateLimits();
  expect([asked(limits, 0, 1), asked(limits, 1_999, 60), asked(limits, 2_000, 60)]).toEqual([1, 59, 1]);
  expect(asked(limits, 3_998, 60), 'what was asked at 1,999 is still within').toBe(0);
  expect(asked(limits, 3_999, 60)).toBe(59);
});

it('whoever is refused does not wait the longer for having asked', () => {
  const limits = new RateLimits();
  asked(limits, 0, 60);
  for (let atMs = 100; atMs < 2_000; atMs += 100) asked(limits, atMs, 60);
  expect(asked(limits, 2_000, 60)).toBe(60);
});

it('a batch that is refused for its last rows has used nothing up', () => {
  const limits = new RateLimits();
  const batch = (instId: string, rows: number) =>
    limits.count('a', 'POST /api/v5/trade/batch-orders', Array<string>(rows).fill(instId), 0);
  for (let n = 0; n < 14; n += 1) batch('BTC-USDT-SWAP', 20);
  batch('BTC-USDT-SWAP', 15);
  expect(() => batch('BTC-USDT-SWAP', 20), '295 of 300 are gone').toThrow('Too Many Requests');
  batch('BTC-USDT-SWAP', 5);
});
