import { RollingSum } from './rolling-sum.ts';

/**
 * How often the close turned round within the last `period` candles: a turn is a change against the last change that was not zero.
 * A random walk gives about half of `period`, a clean trend few, a saw all.
 */
export class Reversals {
  readonly turns: RollingSum;
  closeTicks = 0;
  /** Sign of the last change that was not zero; 0 before the first. */
  direction = 0;
  started = false;

  constructor(period: number) {
    this.turns = new RollingSum(period);
  }

  get count(): number {
    return this.turns.sum;
  }

  get ready(): boolean {
    return this.turns.ready;
  }

  add(closeTicks: number): void {
    const change = this.started ? closeTicks - this.closeTicks : 0;
    this.started = true;
    this.closeTicks = closeTicks;
    // Without branches, which nobody could foresee.
    const direction = change === 0 ? this.direction : Number(change > 0) - Number(change < 0);
    this.turns.add(Number(direction * this.direction === -1));
    this.direction = direction;
  }
}
