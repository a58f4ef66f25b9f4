import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BookChange } from '../wire/book.ts';
import { Book } from './book.ts';

type Row = readonly [px: number, sz: number];

function change(seqId: number, prevSeqId: number, asks: readonly Row[], bids: readonly Row[]): BookChange {
  const levels = (rows: readonly Row[]) =>
    rows.map(([px, sz]): [`${number}`, `${number}`, string, string] => [`${px}`, `${sz}`, '0', '1']);
  return { seqId, prevSeqId, asks: levels(asks), bids: levels(bids), ts: '1597026383085' };
}

function started(): Book {
  const book = new Book();
  book.apply(
    'snapshot',
    change(
      10,
      -1,
      [
        [101, 5],
        [102, 1],
      ],
      [
        [100, 2],
        [99.5, 7],
      ],
    ),
  );
  return book;
}

describe('Book', () => {
  test('keeps the best price first and deletes by size 0', () => {
    const book = started();
    expect(
      book.apply(
        'update',
        change(
          15,
          10,
          [
            [101, 0],
            [100.5, 3],
          ],
          [
            [99.5, 8],
            [98, 1],
          ],
        ),
      ),
    ).toEqual({ kind: 'applied' });
    expect(book.asks).toEqual([
      { px: '100.5', sz: '3' },
      { px: '102', sz: '1' },
    ]);
    expect(book.bids).toEqual([
      { px: '100', sz: '2' },
      { px: '99.5', sz: '8' },
      { px: '98', sz: '1' },
    ]);
  });

  test.each([
    ['a change whose predecessor is missing', change(20, 12, [], []), 'change 20 follows 12, the book is at 10'],
    ['a second snapshot number', change(11, -1, [], []), 'change 11 follows -1, the book is at 10'],
    ['sides that cross', change(11, 10, [], [[101, 1]]), 'crossed: bid 101, ask 101'],
  ])('%s is a gap and voids the book until the next snapshot', (_, broken, reason) => {
    const book = started();
    expect(book.apply('update', broken)).toEqual({ kind: 'gap', reason });
    expect([book.isWhole, book.asks, book.bids]).toEqual([false, [], []]);
    expect(book.apply('update', change(21, 20, [[101, 1]], []))).toEqual({ kind: 'void' });
    expect(book.apply('snapshot', change(30, -1, [[103, 1]], [[100, 1]]))).toEqual({ kind: 'applied' });
    expect(book.asks).toEqual([{ px: '103', sz: '1' }]);
  });

  test.each([
    ['a keep-alive that repeats its own number', change(10, 10, [], [])],
    ['a maintenance reset to a smaller number', change(3, 10, [], [])],
  ])('%s is part of the chain', (_, next) => {
    const book = started();
    expect(book.apply('update', next)).toEqual({ kind: 'applied' });
    expect(book.apply('update', change(12, next.seqId, [], [[100, 0]]))).toEqual({ kind: 'applied' });
    expect(book.bids[0]?.px).toBe('99.5');
  });

  test('law: any chain of changes leaves what a plain map of the last sizes holds, in order of price', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(3)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 15 }), (changes) => {
        const book = new Book();
        const sizes = new Map<number, number>();
        book.apply('snapshot', change(0, -1, [], []));
        for (const [i, asks] of changes.entries()) {
          book.apply('update', change(i + 1, i, asks, []));
          for (const [px, sz] of asks) {
            if (sz === 0) sizes.delete(px);
            else sizes.set(px, sz);
          }
        }
        const expected = [...sizes].sort(([a], [b]) => a - b).map(([px, sz]) => ({ px: `${px}`, sz: `${sz}` }));
        expect(book.asks).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
