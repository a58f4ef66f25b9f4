/**
 * Chance that is the same on every machine.
 *
 * sfc32 (Chris Doty-Humphrey's small fast counting generator) over four 32-bit words, and what is made of it with + − × ÷ and sqrt only:
 * those are rounded the same everywhere, while the last bits of Math.exp, log and sin differ between engines. Not for secrets.
 */

/** The four words of a generator: plain numbers, to be saved. */
export type RandomState = readonly [number, number, number, number];

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(state: RandomState) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** Stream number `stream` of a seed; both any whole numbers. Streams of one seed share nothing that a test here can see. */
  static of(seed: number, stream = 0): Random {
    const random = new Random([mixed(seed), mixed((seed / 4_294_967_296) | 0) ^ mixed(stream + 1), mixed(stream), 1]);
    for (let i = 0; i < 16; i++) random.word();
    return random;
  }

  static load(state: RandomState): Random {
    return new Random(state);
  }

  save(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** A signed 32-bit word, every one equally likely. */
  word(): number {
    const a = this.#a;
    const b = this.#b;
    const c = this.#c;
    const d = this.#d;
    const word = (a + b + d) | 0;
    this.#d = (d + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word;
  }

  /** From 0 (included) to 1 (excluded). */
  uniform(): number {
    return (this.word() >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.uniform() * (most - least + 1));
  }

  /** Mean 0, deviation 1, nearly normal: a sum of four 16-bit uniforms. Never beyond ±3.47. */
  normal(): number {
    const x = this.word();
    const y = this.word();
    return ((x >>> 16) + (x & 0xffff) + (y >>> 16) + (y & 0xffff) - 131_070) * NORMAL_SCALE;
  }

  /** Fills `steps` with whole numbers of mean 0 and deviation STEP_DEVIATION, four a word: what a path is made of. */
  fillSteps(steps: Int32Array): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    for (let i = 0; i < steps.length; i += 4) {
      const word = (a + b + d) | 0;
      d = (d + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      steps[i] = ((word >>> 23) & 0x1fe) - 255;
      steps[i + 1] = ((word >>> 15) & 0x1fe) - 255;
      steps[i + 2] = ((word >>> 7) & 0x1fe) - 255;
      steps[i + 3] = ((word << 1) & 0x1fe) - 255;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}

/** Of twice a uniform byte: its variance is 4 × (256² − 1) ÷ 12. */
export const STEP_DEVIATION = Math.sqrt(65_535 / 3);

const NORMAL_SCALE = 1 / Math.sqrt((4 * (65_536 * 65_536 - 1)) / 12);

/** Every bit of a whole number spread over 32 (the finaliser of murmur3). */
function mixed(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const LN_2 = 0.693_147_180_559_945_3;
const POWERS_OF_2 = Float64Array.from({ length: 129 }, (_, i) => powerOf2(i - 64));

/** 1 ÷ i!, enough of them for |x| ≤ ln 2 ÷ 2. */
const TAYLOR = Float64Array.from({ length: 13 }, (_, i) => 1 / factorial(i));

function factorial(of: number): number {
  return of === 0 ? 1 : of * factorial(of - 1);
}

function powerOf2(exponent: number): number {
  let power = 1;
  for (let i = 0; i < Math.abs(exponent); i++) power = exponent < 0 ? power / 2 : power * 2;
  return power;
}

/** eˣ for |x| ≤ 40, to about 1 in 10¹⁴, by the same steps everywhere. @throws {RangeError} beyond. */
export function exp(x: number): number {
  if (!(x >= -40 && x <= 40)) throw new RangeError(`exp of ${x} is not made here: |x| must be at most 40`);
  const power = Math.floor(x / LN_2 + 0.5);
  const rest = x - power * LN_2;
  let sum = 0;
  for (let i = TAYLOR.length - 1; i >= 0; i--) sum = sum * rest + (TAYLOR[i] as number);
  return sum * (POWERS_OF_2[power + 64] ?? 0);
}
