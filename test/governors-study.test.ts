/** The study behind docs/governors.md, in small: a row for every variant, differences within a seed, intervals as they should be. */
import { describe, expect, it } from 'vitest';
import { frequencyOf, governorsStudy, meanOf, studyTable, VARIANTS } from '../scripts/governors-study.ts';

const study = () =>
  governorsStudy({
    seeds: [1, 2],
    days: 1,
    preset: 'conservative',
    ruin: 0.002,
    threads: 1,
    progress: () => undefined,
    isStopped: () => false,
  });

describe('the study', () => {
  it('gives every variant its row and compares with off', { timeout: 120_000 }, async () => {
    const rows = await study();
    expect(rows.map(({ name }) => name)).toEqual(VARIANTS.map(({ name }) => name));
    expect(rows[0]).toMatchObject({ netGained: { value: 0 }, drawdownGained: { value: 0 } });
    expect(new Set(rows.map(({ net }) => net.value)).size, 'governors make a difference').toBeGreaterThan(4);
    for (const { net, netGained, ruin, seeds, trades } of rows) {
      expect(seeds).toBe(2);
      expect(trades).toBeGreaterThan(5);
      expect(net.value - netGained.value).toBeCloseTo(rows[0]?.net.value ?? 0, 8);
      expect(ruin.low).toBeLessThanOrEqual(ruin.value);
      expect(ruin.value).toBeLessThanOrEqual(ruin.high);
    }
    expect(studyTable(rows, 0.002)).toHaveLength(2 + VARIANTS.length);
  });

  it('knows the interval of a mean and of a frequency', () => {
    expect(meanOf([1, 2, 3, 4])).toMatchObject({
      value: 2.5,
      low: expect.closeTo(1.235, 3),
      high: expect.closeTo(3.765, 3),
    });
    expect(frequencyOf(0, 200)).toMatchObject({ value: 0, low: 0, high: expect.closeTo(1.885, 3) });
    expect(frequencyOf(10, 200)).toMatchObject({
      value: 5,
      low: expect.closeTo(2.738, 2),
      high: expect.closeTo(8.959, 2),
    });
  });
});
