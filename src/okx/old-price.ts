/**
 * When a price that was said is the market's no more, though the connection stands that said it: a channel may fall silent by itself. Source: okx-v5.md
 * §4.3.
 */

/** A mark is pushed every 10 s at least. */
const MARK_OLD_MS = 25_000;
/** A touch is pushed when it changes: one that stood still so long while the mark went a thousandth of it away is not the market's any more. */
const TOUCH_OLD_MS = 25_000;
const TOUCH_OFF = 1 / 1_000;

/** Where the mark stands; where it stood when the touch was said. */
export interface Heard {
  readonly markTicks: number;
  readonly heardMs: number;
}

export type PriceChannel = 'mark-price' | 'tickers';

/** The channel that has fallen silent; undefined where none has. */
export function silentChannel(mark: Heard, touch: Heard, nowMs: number): PriceChannel | undefined {
  if (nowMs - mark.heardMs > MARK_OLD_MS) return 'mark-price';
  const isOff = Math.abs(mark.markTicks - touch.markTicks) > mark.markTicks * TOUCH_OFF;
  return isOff && nowMs - touch.heardMs > TOUCH_OLD_MS ? 'tickers' : undefined;
}
