import { Ema } from './ema.ts';

/**
 * Moving average convergence/divergence (Appel): fast EMA − slow EMA, and the EMA of that difference as its signal line. In ticks.
 * Every average is seeded with the mean of its first values (StockCharts ChartSchool): ready after slow + signal − 1 candles.
 */
export class Macd {
  readonly fast: Ema;
  readonly slow: Ema;
  readonly signal: Ema;
  /** Fast − slow; meaningful once the slow one is ready. */
  line = 0;
  /** Line − signal; meaningful when `ready`. */
  histogram = 0;

  constructor(fastPeriod: number, slowPeriod: number, signalPeriod: number) {
    this.fast = new Ema(fastPeriod);
    this.slow = new Ema(slowPeriod);
    this.signal = new Ema(signalPeriod);
  }

  get ready(): boolean {
    return this.signal.ready;
  }

  /** @param x the close as a distance from a fixed origin, in ticks. */
  add(x: number): void {
    this.fast.add(x);
    this.slow.add(x);
    if (!this.slow.ready) return;
    const line = this.fast.value - this.slow.value;
    this.signal.add(line);
    this.line = line;
    this.histogram = line - this.signal.value;
  }
}
