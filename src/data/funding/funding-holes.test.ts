import { describe, expect, it } from 'vitest';
import { missingSettlements } from './funding-holes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = Date.UTC(2026, 0, 5);

const missing = (stored: readonly number[], from = stored[0] ?? 0, until = (stored.at(-1) ?? 0) + 1) =>
  missingSettlements(
    stored.map((hour) => DAY_MS + hour * HOUR_MS),
    DAY_MS + from * HOUR_MS,
    DAY_MS + until * HOUR_MS,
  ).map(({ atMs, intervalMs }) => `${(atMs - DAY_MS) / HOUR_MS}/${intervalMs / HOUR_MS}`);

describe('holes in stored funding', () => {
  it.each<[string, number[], string[]]>([
    // what                                         hours stored               hour/interval that is missing
    ['none, every eight hours', [0, 8, 16, 24], []],
    ['none, every hour', [0, 1, 2, 3, 4], []],
    ['none, every two hours', [0, 2, 4, 6, 8], []],
    ['none, every four hours', [0, 4, 8, 12], []],
    ['none, every six hours', [0, 6, 12, 18, 24], []],
    ['one of eight hours', [0, 8, 24, 32], ['16/8']],
    ['one of an hour, which the grid of eight hours does not see', [0, 1, 2, 4, 5], ['3/1']],
    ['one of two hours', [0, 2, 4, 8, 10], ['6/2']],
    ['one of four hours', [0, 4, 12, 16], ['8/4']],
    ['several in a row', [0, 1, 2, 6, 7], ['3/1', '4/1', '5/1']],
    ['two that are not beside each other', [0, 1, 3, 5, 6], ['2/1', '4/1']],
    ['none where every hour became every eight', [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 24], []],
    ['none where every eight hours became every hour', [0, 8, 16, 17, 18], []],
    ['none where every four hours became every two', [0, 4, 8, 10, 12], []],
    ['one beside a change of the interval', [0, 1, 2, 16, 24], ['8/8']],
  ])('%s', (_, stored, expected) => expect(missing(stored)).toEqual(expected));

  it('are counted before the first and after the last stored one too, in the range alone', () => {
    expect(missing([3, 4, 5], 0, 8)).toEqual(['0/1', '1/1', '2/1', '6/1', '7/1']);
    expect(missing([8, 16], 0, 25)).toEqual(['0/8', '24/8']);
    expect(missing([0, 8, 32, 40], 10, 20)).toEqual(['16/8']);
    expect(missing([0, 8, 16], 100, 120)).toEqual(['104/8', '112/8']);
  });

  it('are all of the usual eight hours where nothing is stored, or one settlement that shows nothing else', () => {
    expect(missing([], 0, 24)).toEqual(['0/8', '8/8', '16/8']);
    expect(missing([8], 0, 24)).toEqual(['0/8', '16/8']);
    expect(missing([4], 0, 12)).toEqual(['0/4', '8/4']);
  });
});
