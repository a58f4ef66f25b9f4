import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { Doubles, type Fraction, fractions, roundedUnits } from '../numbers/arithmetic.ts';
import { decimal, formatUnits } from '../numbers/decimal.ts';
import { lots, type Side } from '../numbers/units.ts';
import { maintenanceRate } from '../situation.ts';
import {
  bankruptcyPrice,
  breakEvenPrice,
  fundingReceived,
  initialMargin,
  liquidationPrice,
  maintenanceMargin,
  marginRatio,
  plannedLiquidationPrice,
  shownLiquidationPrice,
  shownMarginRatio,
  shownText,
  shownUnrealisedRatio,
  unrealised,
  unrealisedRatio,
} from './margin.ts';

const m = fractions;
const of = (text: string): Fraction => m.of(decimal(text));
const text = (value: Fraction, places = 20): string => formatUnits(roundedUnits(value, places, 'floor'), places);
const double = (value: Fraction): number => Number(text(value, 30));

function recorded(
  side: Side,
  average: string,
  contracts: string,
  contractValue: string,
  leverage: string,
  mark: string,
  maintenance: string,
) {
  const quantity = m.times(of(contracts), of(contractValue));
  const cost = m.times(quantity, of(average));
  const margin = initialMargin(m, cost, of(leverage));
  const value = m.times(quantity, of(mark));
  return {
    side,
    position: { side, quantity, cost, margin },
    value,
    rates: { maintenance: of(maintenance), closingFee: of('0.0005') },
  };
}

describe('what OKX recorded (okx-v5.md §2)', () => {
  it('vector 1: BIGTIME long, to the last digit shown', () => {
    const { position, value, rates, side } = recorded(1, '0.01305', '613', '10', '8', '0.01304', '0.02');
    expect(text(position.margin)).toBe('9.9995625');
    expect(text(maintenanceMargin(m, value, rates.maintenance))).toBe('1.598704');
    expect(text(unrealised(m, side, position.cost, value))).toBe('-0.0613');
    expect(shownText(shownUnrealisedRatio(side, 0.01305, 0.01304, 8))).toBe('-0.0061302681992341');
    expect(double(unrealisedRatio(m, side, position.cost, value, of('8')))).toBeCloseTo(-0.0061302681992337, 15);
    expect(text(m.times(position.cost, rates.closingFee))).toBe('0.03999825');
    expect(shownText(double(breakEvenPrice(m, side, of('0.01305'), rates.closingFee)))).toBe('0.0130630565282641');
    expect(double(marginRatio(m, position, value, rates))).toBeCloseTo(6.06482866975909, 13);
    const shown = shownMarginRatio({ side, quantity: 6130, margin: 9.9995625 }, 0.01305, 0.01304, {
      maintenance: 0.02,
      closingFee: 0.0005,
    });
    expect(shownText(shown)).toBe('6.064828669759086');
    const exact = liquidationPrice(m, position, rates);
    expect(text(exact, 16)).toBe('0.0116577335375191');
    expect(shownText(double(shownLiquidationPrice(m, exact, side, of('0.00001'))))).toBe('0.0116677335375191');
  });

  it('vector 2: BTC short, to the last digit shown', () => {
    const { position, value, rates, side } = recorded(-1, '26598.3', '1', '0.01', '2', '26029.7', '0.004');
    expect(text(position.margin)).toBe('132.9915');
    expect(text(maintenanceMargin(m, value, rates.maintenance))).toBe('1.041188');
    expect(text(unrealised(m, side, position.cost, value))).toBe('5.686');
    expect(shownText(shownUnrealisedRatio(side, 26598.3, 26029.7, 2))).toBe('0.0427546121368658');
    expect(text(marginRatio(m, position, value, rates), 13)).toBe('118.3925370719686');
    const shown = shownMarginRatio({ side, quantity: 0.01, margin: 132.9915 }, 26598.3, 26029.7, {
      maintenance: 0.004,
      closingFee: 0.0005,
    });
    expect(shownText(shown)).toBe('118.3925370719686');
    const exact = liquidationPrice(m, position, rates);
    expect(shownText(double(exact))).toBe('39718.71577899453');
    expect(shownText(double(shownLiquidationPrice(m, exact, side, of('0.1'))))).toBe('39718.61577899453');
  });

  it('vector 3: BTC in cross margin, 2021: the same formula with the equity in place of the margin, no tick', () => {
    const quantity = of('0.01');
    const cost = m.times(quantity, of('34131.1'));
    const value = m.times(quantity, of('34132.18608358957281'));
    const rates = { maintenance: of('0.004'), closingFee: of('0.0005') };
    const upl = unrealised(m, 1, cost, value);
    expect(double(initialMargin(m, value, of('2')))).toBe(170.66093041794787);
    expect(double(maintenanceMargin(m, value, rates.maintenance))).toBe(1.3652874433435829);
    expect(shownText(double(upl))).toBe('0.0108608358957281');
    expect(shownText(shownUnrealisedRatio(1, 34131.1, 34132.18608358957, 2))).toBe('0.0000636418743944');
    const equity = m.times(of('140.49930117599155'), m.times(value, of('0.0045')));
    const position = { side: 1 as const, quantity, cost, margin: m.minus(equity, upl) };
    expect(double(marginRatio(m, position, value, rates))).toBe(140.49930117599155);
    expect(double(liquidationPrice(m, position, rates))).toBe(12608.959083877446);
  });

  it('vector 4: an inverse long is a linear short in the reciprocal price, and shows its tick too', () => {
    const position = {
      side: -1 as const,
      quantity: of('10'),
      cost: m.over(of('10'), of('2566.31')),
      margin: of('0.0003896645377994'),
    };
    const reciprocal = liquidationPrice(m, position, { maintenance: of('0.008'), closingFee: of('0.0005') });
    const shown = double(shownLiquidationPrice(m, m.over(m.one, reciprocal), 1, of('0.01')));
    expect(Math.abs(shown - 2352.8496681818233), 'one step of a double at this price').toBeLessThanOrEqual(2 ** -41);
  });

  it.each([
    // side, open, close, contracts, ctVal, leverage, open fee, close fee | fee, pnl, net, pnlRatio
    [
      1,
      '3226.93',
      '3224.8',
      '0.1',
      '0.1',
      '3',
      '0.0007',
      '0.0007',
      '-0.04516211',
      '-0.0213',
      '-0.06646211',
      '-0.0061788241455501',
    ],
    [
      -1,
      '1.2462',
      '1.2567',
      '40',
      '1',
      '10',
      '0.0002',
      '0.0005',
      '-0.0351036',
      '-0.42',
      '-0.4551036',
      '-0.0912982667308618',
    ],
  ] as const)('vectors 5 and 6: a closed position, side %i from %s to %s', (...row) => {
    const [side, open, close, contracts, contractValue, leverage, openFee, closeFee, fee, pnl, net, ratio] = row;
    const quantity = m.times(of(contracts), of(contractValue));
    const cost = m.times(quantity, of(open));
    const value = m.times(quantity, of(close));
    const fees = m.minus(m.zero, m.plus(m.times(cost, of(openFee)), m.times(value, of(closeFee))));
    const gross = unrealised(m, side, cost, value);
    expect(text(fees)).toBe(fee);
    expect(text(gross)).toBe(pnl);
    expect(text(m.plus(gross, fees))).toBe(net);
    expect(shownText(double(m.over(m.plus(gross, fees), initialMargin(m, cost, of(leverage)))))).toBe(ratio);
  });
});

describe('against an independent formula in big.js', () => {
  const numbers = fc.record({
    side: fc.constantFrom<Side>(1, -1),
    average: fc.integer({ min: 1, max: 10_000_000 }).map((n) => new Big(n).div(1000).toFixed()),
    coins: fc.integer({ min: 1, max: 1_000_000 }).map((n) => new Big(n).div(10_000).toFixed()),
    leverage: fc.integer({ min: 1, max: 125 }),
    added: fc.integer({ min: 0, max: 1000 }).map((n) => new Big(n).div(1000).toFixed()),
    maintenance: fc.integer({ min: 4, max: 200 }).map((n) => new Big(n).div(1000).toFixed()),
    markShare: fc.integer({ min: 500, max: 1500 }).map((n) => new Big(n).div(1000).toFixed()),
  });
  const fee = '0.0005';

  it('liquidation price and margin agree on 1,000 positions, in fractions to 10⁻⁸ and in doubles to 10⁻¹⁰ of the price', () => {
    Big.DP = 40;
    const doubles = new Doubles();
    fc.assert(
      fc.property(numbers, ({ side, average, coins, leverage, added, maintenance }) => {
        const cost = m.times(of(coins), of(average));
        const margin = m.plus(initialMargin(m, cost, m.whole(leverage)), of(added));
        const rates = { maintenance: of(maintenance), closingFee: of(fee) };
        const mine = liquidationPrice(m, { side, quantity: of(coins), cost, margin }, rates);

        // Independent: the price p at which (margin + s·coins·(p − average)) = (maintenance + fee)·coins·p, solved by its two ends.
        const q = new Big(coins);
        const hisMargin = q.times(average).div(leverage).plus(added);
        const surplus = (p: Big) =>
          hisMargin.plus(q.times(p.minus(average)).times(side)).minus(q.times(p).times(new Big(maintenance).plus(fee)));
        const atZero = surplus(new Big(0));
        const slope = surplus(new Big(1)).minus(atZero);
        const his = atZero.div(slope).times(-1);
        expect(text(margin, 8)).toBe(formatUnits(BigInt(hisMargin.times(1e8).round(0, 0).toFixed()), 8));
        expect(Math.abs(new Big(text(mine, 20)).minus(his).toNumber())).toBeLessThan(1e-15);

        const quick = liquidationPrice(
          doubles,
          { side, quantity: Number(coins), cost: Number(coins) * Number(average), margin: hisMargin.toNumber() },
          { maintenance: Number(maintenance), closingFee: Number(fee) },
        );
        expect(Math.abs(quick - his.toNumber())).toBeLessThanOrEqual(
          1e-10 * (Number(average) + hisMargin.div(coins).toNumber()),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('the margin ratio is 1 at the liquidation price, above it on the safe side, below it on the other', () => {
    fc.assert(
      fc.property(numbers, ({ side, average, coins, leverage, maintenance }) => {
        const cost = m.times(of(coins), of(average));
        const position = { side, quantity: of(coins), cost, margin: initialMargin(m, cost, m.whole(leverage)) };
        const rates = { maintenance: of(maintenance), closingFee: of(fee) };
        const price = liquidationPrice(m, position, rates);
        fc.pre(m.compare(price, m.zero) > 0);
        const ratioAt = (factor: string) =>
          m.compare(marginRatio(m, position, m.times(position.quantity, m.times(price, of(factor))), rates), m.one);
        expect(ratioAt('1')).toBe(0);
        expect(ratioAt(side === 1 ? '1.0001' : '0.9999')).toBe(1);
        expect(ratioAt(side === 1 ? '0.9999' : '1.0001')).toBe(-1);
      }),
      { numRuns: 1000 },
    );
  });

  it("the planner's price is the position's own with margin = cost / leverage (ladder.md §7)", () => {
    fc.assert(
      fc.property(numbers, ({ side, average, coins, leverage, maintenance }) => {
        const cost = m.times(of(coins), of(average));
        const rates = { maintenance: of(maintenance), closingFee: of(fee) };
        const margin = initialMargin(m, cost, m.whole(leverage));
        const own = liquidationPrice(m, { side, quantity: of(coins), cost, margin }, rates);
        expect(m.compare(own, plannedLiquidationPrice(m, side, of(average), m.whole(leverage), rates))).toBe(0);
        const share = new Big(maintenance).plus(fee).times(side);
        const written = new Big(average)
          .times(new Big(1).minus(new Big(side).div(leverage)))
          .div(new Big(1).minus(share));
        expect(Math.abs(new Big(text(own, 20)).minus(written).toNumber())).toBeLessThan(1e-15);
      }),
      { numRuns: 1000 },
    );
  });

  it('a position taken over at its bankruptcy price loses exactly its margin', () => {
    fc.assert(
      fc.property(numbers, ({ side, average, coins, leverage }) => {
        const cost = m.times(of(coins), of(average));
        const position = { side, quantity: of(coins), cost, margin: initialMargin(m, cost, m.whole(leverage)) };
        const loss = unrealised(m, side, cost, m.times(of(coins), bankruptcyPrice(m, position)));
        expect(m.compare(m.plus(loss, position.margin), m.zero)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

it('a larger position keeps the rate of its tier (rules.md §4), and past the last tier never a smaller one', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 50 })), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(steps, fc.nat({ max: 3_000 }), (widths, more) => {
      let [lotsMax, permille] = [0, 4];
      const tiers = widths.map(([width, rise]) => {
        lotsMax += width;
        permille += rise;
        return { lotsMax: lots(lotsMax), maintenanceRate: decimal(`${permille / 1_000}`), leverageMax: 10 };
      });
      const rateOf = (size: number) => maintenanceRate(new Doubles(), { ...BTC_SWAP, tiers }, size);
      for (const { lotsMax: most, maintenanceRate: rate } of tiers) {
        expect(rateOf(most)).toBe(rate.approx);
        expect(rateOf(most + 1 + more)).toBeGreaterThanOrEqual(rate.approx);
      }
    }),
    { numRuns: 500 },
  );
});

describe('signs', () => {
  it('a positive funding rate is paid by the long and received by the short', () => {
    expect(text(fundingReceived(m, 1, of('1000'), of('0.0001')))).toBe('-0.1');
    expect(text(fundingReceived(m, -1, of('1000'), of('0.0001')))).toBe('0.1');
  });

  it('break-even lies above a long and below a short', () => {
    expect(text(breakEvenPrice(m, 1, of('100'), of('0.0005')), 6)).toBe('100.10005');
    expect(text(breakEvenPrice(m, -1, of('100'), of('0.0005')), 6)).toBe('99.900049');
  });

  it('shows small and large doubles without an exponent', () => {
    expect([1e-7, 1e-17, -1e-17, 0.1 + 0.2, 1e15].map(shownText)).toEqual([
      '0.0000001',
      '0',
      '0',
      '0.3',
      '1000000000000000',
    ]);
  });
});
