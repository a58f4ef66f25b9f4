import { expect, test } from 'vitest';
import { rowCheck } from './row-chain.ts';

test('each part of a row, and the row before it, is in its check', () => {
  const checks = [
    rowCheck(7, 1, 0, 0, 1_000, 'text'),
    rowCheck(8, 1, 0, 0, 1_000, 'text'),
    rowCheck(7, 2, 0, 0, 1_000, 'text'),
    rowCheck(7, 1, 1, 0, 1_000, 'text'),
    rowCheck(7, 1, 0, 1, 1_000, 'text'),
    rowCheck(7, 1, 0, 0, 1_001, 'text'),
    rowCheck(7, 1, 0, 0, 1_000, 'Text'),
  ];
  expect(new Set(checks).size).toBe(checks.length);
});

test('a check never changes its meaning: this is what stands in every journal', () => {
  expect(rowCheck(0, 1, 0, 0, 1_700_000_000_000, '{"kind":"tick"}')).toBe(568_066_146);
});
