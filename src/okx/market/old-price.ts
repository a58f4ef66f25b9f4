/**
 * When a price that was said is the market's no more, though the connection stands that said it: a channel may fall silent by itself. Source: okx-v5.md
 * §4.3.
 */

/** A mark is pushed every 10 s at least. */
const MARK_OLD_MS = 25_000;
/** A touch is pushed when it changes: one that stood still so long while the mark went a thousandth of it away is not the market's any more. */
const TOUCH_OLD_MS = 25_000;
const TOUCH_OFF = 1 / 1_000;

export type PriceChannel = 'mark-price' | 'tickers';

/** When mark and touch of an instrument were said last, by one clock of the caller's. Before it stands, and while it is lost, a connection is not silent. */
export class PriceHeard {
  #markTicks: number | undefined;
  #markHeardMs = Number.POSITIVE_INFINITY;
  /** Where the mark stood when the touch was said. */
  #touchedTicks: number | undefined;
  #touchHeardMs = Number.POSITIVE_INFINITY;

  connected(nowMs: number): void {
    this.#markHeardMs = this.#touchHeardMs = nowMs;
  }

  lost(): void {
    this.#markTicks = this.#touchedTicks = undefined;
    this.#markHeardMs = this.#touchHeardMs = Number.POSITIVE_INFINITY;
  }

  mark(markTicks: number, nowMs: number): void {
    this.#markTicks = markTicks;
    this.#markHeardMs = nowMs;
    this.#touchedTicks ??= markTicks;
  }

  touch(nowMs: number): void {
    this.#touchedTicks = this.#markTicks;
    this.#touchHeardMs = nowMs;
  }

  /** Since the mark was said. */
  silentMs(nowMs: number): number {
    return nowMs - this.#markHeardMs;
  }

  /** The channel that has fallen silent; undefined where none has. */
  silent(nowMs: number): PriceChannel | undefined {
    if (this.silentMs(nowMs) > MARK_OLD_MS) return 'mark-price';
    const [mark, touched] = [this.#markTicks, this.#touchedTicks];
    const isOff = mark !== undefined && touched !== undefined && Math.abs(mark - touched) > mark * TOUCH_OFF;
    return isOff && nowMs - this.#touchHeardMs > TOUCH_OLD_MS ? 'tickers' : undefined;
  }
}
