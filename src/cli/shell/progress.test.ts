import { describe, expect, it, vi } from 'vitest';
import { Progress } from './progress.ts';
import type { Session } from './session.ts';

const plain = (text: string) => text;
const palette = { good: plain, bad: plain, warn: plain, dim: plain, strong: plain, accent: plain };

/** What is written to a terminal of that width. */
function shownAt(width: number, what: string, isTTY = true, TERM = 'xterm'): string {
  let written = '';
  const errors = { isTTY, write: (text: string) => (written += text) };
  vi.useFakeTimers();
  try {
    const progress = new Progress({ terminal: { errors, env: { TERM } }, palette, width } as unknown as Session);
    vi.advanceTimersByTime(1_000);
    progress.show(0.5, what);
    progress.clear();
  } finally {
    vi.useRealTimers();
  }
  return TERM === 'dumb' ? written : written.replaceAll('\r\u001b[K', '');
}

describe('the bar of what takes long', () => {
  const what = '5,040 of 10,080 candles';

  it.each([
    [120, 40 + 2],
    [60, 60 - what.length - 1],
    [40, 40 - what.length - 1],
    [30, 0],
  ])('at %d columns leaves its words whole and no line to be broken', (width, before) => {
    const shown = shownAt(width, what);
    expect(shown.endsWith(what)).toBe(true);
    expect(shown.length - what.length).toBe(before);
    expect(shown.length).toBeLessThan(width);
  });

  it('is not drawn where no terminal looks', () => expect(shownAt(80, what, false)).toBe(''));
  it('is not drawn where the terminal would write out what clears a line', () =>
    expect(shownAt(80, what, true, 'dumb')).toBe(''));
});
