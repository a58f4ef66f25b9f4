/**
 * The process behind market.ts: how a minute of one symbol comes about.
 *
 * Price moves by (common step × √correlation + own step × √(1 − correlation)) × volatility, plus the drift of its hidden
 * regime, plus rare jumps. Volatility is log-normal with three memories (minutes, hours, a day), a daily season and the
 * regime's factor: that gives fat tails and clusters. Volume follows the minute's range and volatility with noise of its
 * own. A trend drifts with pullbacks; a range returns to its anchor; chop swings to and fro, hotter. A symbol that
 * switches takes the regime of the whole market with probability `correlation`.
 */
import { exp, Random, type RandomState, STEP_DEVIATION } from './random.ts';

export const SECONDS = 60;

/** What a symbol really does; the regime that core reads from candles is a guess at it. */
export const HIDDEN_REGIMES = ['uptrend', 'downtrend', 'range', 'chop'] as const;
export type HiddenRegime = (typeof HIDDEN_REGIMES)[number];

export interface MarketSymbol {
  readonly instId: string;
  /** Price before the first minute, in ticks: 1,000 to 100,000,000. */
  readonly startTicks: number;
  /** Lots of a usual minute: 1 to 20,000,000. */
  readonly minuteLots: number;
  /** Deviation of a minute's return, share of price: 0.00001 to 0.01 (BTC: 0.0006 in quiet years, 0.002 in a wild week). */
  readonly volatility: number;
  /** The touch in quiet times: 1 to 1,000 ticks. */
  readonly spreadTicks: number;
}

const MEMORIES = [
  { minutes: 8, weight: 0.32 },
  { minutes: 150, weight: 0.36 },
  { minutes: 1_800, weight: 0.38 },
] as const;
const WEIGHTS_SQUARED = MEMORIES.reduce((sum, { weight }) => sum + weight * weight, 0);
const KEEPS = Float64Array.from(MEMORIES, ({ minutes }) => 1 - 1 / minutes);
const RENEWS = Float64Array.from(KEEPS, (keep) => Math.sqrt(1 - keep * keep));

/** Volatility by UTC hour: quiet in the Asian night, loud when New York opens. */
const SEASON = Float64Array.of(
  0.95,
  0.95,
  0.9,
  0.87,
  0.85,
  0.85,
  0.88,
  0.95,
  1.0,
  1.02,
  1.0,
  1.0,
  1.05,
  1.18,
  1.28,
  1.28,
  1.2,
  1.1,
  1.02,
  1.0,
  0.97,
  0.95,
  0.92,
  0.95,
);

/**
 * `heat` multiplies volatility, `minutes` bounds how long a regime lasts, `swing` how long it leans one way before
 * leaning back; `drift` is in deviations of a minute; `back` is the pull to the anchor per minute; `next` are the odds of
 * what follows, in the order of HIDDEN_REGIMES.
 */
const REGIMES: Readonly<Record<HiddenRegime, RegimeCharacter>> = {
  uptrend: {
    heat: 1,
    minutes: [90, 600],
    swing: [20, 75],
    backSwing: [5, 20],
    drift: [0.09, 0.24],
    back: 0,
    next: [0, 15, 50, 35],
  },
  downtrend: {
    heat: 1.08,
    minutes: [80, 540],
    swing: [15, 60],
    backSwing: [5, 20],
    drift: [0.11, 0.31],
    back: 0,
    next: [15, 0, 50, 35],
  },
  range: {
    heat: 0.8,
    minutes: [90, 480],
    swing: [10, 30],
    backSwing: [10, 30],
    drift: [0.02, 0.06],
    back: 1 / 40,
    next: [34, 34, 0, 32],
  },
  chop: {
    heat: 1.2,
    minutes: [60, 360],
    swing: [4, 15],
    backSwing: [4, 15],
    drift: [0.12, 0.28],
    back: 1 / 60,
    next: [30, 30, 40, 0],
  },
};

interface RegimeCharacter {
  readonly heat: number;
  readonly minutes: readonly [number, number];
  readonly swing: readonly [number, number];
  readonly backSwing: readonly [number, number];
  readonly drift: readonly [number, number];
  readonly back: number;
  readonly next: readonly [number, number, number, number];
}

/** A path is of signed 32-bit ticks, and a minute may double before it is held back. */
const TICKS_MOST = 2_147_483_647;
const TICKS_LEAST = 10;

const JUMPS_PER_MINUTE = 1 / 900;
const COMMON_JUMPS_PER_MINUTE = 1 / 3_000;

/** What all symbols share: common steps, common volatility, common jumps and the market's own regime. */
export interface Mood {
  readonly correlation: number;
  /** Weights of the common and of the own step; their squares sum to 1. */
  readonly commonShare: number;
  readonly ownShare: number;
  readonly random: Random;
  readonly memory: Float64Array;
  readonly steps: Int32Array;
  regime: HiddenRegime;
  regimeMinutes: number;
  jump: number;
  jumpSecond: number;
}

export interface MoodState {
  readonly random: RandomState;
  readonly memory: readonly number[];
  readonly regime: HiddenRegime;
  readonly regimeMinutes: number;
}

export interface SymbolProcess {
  readonly settings: MarketSymbol;
  readonly random: Random;
  readonly memory: Float64Array;
  readonly steps: Int32Array;
  /** Ticks, second by second. */
  readonly path: Int32Array;
  regime: HiddenRegime;
  regimeMinutes: number;
  /** +1 with the regime's direction, −1 against it. */
  swing: number;
  swingMinutes: number;
  drift: number;
  anchor: number;
  price: number;
  /** Noise of the volume that lasts, in deviations. */
  appetite: number;
  markBefore: number;
  mark: number;
  premium: number;
  /** Volatility of this minute over the symbol's usual one. */
  heat: number;
  high: number;
  low: number;
  volumeLots: number;
}

export interface SymbolState {
  readonly random: RandomState;
  readonly memory: readonly number[];
  readonly regime: HiddenRegime;
  readonly regimeMinutes: number;
  readonly swing: number;
  readonly swingMinutes: number;
  readonly drift: number;
  readonly anchor: number;
  readonly price: number;
  readonly appetite: number;
  readonly mark: number;
  readonly premium: number;
}

/** Makes what the next minute has in common for all symbols. */
export function advanceMood(mood: Mood): void {
  const { random } = mood;
  random.fillSteps(mood.steps);
  advanceMemory(mood.memory, random);
  if (--mood.regimeMinutes <= 0) {
    mood.regime = followingRegime(mood.regime, random, 0);
    mood.regimeMinutes = random.between(...REGIMES[mood.regime].minutes);
  }
  mood.jump = 0;
  if (random.uniform() < COMMON_JUMPS_PER_MINUTE) {
    mood.jump = jumpOf(random);
    mood.jumpSecond = random.between(0, SECONDS - 1);
    heatUp(mood.memory);
  }
}

/** Makes the symbol's next minute; the mood's was made before. */
export function advanceSymbol(s: SymbolProcess, mood: Mood, season: number): void {
  const { correlation, commonShare, ownShare } = mood;
  const { random, path, steps } = s;
  random.fillSteps(steps);
  advanceMemory(s.memory, random);
  advanceRegime(s, mood, correlation);
  const character = REGIMES[s.regime];
  s.heat = season * character.heat * exp(logHeat(s.memory, mood.memory, commonShare, ownShare));

  const usual = s.settings.volatility;
  const perStep = (usual * s.heat) / (Math.sqrt(SECONDS) * STEP_DEVIATION);
  const common = perStep * commonShare;
  const own = perStep * ownShare;
  const drift =
    (s.swing * s.drift * usual - character.back * clamp((s.price - s.anchor) / s.anchor, -0.2, 0.2)) / SECONDS;

  let ownJump = 0;
  let ownJumpSecond = -1;
  if (random.uniform() < JUMPS_PER_MINUTE) {
    ownJump = jumpOf(random) * usual;
    ownJumpSecond = random.between(0, SECONDS - 1);
    heatUp(s.memory);
  }
  const commonJump = mood.jump * correlation * usual;
  const commonJumpSecond = commonJump === 0 ? -1 : mood.jumpSecond;

  const commonSteps = mood.steps;
  const before = s.price;
  let price = before;
  let high = 0;
  let low = TICKS_MOST;
  for (let second = 0; second < SECONDS; second++) {
    price += price * (drift + common * (commonSteps[second] as number) + own * (steps[second] as number));
    if (second === ownJumpSecond) price += price * ownJump;
    if (second === commonJumpSecond) price += price * commonJump;
    const ticks = (price + 0.5) | 0;
    // The greater and the lesser without a branch: a walk sets new ones unpredictably, and half the time went there.
    const toHigh = high - ticks;
    high -= toHigh & (toHigh >> 31);
    const toLow = ticks - low;
    low += toLow & (toLow >> 31);
    path[second] = ticks;
  }
  s.price = clamp(price, TICKS_LEAST, TICKS_MOST / 2);
  s.high = high;
  s.low = low;
  s.markBefore = s.mark;
  s.mark = meanOfLast(path);
  s.premium += ((price - before) / (before * usual) - s.premium) * PREMIUM_PACE;
  s.volumeLots = volumeOf(s, (high - low) / (before * usual));
}

/** How far the mark goes to the price in a second, and the premium to the move of a minute. */
export const MARK_PACE = 0.2;
const PREMIUM_PACE = 1 / 480;

/** Where the mark stands after a minute: bulk reading needs no more of it than this. */
function meanOfLast(path: Int32Array): number {
  let sum = 0;
  for (let second = SECONDS - MARK_SECONDS; second < SECONDS; second++) sum += path[second] as number;
  return sum / MARK_SECONDS;
}

const MARK_SECONDS = 8;

/** Busy where it moves and where it is hot, with noise of its own that lasts (15 minutes) and noise that does not. */
function volumeOf(s: SymbolProcess, range: number): number {
  s.appetite = s.appetite * APPETITE_KEEP + s.random.normal() * APPETITE_RENEW;
  const noise = exp(0.35 * s.appetite + 0.35 * s.random.normal() - VOLUME_NOISE_MEAN);
  return Math.round(Math.min(VOLUME_MOST, s.settings.minuteLots * (0.37 * s.heat + 0.56 * range) * noise));
}

const APPETITE_KEEP = 1 - 1 / 15;
const APPETITE_RENEW = Math.sqrt(1 - APPETITE_KEEP * APPETITE_KEEP);
const VOLUME_NOISE_MEAN = (2 * 0.35 * 0.35) / 2;
const VOLUME_MOST = 4_000_000_000;

/** Standard normal memories, each with its own pace. */
function advanceMemory(memory: Float64Array, random: Random): void {
  for (let i = 0; i < memory.length; i++)
    memory[i] = (memory[i] as number) * (KEEPS[i] as number) + random.normal() * (RENEWS[i] as number);
}

/** A shock is remembered for minutes and for hours. */
function heatUp(memory: Float64Array): void {
  memory[0] = Math.min(4, (memory[0] as number) + 2.5);
  memory[1] = Math.min(4, (memory[1] as number) + 0.8);
}

/** Its square has mean 1, so that `volatility` is what the settings say it is. */
function logHeat(own: Float64Array, common: Float64Array, commonShare: number, ownShare: number): number {
  let sum = -WEIGHTS_SQUARED;
  for (let i = 0; i < MEMORIES.length; i++)
    sum +=
      (MEMORIES[i] as (typeof MEMORIES)[number]).weight *
      (commonShare * (common[i] as number) + ownShare * (own[i] as number));
  return clamp(sum, -4, 3);
}

/** In deviations of a minute; downwards a little more often. Fat, and at most 26. */
function jumpOf(random: Random): number {
  const size = 5 + 3 * Math.min(7, 1 / Math.sqrt(random.uniform() + 1e-9) - 1);
  return random.uniform() < 0.55 ? -size : size;
}

function advanceRegime(s: SymbolProcess, mood: Mood, correlation: number): void {
  const { random } = s;
  s.regimeMinutes--;
  s.swingMinutes--;
  if (s.regimeMinutes <= 0) {
    const follows = random.uniform() < correlation && mood.regime !== s.regime;
    // Far from where it began a symbol leans back, so that a year does not end at nothing or at the moon.
    const lean = (s.settings.startTicks - s.price) / (s.settings.startTicks + s.price);
    s.regime = follows ? mood.regime : followingRegime(s.regime, random, lean);
    const character = REGIMES[s.regime];
    s.regimeMinutes = random.between(...character.minutes);
    s.drift = character.drift[0] + random.uniform() * (character.drift[1] - character.drift[0]);
    s.anchor = s.price;
    s.swing = s.regime === 'downtrend' ? -1 : s.regime === 'uptrend' ? 1 : random.uniform() < 0.5 ? -1 : 1;
    s.swingMinutes = random.between(...character.swing);
  } else if (s.swingMinutes <= 0) {
    const character = REGIMES[s.regime];
    s.swing = -s.swing;
    const isBack = (s.regime === 'uptrend' && s.swing < 0) || (s.regime === 'downtrend' && s.swing > 0);
    s.swingMinutes = random.between(...(isBack ? character.backSwing : character.swing));
  }
}

/** `lean` from −1 (a fall is likelier) to 1 (a rise is). */
function followingRegime(regime: HiddenRegime, random: Random, lean: number): HiddenRegime {
  const [up, down, range, chop] = REGIMES[regime].next;
  const upOdds = up * (1 + lean);
  const downOdds = down * (1 - lean);
  const odds = [upOdds, downOdds, range, chop];
  let draw = random.uniform() * (upOdds + downOdds + range + chop);
  for (let i = 0; i < odds.length - 1; i++) {
    draw -= odds[i] as number;
    if (draw < 0) return HIDDEN_REGIMES[i] as HiddenRegime;
  }
  return 'chop';
}

export function seasonAt(minute: number): number {
  const hour = Math.floor(minute / 60) % 24;
  const part = (minute % 60) / 60;
  return (SEASON[hour] as number) * (1 - part) + (SEASON[(hour + 1) % 24] as number) * part;
}

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

export function moodOf(seed: number, correlation: number): Mood {
  const random = Random.of(seed);
  const memory = firstMemory(random);
  const regimeMinutes = random.between(1, 240);
  return loadedMood({ random: random.save(), memory: [...memory], regime: 'range', regimeMinutes }, correlation);
}

export function loadedMood(state: MoodState, correlation: number): Mood {
  return {
    ...state,
    correlation,
    commonShare: Math.sqrt(correlation),
    ownShare: Math.sqrt(1 - correlation),
    random: Random.load(state.random),
    memory: Float64Array.from(state.memory),
    steps: new Int32Array(SECONDS),
    jump: 0,
    jumpSecond: -1,
  };
}

export function savedMood(mood: Mood): MoodState {
  return {
    random: mood.random.save(),
    memory: [...mood.memory],
    regime: mood.regime,
    regimeMinutes: mood.regimeMinutes,
  };
}

export function symbolOf(settings: MarketSymbol, seed: number, symbolNumber: number): SymbolProcess {
  const random = Random.of(seed, symbolNumber + 1);
  return processOf(
    settings,
    {
      random: random.save(),
      memory: [...firstMemory(random)],
      regime: 'range',
      regimeMinutes: 0,
      swing: 1,
      swingMinutes: 1,
      drift: 0,
      anchor: settings.startTicks,
      price: settings.startTicks,
      appetite: 0,
      mark: settings.startTicks,
      premium: 0,
    },
    random,
  );
}

export function loadedSymbol(settings: MarketSymbol, state: SymbolState): SymbolProcess {
  return processOf(settings, state, Random.load(state.random));
}

function processOf(settings: MarketSymbol, state: SymbolState, random: Random): SymbolProcess {
  return {
    ...state,
    settings,
    random,
    memory: Float64Array.from(state.memory),
    steps: new Int32Array(SECONDS),
    path: new Int32Array(SECONDS),
    markBefore: state.mark,
    heat: 1,
    high: state.price,
    low: state.price,
    volumeLots: 0,
  };
}

export function savedSymbol(s: SymbolProcess): SymbolState {
  return {
    random: s.random.save(),
    memory: [...s.memory],
    regime: s.regime,
    regimeMinutes: s.regimeMinutes,
    swing: s.swing,
    swingMinutes: s.swingMinutes,
    drift: s.drift,
    anchor: s.anchor,
    price: s.price,
    appetite: s.appetite,
    mark: s.mark,
    premium: s.premium,
  };
}

function firstMemory(random: Random): Float64Array {
  return Float64Array.from(MEMORIES, () => random.normal());
}
