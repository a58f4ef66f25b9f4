/**
 * Equity over time in bounded memory: the drawdown is that of every point, the curve is thinned as it grows.
 *
 * Equity is marked to market: balance + unrealised PnL at the mark. Whole 10⁻⁸ USDT as doubles, exact up to 90 million USDT.
 */

/** What equity did over a stretch of points. */
export interface EquityStretch {
  /** End of the stretch, UTC milliseconds. */
  readonly at: number;
  readonly least: number;
  readonly most: number;
  readonly last: number;
}

const STRETCHES_MAX = 1_024;

export class EquityCurve {
  readonly start: number;
  #stretches: EquityStretch[] = [];
  #perStretch = 1;
  #inStretch = 0;
  #at = 0;
  #least = 0;
  #most = 0;
  #last: number;
  #peak: number;
  #from = 0;
  #points = 0;
  #pointsInPosition = 0;
  #deepest = { drop: 0, peak: 1 };

  constructor(start: number) {
    this.start = start;
    this.#last = start;
    this.#peak = start;
  }

  /** Points come in order of time. */
  add(at: number, equity: number, isInPosition: boolean): void {
    if (this.#points++ === 0) this.#from = at;
    if (isInPosition) this.#pointsInPosition++;
    this.#weigh(equity);
    this.#least = this.#inStretch === 0 ? equity : Math.min(this.#least, equity);
    this.#most = this.#inStretch === 0 ? equity : Math.max(this.#most, equity);
    this.#last = equity;
    this.#at = at;
    if (++this.#inStretch < this.#perStretch) return;
    this.#stretches.push(this.#current());
    this.#inStretch = 0;
    if (this.#stretches.length < STRETCHES_MAX) return;
    this.#stretches = halved(this.#stretches);
    this.#perStretch *= 2;
  }

  /** The last point changes: what was open at it was closed, at a cost. Counts as a fall, not as another point; nothing where there was none. */
  amendLast(equity: number): void {
    const last = this.#inStretch === 0 ? this.#stretches.pop() : this.#current();
    if (last === undefined) return;
    this.#weigh(equity);
    this.#last = equity;
    this.#least = Math.min(last.least, equity);
    this.#most = Math.max(last.most, equity);
    if (this.#inStretch === 0) this.#stretches.push(this.#current());
  }

  /** The last equity; the start where there was no point. */
  get last(): number {
    return this.#last;
  }

  /** Time of the first point; 0 where there was none. */
  get from(): number {
    return this.#from;
  }

  get points(): number {
    return this.#points;
  }

  get pointsInPosition(): number {
    return this.#pointsInPosition;
  }

  /** The deepest fall from a peak in relation to that peak; both in 10⁻⁸ USDT. */
  get deepest(): { readonly drop: number; readonly peak: number } {
    return this.#deepest;
  }

  /** The curve, in at most 1,024 stretches. */
  stretches(): EquityStretch[] {
    return this.#inStretch === 0 ? [...this.#stretches] : [...this.#stretches, this.#current()];
  }

  #weigh(equity: number): void {
    if (equity > this.#peak) this.#peak = equity;
    const drop = this.#peak - equity;
    if (drop > 0 && drop * this.#deepest.peak > this.#deepest.drop * this.#peak)
      this.#deepest = { drop, peak: this.#peak };
  }

  #current(): EquityStretch {
    return { at: this.#at, least: this.#least, most: this.#most, last: this.#last };
  }
}

function halved(stretches: readonly EquityStretch[]): EquityStretch[] {
  const half: EquityStretch[] = [];
  for (let i = 0; i + 1 < stretches.length; i += 2) {
    const [a, b] = [stretches[i], stretches[i + 1]] as [EquityStretch, EquityStretch];
    half.push({ at: b.at, least: Math.min(a.least, b.least), most: Math.max(a.most, b.most), last: b.last });
  }
  return half;
}
