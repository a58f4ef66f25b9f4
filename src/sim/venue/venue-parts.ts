/** What those who move a venue's markets share. */
import type { SimAccount } from '../account/account.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { Trader } from './trader.ts';

export interface VenueParts {
  readonly trader: Trader;
  readonly matcher: Matcher;
  readonly account: SimAccount;
  readonly now: Moment;
}

/** Now in event time, UTC milliseconds. Alone in its array: a number that changes with every candle. */
export class Moment {
  readonly #cell = new Float64Array(1);

  get ms(): number {
    return this.#cell[0] as number;
  }

  set ms(ms: number) {
    this.#cell[0] = ms;
  }
}
