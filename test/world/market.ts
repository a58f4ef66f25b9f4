/** Prices second by second, lively enough that ladders climb within minutes: swings of some tenths of a per cent that turn and turn again. */
import { Random } from '../../src/sim/market/random.ts';
import type { Ratio } from './other-grid.ts';

export interface Second {
  lastTicks: number;
  markTicks: number;
  bidTicks: number;
  askTicks: number;
  volumeLots: number;
}

/** Share of the price that a second moves by: 0.03 % is 0.23 % a minute. */
const STEP = 0.0003;
const SWING_SECONDS = [15, 70] as const;

export class Prices {
  readonly #random: Random;
  #startTicks: number;
  #price: number;
  #mark: number;
  #drift = 0;
  #swingLeft = 0;

  constructor(seed: number, stream: number, startTicks: number) {
    this.#random = Random.of(seed, stream);
    this.#startTicks = startTicks;
    this.#price = startTicks;
    this.#mark = startTicks;
  }

  next(): Second {
    const random = this.#random;
    if (this.#swingLeft-- <= 0) {
      this.#swingLeft = random.between(...SWING_SECONDS);
      const home = (this.#startTicks - this.#price) / this.#startTicks;
      this.#drift = (random.normal() * 0.5 + home * 20) * STEP;
    }
    this.#price *= 1 + this.#drift + random.normal() * STEP;
    this.#mark += (this.#price - this.#mark) * 0.7;
    const lastTicks = Math.max(10, Math.round(this.#price));
    const spread = random.between(1, 3);
    const bidTicks = random.uniform() < 0.5 ? lastTicks : lastTicks - spread;
    return {
      lastTicks,
      markTicks: Math.max(10, Math.round(this.#mark)),
      bidTicks,
      askTicks: bidTicks + spread,
      volumeLots: random.between(20, 400),
    };
  }

  /** The same prices in other ticks. */
  regrid(ratio: Ratio): void {
    this.#price = ratio.of(this.#price);
    this.#mark = ratio.of(this.#mark);
    this.#startTicks = ratio.of(this.#startTicks);
  }

  /** The price is elsewhere at once. */
  jump(share: number): void {
    this.#price *= 1 + share;
  }
}
