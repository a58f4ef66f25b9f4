import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOf, plain, Recording } from '../../../test/recording.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { SimAccount } from '../account/account.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import { savedOrder } from './order.ts';

const settings = {
  id: 'a',
  startBalance: 100_000n * 100_000_000n,
  feeRates: { maker: decimal('0.0002'), taker: decimal('0.0005') },
  leverage: 10,
};
const MODEL = { ...DEFAULT_FILL_MODEL, depthUsdtMin: 500 };

interface World {
  readonly matcher: Matcher;
  readonly account: SimAccount;
  readonly heard: Recording;
}

function begun(): World {
  const heard = new Recording();
  const matcher = new Matcher([plain], MODEL);
  const account = new SimAccount(settings, [plain], heard);
  matcher.move({ instId: plain.instId, lastTicks: 10_000, volumeLots: 0, at: 1 });
  return { matcher, account, heard };
}

/** The same world after it was saved as text and read again. */
function resumed({ matcher, account }: World): World {
  const { totals, positions, orders } = account;
  const text = JSON.stringify({ counts: matcher.save(), positions, orders: orders.flat().map(savedOrder) });
  const read = JSON.parse(text) as { counts: ReturnType<Matcher['save']>; positions: []; orders: [] };
  const heard = new Recording();
  const next = new Matcher([plain], MODEL);
  const [book] = matcher.books;
  if (book === undefined) throw new Error('no book');
  next.books[0]?.start(book.lastTicks, book.markTicks, book.legEndMs);
  next.resume(read.counts);
  const again = new SimAccount({ ...settings, saved: { totals, positions: read.positions } }, [plain], heard);
  next.resumePositions(again);
  next.resumeOrders(read.orders.map((order) => ({ account: again, order })));
  return { matcher: next, account: again, heard };
}

const step = fc.oneof(
  fc.record({ do: fc.constant('market' as const), lots: fc.integer({ min: -200, max: 200 }) }),
  fc.record({
    do: fc.constant('limit' as const),
    lots: fc.integer({ min: -200, max: 200 }),
    at: fc.integer({ min: 9_800, max: 10_200 }),
    reduceOnly: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('stop' as const),
    lots: fc.integer({ min: -200, max: 200 }),
    at: fc.integer({ min: 9_000, max: 11_000 }),
  }),
  fc.record({ do: fc.constant('go' as const), to: fc.integer({ min: 9_000, max: 11_000 }), volume: fc.nat(500) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function act({ matcher, account }: World, each: Step, at: number): void {
  if (each.do === 'go') return matcher.move({ instId: plain.instId, lastTicks: each.to, volumeLots: each.volume, at });
  const terms =
    each.do === 'market'
      ? 'market'
      : each.do === 'limit'
        ? { type: 'limit' as const, priceTicks: each.at as never, postOnly: false }
        : { type: 'stop' as const, triggerTicks: each.at as never, by: 'mark' as const };
  matcher.place(
    account,
    orderOf(`o${at}`, each.lots, terms, { reduceOnly: each.do === 'limit' && each.reduceOnly }),
    at,
  );
}

describe('an exchange that was saved and resumed', () => {
  it('goes on as if it had never stopped, to the last fill and unit', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 3, maxLength: 15 }),
        fc.array(step, { minLength: 3, maxLength: 15 }),
        (before, after) => {
          const first = begun();
          before.forEach((each, n) => act(first, each, 10 + n));
          const second = resumed(first);
          first.heard.take();
          // What a taker may find is offered anew with each move: both begin with one.
          for (const world of [first, second]) {
            act(world, { do: 'go', to: 10_000, volume: 100 }, 100);
            after.forEach((each, n) => act(world, each, 101 + n));
          }
          expect(second.heard.take()).toEqual(first.heard.take());
          expect(second.account.totals).toEqual(first.account.totals);
          expect(second.account.balance).toBe(first.account.balance);
          expect(second.account.availableUnits).toBe(first.account.availableUnits);
          expect(second.account.positions).toEqual(first.account.positions);
          expect(second.matcher.save()).toEqual(first.matcher.save());
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
