/** When an order without an answer is asked for, and the exchange read (reliability.md, "No double orders" 3, 4). In the life of the loop: loop.test.ts. */
import { expect, it } from 'vitest';
import { Script } from '../../test/script.ts';
import { Inquiries } from './inquiries.ts';
import { LOOP_LIMITS } from './loop.ts';

const silent = () => undefined;

/** Of a bot with a position and its stop; `asked` is everything that it asks. */
function asking(readEveryMs: number) {
  const script = new Script().enter();
  const asked: string[] = [];
  const exchange = {
    place: silent,
    cancel: silent,
    amend: silent,
    setLeverage: silent,
    inquire: ({ role }: { readonly role: string }) => void asked.push(role),
    read: () => void asked.push('read'),
  };
  const inquiries = new Inquiries(script.registry, exchange, { ...LOOP_LIMITS, inquireEveryMs: 2_000, readEveryMs });
  inquiries.due(0);
  expect(asked.splice(0)).toEqual(['read']);
  const [open] = script.registry.orders.values();
  if (open === undefined) throw new Error('the stop stands');
  return { registry: script.registry, open, asked, inquiries };
}

it.each([
  ['it is unknown', { state: 'unknown' }],
  ['its cancellation is not answered', { state: 'ending' }],
  ['its amendment is not answered', { amending: true }],
] as const)('an order is asked for anew each time that %s, a while after it is first seen so', (_, question) => {
  const { open, asked, inquiries } = asking(1e9);
  for (const at of [10_000, 50_000]) {
    Object.assign(open, question);
    for (const next of [at + 2_000, at + 4_000]) {
      expect(inquiries.nextMs(at)).toBe(next);
      inquiries.due(next - 1);
      expect(asked).toEqual([]);
      inquiries.due(next);
      expect(asked.splice(0)).toEqual(['stop']);
    }
    Object.assign(open, { state: 'live', amending: false });
    inquiries.nextMs(at + 5_000);
  }
});

it.each([
  ['soon while a difference waits for a second reading', { differences: 'BTC-USDT-SWAP 1' }, 2_000],
  ['soon while the book is not confirmed', { ready: false }, 2_000],
  ['at its time where all is known', {}, 15_000],
] as const)('the exchange is read %s', (_, more, everyMs) => {
  const { registry, asked, inquiries } = asking(15_000);
  Object.assign(registry, more);
  expect(inquiries.nextMs(1)).toBe(everyMs);
  inquiries.due(everyMs - 1);
  expect(asked).toEqual([]);
  inquiries.due(everyMs);
  expect(asked).toEqual(['read']);
});
