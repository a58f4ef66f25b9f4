import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf, orderOf, other, PLAIN, plain, type Recording } from '../../../test/recording.ts';
import { lotsMaxAt, valueMoney } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import type { Side, Ticks } from '../../core/numbers/units.ts';
import { DEFAULT_FILL_MODEL, feeRate, feeUnits } from '../matching/fill-model.ts';
import { Matcher } from '../matching/matcher.ts';
import { remainingLots, type SimTerms } from '../matching/order.ts';
import type { SimAccount } from './account.ts';

const instruments = [plain, other];

const terms = fc.oneof(
  fc.constant<SimTerms>({ type: 'market' }),
  fc.constant<SimTerms>({ type: 'market' }),
  fc.record({ type: fc.constant('limit' as const), priceTicks: prices(), postOnly: fc.boolean() }),
  fc.record({ type: fc.constantFrom('ioc' as const, 'fok' as const), priceTicks: prices() }),
  fc.record({
    type: fc.constantFrom('stop' as const, 'take-profit' as const),
    triggerTicks: prices(),
    by: fc.constantFrom('mark' as const, 'last' as const),
  }),
);

function prices(): fc.Arbitrary<Ticks> {
  return fc.integer({ min: 9_000, max: 11_000 }).map((value) => value as Ticks);
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('place' as const),
        who: fc.nat(1),
        inst: fc.nat(1),
        id: fc.nat(7),
        lots: fc.oneof(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -900, max: 900 })),
        reduceOnly: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
        terms,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who: fc.nat(1), id: fc.nat(7) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('amend' as const),
        who: fc.nat(1),
        id: fc.nat(7),
        change: fc.oneof(
          fc.record({ priceTicks: prices() }),
          fc.record({ triggerTicks: prices() }),
          fc.record({ sizeLots: fc.integer({ min: 1, max: 900 }) }),
        ),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constantFrom('move' as const, 'jump' as const),
        inst: fc.nat(1),
        last: fc.integer({ min: 9_300, max: 10_700 }),
        mark: fc.integer({ min: -50, max: 50 }),
        volume: fc.integer({ min: 0, max: 20_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('fund' as const),
        inst: fc.nat(1),
        rate: fc.integer({ min: -500_000, max: 500_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('leverage' as const),
        who: fc.nat(1),
        inst: fc.nat(1),
        to: fc.integer({ min: 1, max: 60 }),
      }),
    },
  ),
  { minLength: 20, maxLength: 40, size: 'max' },
);

/** What the fills alone say, in exact bigint fractions of nobody's code: size, cost share by share, flows. */
class Ledger {
  lots = [0, 0];
  gross = 0n;
  fees = 0n;
  /** Of the position since it was last flat, without what liquidations took. */
  lifeFees = [0, 0];
  #seen = 0;

  read(heard: Recording): void {
    for (const fill of heard.fills.slice(this.#seen)) {
      const index = fill.instId === PLAIN.instId ? 0 : 1;
      const before = this.lots[index] ?? 0;
      const after = before + fill.side * fill.sizeLots;
      this.lots[index] = after;
      // A fill that turns a position round has two lives to pay for.
      const closed = before * after < 0 ? Math.floor((fill.feeUnits * Math.abs(before)) / fill.sizeLots) : 0;
      const sofar = before === 0 || before * after < 0 ? 0 : (this.lifeFees[index] ?? 0);
      this.lifeFees[index] = sofar + (fill.order === undefined ? 0 : fill.feeUnits - closed);
      this.gross += BigInt(fill.pnlUnits);
      this.fees += BigInt(fill.feeUnits);
    }
    this.#seen = heard.fills.length;
  }
}

/** @throws where a law is broken, by its name: an assertion a step would cost more than the step. */
function check(account: SimAccount, heard: Recording, ledger: Ledger): void {
  ledger.read(heard);
  const { totals } = account;
  const law = (name: string, holds: boolean) => {
    if (!holds) throw new Error(`broken: ${name}`);
  };
  law(
    'Σ of all flows is the balance',
    account.balance === account.startBalance + totals.gross - totals.fees + totals.funding,
  );
  law('gross is that of the fills', totals.gross === ledger.gross);
  law('fees are those of the fills', totals.fees === ledger.fees);
  law('funding is what was told', totals.funding === BigInt(heard.fundingUnits));
  instruments.forEach((instrument, index) => {
    const position = account.positionAt(index);
    const orders = account.ordersAt(index);
    law(
      'the position is the sum of its fills',
      position.lots * position.side === ledger.lots[index] || position.lots + Math.abs(ledger.lots[index] ?? 1) === 0,
    );
    law('its fees are those of its life', position.feeUnits === ledger.lifeFees[index]);
    law('no margin is owed', position.marginUnits >= 0);
    law(
      'a flat position holds nothing',
      position.lots > 0 || position.costUnits + position.marginUnits + position.liquidationTicks === 0,
    );
    law('within the tiers', position.lots <= lotsMaxAt(instrument, 1));
    const resting = orders.filter((order) => order.reduceOnly && order.state === 'live' && order.priceTicks > 0);
    law(
      'resting reduce-only orders fit the position',
      resting.reduce((sum, order) => sum + remainingLots(order), 0) <= position.lots,
    );
    law(
      'what lives has something left',
      orders.every((order) => remainingLots(order) > 0),
    );
    law(
      'reduce-only lives against a position',
      orders.every((order) => !order.reduceOnly || (position.lots > 0 && order.side !== position.side)),
    );
  });
}

describe('the law of the account', () => {
  it('Σ of all cash flows = balance to the last unit after any sequence; no reduce-only order ever flips', () => {
    let fills = 0;
    let liquidations = 0;
    fc.assert(
      fc.property(steps, fc.constantFrom('pessimistic' as const, 'optimistic' as const), (list, outlook) => {
        const matcher = new Matcher(instruments, {
          ...DEFAULT_FILL_MODEL,
          outlook,
          spreadTicks: 3,
          slippageBps: 5,
          priceLimitBps: 1_000,
          depthUsdtMin: 20_000,
        });
        const rates = { maker: decimal('-0.00005'), taker: decimal('0.00051') };
        const all = [
          accountOf(instruments, { id: 'a', usdt: 50_000, leverage: 20, feeRates: rates }),
          accountOf(instruments, { id: 'b', usdt: 5_000, leverage: 7 }),
        ];
        const ledgers = all.map(() => new Ledger());
        let now = 0;
        for (const { instId } of instruments) matcher.move({ instId, lastTicks: 10_000, volumeLots: 1_000, at: now });
        for (const step of list) {
          now += 1_000;
          const who = 'who' in step ? all[step.who] : undefined;
          const instId = instruments['inst' in step ? step.inst : 0]?.instId ?? '';
          if (step.do === 'place' && who !== undefined)
            matcher.place(
              who.account,
              {
                ...orderOf(`o${step.id}`, step.lots, step.terms, { instId, reduceOnly: step.reduceOnly }),
                expiresAt: now + 17_000,
              },
              now,
            );
          if (step.do === 'cancel' && who !== undefined) matcher.cancel(who.account, `o${step.id}`, now);
          if (step.do === 'amend' && who !== undefined) matcher.amend(who.account, `o${step.id}`, step.change, now);
          if (step.do === 'leverage' && who !== undefined) matcher.setLeverage(who.account, instId, step.to, now);
          if (step.do === 'move')
            matcher.move({
              instId,
              lastTicks: step.last,
              markTicks: step.last + step.mark,
              volumeLots: step.volume,
              at: now,
            });
          if (step.do === 'jump') {
            const book = matcher.bookAt(step.inst);
            book.offer(step.volume);
            book.beginJump(step.last, step.last, now);
            while (matcher.advance(book, 1)) continue;
          }
          if (step.do === 'fund') for (const each of all) matcher.settleFunding(each.account, instId, step.rate, now);
          all.forEach(({ account, heard }, n) => check(account, heard, ledgers[n] as Ledger));
        }
        for (const { heard } of all) {
          fills += heard.fills.length;
          liquidations += heard.fills.filter((fill) => fill.order === undefined).length;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(fills, 'the sequences trade').toBeGreaterThan(3_000);
    expect(liquidations, 'and some die').toBeGreaterThan(50);
  });

  it('is liquidated at the first tick at which margin and loss no longer cover maintenance and the closing fee', () => {
    const cases = fc.record({
      side: fc.constantFrom<Side>(1, -1),
      lots: fc.integer({ min: 1, max: 4_000 }),
      price: fc.integer({ min: 50, max: 50_000 }),
      leverage: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(cases, ({ side, lots, price, leverage }) => {
        const { account } = accountOf([plain], { leverage, usdt: 80_000_000 });
        account.fill(0, side, lots, price, account.taker, 1, 1);
        const { marginUnits } = account.positionAt(0);
        expect(marginUnits).toBe(Number(new Big(lots).times(price).times(1e6).div(leverage).round(0, 3).toFixed()));
        const rate = plain.tiers.find(({ lotsMax }) => lots <= lotsMax)?.maintenanceRate.approx ?? 0;
        const dies = (mark: number) => {
          const value = new Big(lots).times(mark).times(1e6);
          const upl = value.minus(new Big(lots).times(price).times(1e6)).times(side);
          return upl.plus(marginUnits).lte(value.times(new Big(rate).plus('0.0005')));
        };
        const level = account.liquidationTicksOf(0);
        if (level === 0) expect(dies(1)).toBe(false);
        else expect([dies(level), dies(level + side)]).toEqual([true, false]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('rounds margin up: of what is frozen, at another leverage, and of what must stay', () => {
    const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, spreadTicks: 0, slippageBps: 0 });
    matcher.move({ instId: PLAIN.instId, lastTicks: 9_999, volumeLots: 1_000, at: 0 });
    const { account } = accountOf([plain], { leverage: 7 });
    const units = 3 * 9_999 * plain.moneyPerTickLot;
    const seventh = Math.floor(units / 7) + 1;
    matcher.place(account, orderOf('a', 3, { type: 'limit', priceTicks: 9_998 as Ticks, postOnly: false }), 1);
    const frozen = 3 * 9_998 * plain.moneyPerTickLot;
    expect(account.frozenUnits).toBe(Math.floor(frozen / 7) + 1 + frozen * 0.0005);
    matcher.cancel(account, 'a', 1);
    matcher.place(account, orderOf('b', 3, 'market'), 1);
    expect(account.positionAt(0).marginUnits).toBe(seventh);
    matcher.setLeverage(account, PLAIN.instId, 3, 2);
    matcher.setLeverage(account, PLAIN.instId, 7, 3);
    expect(account.positionAt(0).marginUnits).toBe(seventh);
    expect(matcher.moveMargin(account, PLAIN.instId, -1)?.reason).toBe('margin-insufficient');
  });

  it('takes an order that needs all it has, and none that needs more', () => {
    const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 1_000_000 });
    matcher.move({ instId: PLAIN.instId, lastTicks: 10_000, volumeLots: 1_000, at: 0 });
    // 10,000 USDT at 10x and a fee of 5.
    const take = (usdt: number) => {
      const { account } = accountOf([plain], { usdt });
      const order = matcher.place(
        account,
        orderOf('a', 100, { type: 'limit', priceTicks: 10_000 as Ticks, postOnly: false }),
        1,
      );
      return 'reason' in order ? order.reason : undefined;
    };
    expect(take(1_005)).toBeUndefined();
    expect(take(1_004)).toBe('margin-insufficient');
  });

  it('an amendment of what reduces leaves its size, however much of it is filled', () => {
    const matcher = new Matcher([plain], {
      ...DEFAULT_FILL_MODEL,
      depthUsdtMin: 1_000_000,
      participation: 1,
      priceLimitBps: 500,
    });
    const { account } = accountOf([plain]);
    const go = (lastTicks: number, volumeLots: number) =>
      matcher.move({ instId: PLAIN.instId, lastTicks, volumeLots, at: lastTicks });
    go(10_000, 1_000);
    matcher.place(account, orderOf('in', 200, 'market'), 1);
    const limit = { type: 'limit', priceTicks: 10_050 as Ticks, postOnly: false } as const;
    matcher.place(account, orderOf('out', -150, limit, { reduceOnly: true }), 1);
    go(10_100, 200);
    const { filledLots = 0 } = account.order('out') ?? {};
    expect(filledLots).toBeGreaterThan(50);
    matcher.amend(account, 'out', { priceTicks: 10_200 }, 2);
    expect(account.order('out')?.sizeLots).toBe(150);
  });

  it('a stop that was moved goes on until all of it is filled, like one that was not', () => {
    const filled = [undefined, 9_890].map((moved) => {
      const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 0 });
      const { account, heard } = accountOf([plain]);
      const go = (lastTicks: number, volumeLots = 100) =>
        matcher.move({ instId: PLAIN.instId, lastTicks, volumeLots, at: 20_000 - lastTicks });
      go(10_000, 200);
      matcher.place(account, orderOf('in', 60, 'market'), 1);
      const stop = { type: 'stop', triggerTicks: 9_890 as Ticks, by: 'last' } as const;
      matcher.place(
        account,
        orderOf(
          's',
          -60,
          { ...stop, triggerTicks: (moved === undefined ? 9_890 : 9_900) as Ticks },
          { reduceOnly: true },
        ),
        1,
      );
      if (moved !== undefined) matcher.amend(account, 's', { triggerTicks: moved }, 2);
      for (const lastTicks of [9_880, 9_870, 9_860]) go(lastTicks);
      expect(account.positionAt(0).lots).toBe(0);
      return heard.fills.filter(({ side }) => side === -1).map(({ sizeLots }) => sizeLots);
    });
    expect(filled[1]).toEqual(filled[0]);
    expect(filled[1]?.length).toBeGreaterThan(1);
  });

  it('rounds a fee up and a rebate down, so that fills in parts never cost less than one fill', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.constantFrom('0.0005', '0.000333', '-0.0001'),
        (lots, price, rate) => {
          const paid = feeUnits(other, feeRate(decimal(rate)), lots, price);
          const { units, scale } = decimal(rate);
          const exact = valueMoney(other, lots, price) * units;
          const unit = 10n ** BigInt(scale);
          expect(BigInt(paid) * unit >= exact && (BigInt(paid) - 1n) * unit < exact).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
