/** Situations of additions and entries for the laws of the gates: most with room for what is asked, each limit at its own distance. */
import Big from 'big.js';
import fc from 'fast-check';
import type { Side } from '../src/core/numbers/units.ts';
import { PROFILES, REGIMES } from '../src/core/policy.ts';
import { type Configured, lotValueOf, marginMaxOf, share } from './reckoned-gates.ts';
import {
  type AdditionText,
  type EntryText,
  ROOMY,
  RUNNING,
  roomyAddition,
  roomyEntry,
  type SituationText,
} from './situations.ts';

const side = fc.constantFrom<Side>(1, -1);

const HAIRS = ['0', '0.00000001', '-0.00000001', '0.000000000001', '-0.000000000001'];

/** A hair below, at, a hair above a round number. */
function near(...around: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...around), fc.constantFrom(...HAIRS))
    .map(([value, hair]) => new Big(value).plus(hair).toFixed());
}

function amount(max: number): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: max * 100 }).map((cents) => new Big(cents).div(100).toFixed());
}

/** What a limit leaves: a multiple of what is asked for and a hair, mostly much, sometimes just enough, sometimes a hair too little. */
interface Room {
  readonly times: string;
  readonly hair: string;
}

const room: fc.Arbitrary<Room> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ times: fc.constantFrom('1.5', '4', '40'), hair: fc.constant('0') }) },
  {
    weight: 3,
    arbitrary: fc.record({ times: fc.constant('1'), hair: fc.constantFrom('0', '0.00000001', '0.000001') }),
  },
  { weight: 1, arbitrary: fc.record({ times: fc.constantFrom('1', '0.4'), hair: fc.constant('-0.00000001') }) },
);

const rooms = fc.record({ value: room, free: room, margin: room, exposure: room });
const account = fc.record({
  /** Where the free margin is bound. */
  boundBy: fc.constantFrom('used', 'reserved', 'exchange'),
  unrealised: fc.constantFrom('0', '12.5', '-3.75'),
  volatilityFactor: fc.constantFrom('1', '0.5', '0.73'),
});
const market = fc.record({
  price: fc.constantFrom('100', '99.6', '0.8', '0.00001234', '58500', '103456.7', '12.5'),
  coinsPerLot: fc.constantFrom('0.001', '0.0001', '0.0000001', '1'),
  regime: fc.constantFrom(...REGIMES),
  profile: fc.constantFrom(...PROFILES),
  maintenanceRate: fc.constantFrom('0.004', '0.01', '0'),
});
const leverage = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 10 }) },
  { weight: 1, arbitrary: fc.integer({ min: 11, max: 50 }) },
);

/** What asks for `asked` USDT, of which `cost` is there, with these rooms: an account and the largest value of a position. */
function withRooms(
  asked: { readonly added: Big; readonly cost: Big; readonly valueNow: Big; readonly leverage: number },
  given: typeof rooms extends fc.Arbitrary<infer T> ? T : never,
  from: (typeof account extends fc.Arbitrary<infer T> ? T : never) & Pick<SituationText, 'profile' | 'regime'>,
): Partial<SituationText> & Pick<Configured, 'positionValueMax'> {
  const { added, cost, valueNow } = asked;
  const { boundBy, ...facts } = from;
  const left = ({ times, hair }: Room) => added.times(times).plus(hair);
  const of1000 = marginMaxOf({ ...ROOMY, ...facts, balance: '1000' });
  const balance = cost.plus(left(given.margin)).times(1000).div(of1000.times(asked.leverage)).round(10, Big.roundUp);
  const spendable = left(given.free).div(asked.leverage).div('0.8').round(10, Big.roundUp);
  const whole = balance.plus(new Big(facts.unrealised).lt(0) ? facts.unrealised : 0);
  const bound = whole.minus(spendable).gt(0) ? whole.minus(spendable).toFixed() : '0';
  const exposure = balance.times(3).minus(left(given.exposure));
  return {
    ...facts,
    balance: balance.toFixed(),
    marginUsed: boundBy === 'used' ? bound : '0',
    marginReserved: boundBy === 'reserved' ? bound : '0',
    ...(boundBy === 'exchange' ? { exchangeAvailable: spendable.toFixed() } : {}),
    totalExposure: exposure.gt(0) ? exposure.toFixed() : '0',
    positionValueMax: valueNow.plus(left(given.value)).round(8, Big.roundUp).toFixed(),
  };
}

/** One fact that no room makes good. */
type Odd = Omit<Partial<AdditionText>, 'position' | 'running'> & {
  readonly position?: Partial<NonNullable<AdditionText['position']>> | null;
  readonly running?: Partial<NonNullable<SituationText['running']>>;
};

const ODD: readonly Odd[] = [
  { halted: true },
  { stateKnown: false },
  { priceAgeMs: 2_001 },
  { priceAgeMs: 2_000 },
  { ordersInFlight: 1 },
  { lotsMin: 100_000 },
  { openPositions: 4 },
  { openPositions: 3 },
  { running: { fundingInMs: 59_999 } },
  { running: { fundingInMs: 60_000 } },
  { running: { fundingDue: '0.00050001' } },
  { running: { fundingDue: '0.0005' } },
  { running: { expectedMove: '0.00199999' } },
  { running: { expectedMove: '0.002' } },
  { running: { expectedMove: '0.0024', fundingDue: '0.00020001' } },
  { running: { trendAgainst: true } },
];

const ODD_ADDITION: readonly Odd[] = [
  ...ODD,
  { position: null },
  { position: { additionsMade: 7 } },
  { position: { lastGrownAt: ROOMY.now - 29_999 } },
  { position: { lastGrownAt: ROOMY.now - 30_000 } },
  { position: { leverage: undefined } as never },
  { position: { stopPrice: undefined } as never },
  { pnlPercent: '-3.00000001' },
  { pnlPercent: '-1' },
];

const odd = (of: readonly Odd[]): fc.Arbitrary<Odd> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<Odd>({}) }, { weight: 1, arbitrary: fc.constantFrom(...of) });

/** How far the price went from the signal's, in per cent of that. */
const moves = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('0', '0.4', '-0.9') },
  { weight: 1, arbitrary: near('1', '-1') },
);

function signalPriceOf(price: string, moved: string): string {
  return new Big(price).div(new Big(moved).div(100).plus(1)).round(16).toFixed();
}

export interface AdditionCase {
  readonly configured: Configured;
  readonly text: AdditionText;
}

/** Situations with room for the rung, most of them; each limit at its own distance. */
export const additionCases: fc.Arbitrary<AdditionCase> = fc
  .record({
    side,
    market,
    account,
    rooms,
    leverage,
    preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
    onLimit: fc.constantFrom('refuse', 'shrink'),
    profitPercentMin: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant('1.5') },
    ),
    baseCents: fc.integer({ min: 5_000, max: 50_000 }),
    additionsMade: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 })),
    pnlPercent: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: -90, max: 500 }).map((each) => String(each / 100)) },
      { weight: 1, arbitrary: near('-1', '-1.5', '-2', '-3', '1.5') },
    ),
    /** Of the distance to liquidation over 1.5. */
    stop: fc.constantFrom('-0.1', '0.05', '0.3', '0.9', '0.999999', '1.000001'),
    moved: moves,
    isAgainst: fc.nat(20).map((each) => each === 0),
    odd: odd(ODD_ADDITION),
  })
  .map((any) => {
    const { price, coinsPerLot } = any.market;
    const base = new Big(any.baseCents).div(100);
    const cost = base.times(10 + any.additionsMade * 6).div(10);
    const moved = new Big(any.pnlPercent).times(any.side).div(any.leverage * 100);
    const coins = cost.times(moved.plus(1)).div(price).round(10);
    const position = {
      side: any.side,
      coins: coins.toFixed(),
      cost: cost.toFixed(),
      base: base.toFixed(),
      leverage: any.leverage,
      additionsMade: any.additionsMade,
      lastGrownAt: 0,
    };
    const text = { ...ROOMY, ...any.market, side: any.side, signalPrice: signalPriceOf(price, any.moved), position };
    const { preset, onLimit, profitPercentMin } = any;
    const lotValue = lotValueOf(text);
    const rung = share({ preset, onLimit, positionValueMax: '0' }, text).times(base).div(lotValue).round(0, 0);
    const added = lotValue.times(rung);
    const valueNow = coins.times(price);
    const { positionValueMax, ...facts } = withRooms({ added, cost, valueNow, leverage: any.leverage }, any.rooms, {
      ...any.account,
      profile: text.profile,
      regime: text.regime,
    });
    const after = { coins: coins.plus(rung.times(coinsPerLot)), cost: cost.plus(added) };
    const stopPrice = stopAt({ ...text, ...after }, any.side, any.leverage, any.stop);
    return {
      configured: { preset, onLimit, positionValueMax, profitPercentMin },
      text: bent(
        {
          ...text,
          ...facts,
          side: (any.isAgainst ? -any.side : any.side) as Side,
          running: RUNNING,
          position: { ...position, stopPrice },
        },
        any.odd,
      ),
    };
  });

/** Price of a stop at a share of the farthest distance that gate 17 allows. */
function stopAt(
  {
    coins,
    cost,
    maintenanceRate,
    takerFeeRate,
  }: Pick<SituationText, 'maintenanceRate' | 'takerFeeRate'> & {
    readonly coins: Big;
    readonly cost: Big;
  },
  of: Side,
  times: number,
  distance: string,
): string {
  const average = cost.div(coins);
  const rates = new Big(maintenanceRate).plus(takerFeeRate);
  const liquidation = average.times(new Big(1).minus(new Big(of).div(times))).div(new Big(1).minus(rates.times(of)));
  const farthest = average.minus(liquidation).div('1.5').times(distance);
  const price = average.minus(farthest).round(14);
  return price.gt(0) ? price.toFixed() : '0.00000000000001';
}

function bent(text: AdditionText, { position, running, ...plain }: Odd): AdditionText {
  const { position: before, ...without } = { ...text, ...plain };
  return {
    ...without,
    running: { ...RUNNING, ...running },
    ...(position === null || before === undefined ? {} : { position: { ...before, ...position } }),
  };
}

/** Situations without any care: nearly all are refused, most for several reasons. */
export const wildAdditionCases: fc.Arbitrary<AdditionCase> = fc
  .record({
    side,
    onLimit: fc.constantFrom('refuse', 'shrink'),
    preset: fc.constantFrom('conservative', 'aggressive', 'adaptive'),
    regime: fc.constantFrom('trending', 'ranging', 'choppy'),
    profile: fc.constantFrom('small', 'medium', 'large'),
    price: fc.oneof(near('100', '99.6', '100.4', '0.1', '58500'), fc.constantFrom('0.00001234', '103456.7')),
    coins: fc.oneof(
      near('1', '0.996', '1.004', '2.5'),
      amount(50).map((value) => new Big(value).plus('0.001').toFixed()),
    ),
    cost: fc.oneof(
      near('100', '250', '1000'),
      amount(3000).map((value) => new Big(value).plus('0.01').toFixed()),
    ),
    base: fc.oneof(near('100', '72', '210.6'), amount(1000)),
    leverage: fc.option(fc.integer({ min: 1, max: 125 }), { nil: undefined }),
    additionsMade: fc.integer({ min: 0, max: 8 }),
    lastGrownAt: fc.constantFrom(0, 940_000, 940_001, 955_000, 970_000),
    stopPrice: fc.option(near('99', '101', '90', '0.09', '57500'), { nil: undefined }),
    balance: fc.oneof(near('1000', '1500', '3500'), amount(20_000), fc.constantFrom('12345678.9', '0')),
    marginUsed: fc.oneof(near('0', '982', '20', '950'), amount(2000)).map((value) => new Big(value).abs().toFixed()),
    unrealised: fc.oneof(near('0', '-962', '12.5')),
    totalExposure: fc
      .oneof(near('100', '2928', '2800', '0'), amount(4000))
      .map((value) => new Big(value).abs().toFixed()),
    openPositions: fc.integer({ min: 0, max: 4 }),
    volatilityFactor: fc.constantFrom('1', '0.5', '0.73', '0.6666666666666667'),
    coinsPerLot: fc.constantFrom('0.001', '0.0001', '1', '10', '0.0000001'),
    lotsMin: fc.constantFrom(1, 10, 720),
    pnlPercent: fc.option(near('-2', '-1.5', '1.5', '0'), { nil: undefined }),
  })
  .map((any) => {
    const { preset, onLimit, coins, cost, base, leverage: times, additionsMade, lastGrownAt, stopPrice, ...rest } = any;
    const { pnlPercent, ...plain } = rest;
    const text: AdditionText = {
      ...roomyAddition(any.side),
      ...plain,
      signalPrice: plain.price,
      position: {
        side: any.side,
        coins: new Big(coins).abs().plus('0.0000001').toFixed(),
        cost: new Big(cost).abs().plus('0.0000001').toFixed(),
        base: new Big(base).abs().toFixed(),
        additionsMade,
        lastGrownAt,
        ...(times === undefined ? {} : { leverage: times }),
        ...(stopPrice === undefined ? {} : { stopPrice }),
      },
      ...(pnlPercent === undefined ? {} : { pnlPercent }),
    };
    const positionValueMax = { small: '1350', medium: '3000', large: '15000' }[any.profile];
    return { configured: { preset, onLimit, positionValueMax }, text };
  });

/** Situations of an entry, each limit at its own distance. */
export const entryCases: fc.Arbitrary<{ readonly configured: Configured; readonly text: EntryText }> = fc
  .record({
    side,
    market,
    account,
    rooms,
    leverage,
    valueCents: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 5_000, max: 100_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(1_000, 2_000, 999, 0) },
    ),
    stop: fc.constantFrom('-0.1', '0.05', '0.3', '0.9', '0.999999', '1.000001'),
    worst: room,
    sinceCloseMs: fc.constantFrom(59_999, 60_000, 60_001, ROOMY.now),
    isOddBefore: fc.boolean(),
    moved: moves,
    odd: odd(ODD),
  })
  .map((any) => {
    const { price, coinsPerLot, profile, regime } = any.market;
    const plain = { ...roomyEntry(any.side), ...any.market, signalPrice: signalPriceOf(price, any.moved) };
    const sizeLots = new Big(any.valueCents).div(100).div(lotValueOf(plain)).round(0, Big.roundUp).toNumber();
    const added = lotValueOf(plain).times(sizeLots);
    const asked = { added, cost: new Big(0), valueNow: new Big(0), leverage: any.leverage };
    const { positionValueMax, ...facts } = withRooms(asked, any.rooms, { ...any.account, profile, regime });
    const { running, position: _none, ...bends } = any.odd;
    const { balance = '0' } = facts;
    const worst = new Big(balance).times('0.15').div(any.worst.times).minus(any.worst.hair);
    return {
      configured: { preset: 'conservative', onLimit: 'refuse', positionValueMax: atLeast(positionValueMax, '50') },
      text: {
        ...plain,
        ...facts,
        openPositions: 1,
        leverage: any.leverage,
        sizeLots,
        stopPrice: stopAt(
          {
            ...plain,
            coins: new Big(coinsPerLot).times(Math.max(1, sizeLots)),
            cost: lotValueOf(plain).times(Math.max(1, sizeLots)),
          },
          any.side,
          any.leverage,
          any.stop,
        ),
        worstCaseLoss: worst.gt(0) ? worst.toFixed() : '0',
        ...(any.isOddBefore ? { reentryWaitMs: 60_000, sinceCloseMs: any.sinceCloseMs } : {}),
        ...bends,
        running: { ...RUNNING, ...running },
      },
    };
  });

function atLeast(a: string, b: string): string {
  return new Big(a).lt(b) ? b : a;
}
