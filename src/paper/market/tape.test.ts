import { describe, expect, it } from 'vitest';
import { emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { barOf } from './bars.ts';
import type { SourceTick } from './market-source.ts';
import { Tape } from './tape.ts';

const FIRST = Date.UTC(2026, 2, 1) / MINUTE_MS;

/** A day of minutes at 1,000 ticks, and what has been traded since. */
function tapeOf(): { readonly tape: Tape; trade(minute: number, lastTicks: number, volumeLots: number): void } {
  const history = emptyCandles('X', 1_440);
  for (let n = 0; n < 1_440; n += 1) {
    history.openMinute[n] = FIRST + n;
    for (const column of [history.openTicks, history.highTicks, history.lowTicks, history.closeTicks])
      column[n] = 1_000;
    history.volumeLots[n] = 2;
  }
  const tape = new Tape(history, []);
  const trade = (minute: number, lastTicks: number, volumeLots: number) => {
    const at = (FIRST + minute) * MINUTE_MS;
    const touch = { bidTicks: lastTicks, askTicks: lastTicks + 1, markTicks: lastTicks };
    const tick: SourceTick = { at, instId: 'X', lastTicks, ...touch, volumeLots };
    tape.passTo(at);
    tape.take(tick);
  };
  return { tape, trade };
}

describe('a bar that is forming', () => {
  const day = barOf('1Dutc') as NonNullable<ReturnType<typeof barOf>>;

  it('has every tick, minute and correction in it, however often it was asked for', () => {
    const { tape, trade } = tapeOf();
    trade(1_440, 1_010, 5);
    expect(tape.formingBar(day)).toMatchObject({ highTicks: 1_010, volumeLots: 5, isClosed: false });
    trade(1_440, 990, 5);
    expect(tape.formingBar(day)).toMatchObject({ highTicks: 1_010, lowTicks: 990, closeTicks: 990, volumeLots: 10 });
    trade(1_442, 1_000, 1);
    expect(tape.formingBar(day)).toMatchObject({ closeTicks: 1_000, volumeLots: 11 });
    const closed = { openTicks: 1_000, highTicks: 1_200, lowTicks: 900, closeTicks: 1_000, volumeLots: 100 };
    tape.tell({ kind: 'candle-closed', at: 0, instId: 'X', openMinute: FIRST + 1_440, ...closed } as never);
    expect(tape.formingBar(day)).toMatchObject({ highTicks: 1_200, lowTicks: 900, volumeLots: 101 });
    expect(tape.formingBar(day)).toEqual(tape.formingBar(day));
  });

  it('is closed once its last minute is over', () => {
    const { tape, trade } = tapeOf();
    trade(2_880, 1_000, 1);
    expect([...tape.closedBars(day, FIRST)]).toMatchObject([
      { startMinute: FIRST, volumeLots: 2_880, isClosed: true },
      { startMinute: FIRST + 1_440, volumeLots: 0, isClosed: true },
    ]);
  });
});
