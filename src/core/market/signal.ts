/**
 * The built-in scalper: six components of up to 2 points for one side each, on every closed candle of the signal timeframe (1m).
 *
 *   component   2 points                                              1 point
 *   ema         EMA12 crossed EMA26 within the last 2 candles           it is on that side
 *   sma         close crossed SMA20 within 2, the way SMA20 moves       crossed, against it
 *   macd        histogram changed sign within 2, to the line's sign     changed sign, against it
 *   rsi         RSI14 below 25 (long), above 75 (short)                 below 30 and rising, above 70 and falling
 *   bollinger   close more than 2 σ below (long), above (short)         more than 1 σ
 *   volume      4 × its mean of 20, for the side of the candle's        2 × its mean
 *               body (a body of 0: of its change)
 *
 * The first three follow a turn towards the trend, RSI and Bollinger lean against an extreme, volume confirms the candle that did it. So a
 * trending market (threshold 6) is entered where a pullback ends, a ranging one (4) at an extreme or with a fresh turn, a choppy one (7) hardly
 * ever. A component gives points to one side at a time; a mirrored market gives the same points to the other side, exactly.
 *
 * Score = 12 × Σ weight × points / Σ weight × 2 (with all weights 1: the sum of points); strength = score / 12. Weights choose components
 * (rules.md §6.4); thresholds stay shares of what the chosen ones can reach. A signal is an event: the candle on which a side's score first
 * reaches the threshold of the regime and beats the other side, and again after every `repeatAfterCandles` candles while it stays.
 * All numbers are parameters; those above are the configuration's defaults. Source: rules.md §2; the points are ours.
 */
import { SignalIndicators, type SignalPeriods } from '../indicators/signal-indicators.ts';
import type { Side } from '../numbers/units.ts';
import type { ByRegime } from '../policy.ts';

export const COMPONENTS = ['ema', 'sma', 'rsi', 'macd', 'bollinger', 'volume'] as const;
export type Component = (typeof COMPONENTS)[number];
export type ComponentWeights = Readonly<Record<Component, number>>;

/** Half the score of one point of each component, in the order of `COMPONENTS`; 0 leaves it out. */
export type PointScores = Float64Array;

export interface ScalperParameters extends SignalPeriods {
  /** RSI below this is extreme for a long, above 100 − this for a short (25). */
  readonly rsiExtreme: number;
  /** RSI below this and rising speaks for a long, above 100 − this and falling for a short (30). */
  readonly rsiWeak: number;
  /** The outer band, in standard deviations (2); the inner one is half of it. */
  readonly bollingerDeviations: number;
  /** Volume ÷ its mean for 1 and for 2 points (2, 4). */
  readonly volumeRatioRaised: number;
  readonly volumeRatioHigh: number;
  /** A crossing is fresh for so many candles (2). */
  readonly freshCandles: number;
  /** Score of 12 that makes a signal. */
  readonly thresholds: ByRegime<number>;
  /** 0 leaves a component out. All 0 is the mode "off". */
  readonly weights: ComponentWeights;
  readonly repeatAfterCandles: number;
}

/** What a component had to say: its points, 1 or 2, for the signal's side. */
export interface Reason {
  readonly component: Component;
  readonly points: number;
}

const SCORE_MAX = 12;
const POINTS_MAX = 2;
/** Six components of −2 to 2 points each. */
export const POINT_SETS = 5 ** 6;

/** One symbol's scalper. Public fields are its state: what `saveState` keeps. */
export class Scalper {
  readonly indicators: SignalIndicators;
  /** The side of each crossing (+1, −1, 0 before the first difference) and the candles since; the first side taken is no crossing. */
  emaSide = 0;
  emaAge = STALE;
  smaSide = 0;
  smaAge = STALE;
  macdSide = 0;
  macdAge = STALE;
  /** Signed: + speaks for a long, − for a short. */
  emaPoints = 0;
  smaPoints = 0;
  rsiPoints = 0;
  macdPoints = 0;
  bollingerPoints = 0;
  volumePoints = 0;
  longScore = 0;
  shortScore = 0;
  /** Candles since the side's last signal, itself included; 0 while the side is below its threshold. */
  longAge = 0;
  shortAge = 0;
  /** The signal of the last candle: +1, −1, or 0 for none. */
  side: Side | 0 = 0;
  /** `PointScores`, flat: of the parameters. They stand in saved states since the first; what is loaded there is set anew (series.ts, `load`). */
  emaScore = 0;
  smaScore = 0;
  rsiScore = 0;
  macdScore = 0;
  bollingerScore = 0;
  volumeScore = 0;
  #freshCandles = 0;
  #rsiExtreme = 0;
  #rsiWeak = 0;
  #outerBand = 0;
  #innerBand = 0;
  #volumeHigh = 0;
  #volumeRaised = 0;
  #repeatAfterCandles = 0;
  #pointSet = POINT_SETS >> 1;

  /** @throws {RangeError} on a negative weight, or a repeat after less than one candle. */
  constructor(parameters: ScalperParameters) {
    if (!(parameters.repeatAfterCandles >= 1))
      throw new RangeError(`a signal repeats after ${parameters.repeatAfterCandles} candles: it must be 1 or more`);
    this.indicators = new SignalIndicators(parameters);
    this.#freshCandles = parameters.freshCandles;
    this.#rsiExtreme = parameters.rsiExtreme / 100;
    this.#rsiWeak = parameters.rsiWeak / 100;
    this.#outerBand = parameters.bollingerDeviations * parameters.bollingerDeviations;
    this.#innerBand = this.#outerBand / 4;
    this.#volumeHigh = parameters.volumeRatioHigh / parameters.volumePeriod;
    this.#volumeRaised = parameters.volumeRatioRaised / parameters.volumePeriod;
    this.#repeatAfterCandles = parameters.repeatAfterCandles;
    this.weigh(parameters.weights);
  }

  /** What a point of each component counts from the next candle on. @throws {RangeError} on a negative weight. */
  weigh(weights: ComponentWeights): void {
    const [ema = 0, sma = 0, rsi = 0, macd = 0, bollinger = 0, volume = 0] = pointScores(weights);
    this.emaScore = ema;
    this.smaScore = sma;
    this.rsiScore = rsi;
    this.macdScore = macd;
    this.bollingerScore = bollinger;
    this.volumeScore = volume;
  }

  /** The points of the last candle as one number, below `POINT_SETS`: where votes of other weights have said something, they say it of these again. */
  get pointSet(): number {
    return this.#pointSet;
  }

  /** What follows from the points and is not kept with them. */
  countPoints(): void {
    const { emaPoints, smaPoints, rsiPoints, macdPoints, bollingerPoints, volumePoints } = this;
    this.#pointSet = pointSetOf(emaPoints, smaPoints, rsiPoints, macdPoints, bollingerPoints, volumePoints);
  }

  get repeatAfterCandles(): number {
    return this.#repeatAfterCandles;
  }

  get ready(): boolean {
    return this.indicators.ready;
  }

  /** Score of the signal's side as a share of 12; 0 without a signal. */
  get strength(): number {
    return this.side === 1 ? this.longScore / SCORE_MAX : this.side === -1 ? this.shortScore / SCORE_MAX : 0;
  }

  /** The components that speak for a side on the last candle, made on demand. */
  reasons(side: Side): readonly Reason[] {
    const points: Readonly<Record<Component, number>> = {
      ema: this.emaPoints,
      sma: this.smaPoints,
      rsi: this.rsiPoints,
      macd: this.macdPoints,
      bollinger: this.bollingerPoints,
      volume: this.volumePoints,
    };
    return COMPONENTS.map((component) => ({ component, points: side * points[component] })).filter(
      (reason) => reason.points > 0,
    );
  }

  /**
   * Adds a closed candle of the signal timeframe and decides.
   * @param threshold score that makes a signal in this regime
   * @param isAllowed false while the rest of the series warms up: scores are counted, nothing is signalled
   */
  add(openTicks: number, closeTicks: number, volumeLots: number, threshold: number, isAllowed: boolean): void {
    const { indicators } = this;
    indicators.add(closeTicks, volumeLots);
    this.side = 0;
    if (!indicators.ready) return;
    this.#judge(indicators, closeTicks - openTicks, volumeLots);
    this.#decide(threshold, isAllowed);
  }

  /** Points of every component and the scores, in one go: numbers that stay in registers cost a third of numbers that are kept. */
  #judge(now: SignalIndicators, bodyTicks: number, volumeLots: number): void {
    const fresh = this.#freshCandles;

    const emaSide = sideOf(now.emaFast - now.emaSlow, this.emaSide);
    const emaAge = ageOf(emaSide, this.emaSide, this.emaAge);
    const ema = Math.imul(emaSide, 1 + Number(emaAge < fresh));
    this.emaSide = emaSide;
    this.emaAge = emaAge;

    const smaSide = sideOf(now.smaDistance, this.smaSide);
    const smaAge = ageOf(smaSide, this.smaSide, this.smaAge);
    const sma = Math.imul(smaSide, Math.imul(Number(smaAge < fresh), 1 + Number(now.smaSlope * smaSide > 0)));
    this.smaSide = smaSide;
    this.smaAge = smaAge;

    const macdSide = sideOf(now.macdHistogram, this.macdSide);
    const macdAge = ageOf(macdSide, this.macdSide, this.macdAge);
    const macd = Math.imul(macdSide, Math.imul(Number(macdAge < fresh), 1 + Number(now.macdLine * macdSide > 0)));
    this.macdSide = macdSide;
    this.macdAge = macdAge;

    const { gains, losses, changeTicks, deviation, variance, volumeSum } = now;
    const weak = this.#rsiWeak * (gains + losses);
    let rsi = 0;
    if (gains < weak || losses < weak) {
      // RSI rises exactly where the close does, as long as there were losses at all.
      const extreme = this.#rsiExtreme * (gains + losses);
      if (gains < weak) rsi = gains < extreme ? 2 : Number(changeTicks > 0);
      else rsi = losses < extreme ? -2 : 0 - Number(changeTicks < 0);
    }

    const distance = deviation * deviation;
    const isOut = Number(distance > this.#innerBand * variance);
    const bollinger = Math.imul(-signOf(deviation), isOut + Number(distance > this.#outerBand * variance));

    const isRaised = Math.imul(Number(volumeLots >= this.#volumeRaised * volumeSum), Number(volumeLots > 0));
    const points = Math.imul(isRaised, 1 + Number(volumeLots >= this.#volumeHigh * volumeSum));
    const volume = Math.imul(points, sideOf(bodyTicks, signOf(changeTicks)));

    const { emaScore, smaScore, rsiScore, macdScore, bollingerScore, volumeScore } = this;
    const spoken = weighed(
      Math.abs(ema),
      emaScore,
      Math.abs(sma),
      smaScore,
      Math.abs(rsi),
      rsiScore,
      Math.abs(macd),
      macdScore,
      Math.abs(bollinger),
      bollingerScore,
      Math.abs(volume),
      volumeScore,
    );
    const balance = weighed(
      ema,
      emaScore,
      sma,
      smaScore,
      rsi,
      rsiScore,
      macd,
      macdScore,
      bollinger,
      bollingerScore,
      volume,
      volumeScore,
    );
    this.emaPoints = ema;
    this.smaPoints = sma;
    this.rsiPoints = rsi;
    this.macdPoints = macd;
    this.bollingerPoints = bollinger;
    this.volumePoints = volume;
    this.#pointSet = pointSetOf(ema, sma, rsi, macd, bollinger, volume);
    this.longScore = spoken + balance;
    this.shortScore = spoken - balance;
  }

  #decide(threshold: number, isAllowed: boolean): void {
    const { longScore, shortScore } = this;
    const repeat = this.#repeatAfterCandles;
    this.longAge = onsetAge(longScore, shortScore, threshold, this.longAge, repeat);
    this.shortAge = onsetAge(shortScore, longScore, threshold, this.shortAge, repeat);
    if (!isAllowed) return;
    if (this.longAge === 1) this.side = 1;
    else if (this.shortAge === 1) this.side = -1;
  }
}

/** What weights make of a point, so that all components together reach 12. @throws {RangeError} on a negative weight. */
export function pointScores(weights: ComponentWeights): PointScores {
  let sum = 0;
  for (const component of COMPONENTS) {
    const weight = weights[component];
    if (!(weight >= 0)) throw new RangeError(`the weight of "${component}" is ${weight}: it must be 0 or more`);
    sum += weight;
  }
  const half = sum > 0 ? SCORE_MAX / (POINTS_MAX * sum) / 2 : 0;
  return Float64Array.from(COMPONENTS, (component) => weights[component] * half);
}

/** Points as a number of six digits to the base of 5. */
function pointSetOf(ema: number, sma: number, rsi: number, macd: number, bollinger: number, volume: number): number {
  return ((((ema * 5 + sma) * 5 + rsi) * 5 + macd) * 5 + bollinger) * 5 + volume + (POINT_SETS >> 1);
}

/** Points of all components together, each beside what one of its points scores. Numbers alone: it is asked of every candle. */
function weighed(
  ema: number,
  emaScore: number,
  sma: number,
  smaScore: number,
  rsi: number,
  rsiScore: number,
  macd: number,
  macdScore: number,
  bollinger: number,
  bollingerScore: number,
  volume: number,
  volumeScore: number,
): number {
  return (
    ema * emaScore +
    sma * smaScore +
    rsi * rsiScore +
    macd * macdScore +
    bollinger * bollingerScore +
    volume * volumeScore
  );
}

/** Candles since the side's signal, itself included, beginning anew after `repeat`; 0 below the threshold or beaten by the other side. */
function onsetAge(score: number, other: number, threshold: number, age: number, repeat: number): number {
  return score >= threshold && score > other ? (age % repeat) + 1 : 0;
}

/** What a vote remembers between candles; plain data. */
export interface Vote {
  longAge: number;
  shortAge: number;
  /** The signal of the last candle, 0 for none, and its strength, 0 to 1. */
  side: Side | 0;
  strength: number;
}

export function newVote(): Vote {
  return { longAge: 0, shortAge: 0, side: 0, strength: 0 };
}

/**
 * What a scalper of other weights would say to the candle that `scalper` has just heard: the same points, weighed and signalled by the same
 * rules (rules.md §6.4). With the scalper's own weights it says what the scalper says. Asked of every candle: it allocates nothing.
 * @param scores what the other weights make of a point (`pointScores`)
 */
export function castVote(
  vote: Vote,
  scalper: Scalper,
  scores: PointScores,
  threshold: number,
  isAllowed: boolean,
): void {
  vote.side = 0;
  vote.strength = 0;
  if (!scalper.ready) return;
  const { emaPoints, smaPoints, rsiPoints, macdPoints, bollingerPoints, volumePoints } = scalper;
  const ema = scores[0] as number;
  const sma = scores[1] as number;
  const rsi = scores[2] as number;
  const macd = scores[3] as number;
  const bollinger = scores[4] as number;
  const volume = scores[5] as number;
  const spoken = weighed(
    Math.abs(emaPoints),
    ema,
    Math.abs(smaPoints),
    sma,
    Math.abs(rsiPoints),
    rsi,
    Math.abs(macdPoints),
    macd,
    Math.abs(bollingerPoints),
    bollinger,
    Math.abs(volumePoints),
    volume,
  );
  const balance = weighed(
    emaPoints,
    ema,
    smaPoints,
    sma,
    rsiPoints,
    rsi,
    macdPoints,
    macd,
    bollingerPoints,
    bollinger,
    volumePoints,
    volume,
  );
  const long = spoken + balance;
  const short = spoken - balance;
  const { repeatAfterCandles } = scalper;
  vote.longAge = onsetAge(long, short, threshold, vote.longAge, repeatAfterCandles);
  vote.shortAge = onsetAge(short, long, threshold, vote.shortAge, repeatAfterCandles);
  if (!isAllowed) return;
  if (vote.longAge === 1) vote.side = 1;
  else if (vote.shortAge === 1) vote.side = -1;
  vote.strength = vote.side === 1 ? long / SCORE_MAX : vote.side === -1 ? short / SCORE_MAX : 0;
}

/** Older than any crossing that counts as fresh, and far from the end of the integers. */
const STALE = 1_000_000;

/** +1 above 0, −1 below; on it, the side it had. */
function sideOf(difference: number, before: number): number {
  return difference === 0 ? before : signOf(difference);
}

function signOf(difference: number): number {
  return Number(difference > 0) - Number(difference < 0);
}

/** Candles since the side was changed, 0 on the candle that does; taking the first side is no change. */
function ageOf(side: number, before: number, age: number): number {
  return side === before || before === 0 ? age + 1 : 0;
}
