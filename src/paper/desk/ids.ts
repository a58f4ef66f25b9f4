/**
 * The exchange's numbers: counters, so that the same requests get the same ids. 19 digits like OKX's, past what a double holds: clients must
 * keep them as texts.
 */
export interface IdCounts {
  readonly order: number;
  readonly algo: number;
  readonly position: number;
  readonly bill: number;
}

export class Ids {
  #order: number;
  #algo: number;
  #position: number;
  #bill: number;

  constructor(counts: IdCounts = { order: 0, algo: 0, position: 0, bill: 0 }) {
    this.#order = counts.order;
    this.#algo = counts.algo;
    this.#position = counts.position;
    this.#bill = counts.bill;
  }

  order(): string {
    this.#order += 1;
    return id('21', this.#order);
  }

  algo(): string {
    this.#algo += 1;
    return id('31', this.#algo);
  }

  position(): string {
    this.#position += 1;
    return id('41', this.#position);
  }

  bill(): string {
    this.#bill += 1;
    return id('51', this.#bill);
  }

  save(): IdCounts {
    return { order: this.#order, algo: this.#algo, position: this.#position, bill: this.#bill };
  }
}

const DIGITS = 19;

function id(head: string, count: number): string {
  return head + String(count).padStart(DIGITS - head.length, '0');
}
