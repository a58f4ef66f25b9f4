/** What the adapter tells: when it has happened (never back by our clock's error, and no one stamp dates what comes after it), and why the exchange is lost. */
import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../../core/event.ts';
import { money } from '../../core/numbers/units.ts';
import { UnansweredError } from '../door/verdict.ts';
import { TwoSidedError } from '../payload-fault.ts';
import { EXCHANGE_LIMITS } from './exchange-options.ts';
import { Telling } from './telling.ts';

const NOW = 1_700_000_000_000;
const YEAR_MS = 365 * 86_400_000;

/** A clock that stands until it is set on. */
function telling() {
  const clock = { nowMs: NOW, readings: 0, asked: 0 };
  const warned: string[] = [];
  const heard: CoreEvent[] = [];
  const it = new Telling({
    rest: { exchangeNowMs: () => clock.nowMs, syncClock: () => Promise.reject(new Error('nobody waits for it')) },
    limits: EXCHANGE_LIMITS,
    errands: {
      inBackground: () => {
        clock.readings += 1;
      },
      after: () => {
        clock.asked += 1;
      },
    },
    hear: (event) => heard.push(event),
    warn: (message) => warned.push(message),
    read: () => undefined,
  });
  const accepted = (at: number) => it.tell({ kind: 'order-accepted', at, clientId: 'a' });
  const reasons = () => heard.map((event) => (event.kind === 'exchange-lost' ? event.because : undefined));
  return { it, clock, warned, accepted, reasons, times: () => heard.map(({ at }) => at - NOW) };
}

describe('the time of an event', () => {
  it.each([
    ['is its own where it comes later', 100, 100],
    ['does not run back for our clock’s error', -EXCHANGE_LIMITS.clockErrorMs, 0],
    ['is its own where it is found late', -EXCHANGE_LIMITS.clockErrorMs - 1, -EXCHANGE_LIMITS.clockErrorMs - 1],
  ])('%s', (_, after, told) => {
    const { accepted, times } = telling();
    accepted(NOW);
    accepted(NOW + after);
    expect(times()).toEqual([0, told]);
  });

  it('that is stamped a little ahead of our clock dates what we tell next', () => {
    const { it: told, accepted, times } = telling();
    accepted(NOW + 200);
    told.lost({ code: 'said', words: 'why' });
    expect(times()).toEqual([200, 200]);
  });

  it('that is stamped far ahead is told as it is, and dates nothing after it', () => {
    const { it: told, clock, accepted, times } = telling();
    accepted(NOW + 10 * YEAR_MS);
    expect(told.now()).toBe(NOW);
    clock.nowMs += 5;
    told.lost({ code: 'said', words: 'why' });
    accepted(NOW + 7);
    expect(times()).toEqual([10 * YEAR_MS, 5, 7]);
  });

  it('of a settlement of funding is never moved: it is what the settlement is known by after a restart', () => {
    const { it: told, accepted, times } = telling();
    accepted(NOW);
    told.tell({ kind: 'funding-settled', at: NOW - 100, instId: 'BTC-USDT-SWAP', amount: money(-5n) });
    expect(times()).toEqual([0, -100]);
  });
});

describe('a lost exchange', () => {
  const account = { code: 'not-read', what: 'account', words: 'x' } as const;

  it('that cannot be understood is said once, and read anew once, until it was read whole', () => {
    const { it: told, clock, warned, reasons } = telling();
    for (const odd of ['side "long"', 'side "long"', 'no leverage', 'no leverage']) told.suspect(odd);
    expect(reasons()).toHaveLength(4);
    expect([warned, clock.asked]).toEqual([['side "long"', 'no leverage'], 1]);
    const nothing = { positions: [], orders: [], balance: money(0n), available: money(0n) };
    told.tell({ kind: 'exchange-read', at: NOW, ...nothing });
    told.suspect('no leverage');
    expect([warned.length, clock.asked]).toEqual([3, 2]);
  });

  it('of an account in long/short mode says so as values, where another language needs them', () => {
    const { it: told, reasons } = telling();
    told.failed(new TwoSidedError('a position', 'BTC-USDT-SWAP', 'long'));
    const words = 'BTC-USDT-SWAP: a position of side "long": the account must be in net mode';
    expect(reasons()).toEqual([{ code: 'unreadable', words, twoSided: { instId: 'BTC-USDT-SWAP', side: 'long' } }]);
  });

  it.each([
    ['50102', 'Timestamp request expired'],
    ['50111', 'Invalid OK-ACCESS-KEY'],
    ['50120', 'API key doesn’t have permission'],
    ['http-403', 'HTTP 403 without an OKX reply'],
  ])('is one that refuses access where it answers %s, and the clock is read anew', (code, message) => {
    const { it: told, clock, reasons } = telling();
    const refused = { code: 'access-refused', words: `${code} ${message}` };
    told.lost(account, { class: 'auth', code, message });
    told.unanswered({ class: 'auth', code, message });
    told.failed(new UnansweredError({ class: 'auth', code, message }));
    expect(reasons()).toEqual([refused, refused, refused]);
    expect(clock.readings).toBe(3);
  });

  it('is told as what it is where the answer says anything else', () => {
    const { it: told, clock, reasons } = telling();
    const fault = { class: 'unknown', code: '50001', message: 'Service unavailable' } as const;
    told.lost(account, fault);
    told.unanswered(fault);
    told.failed(new UnansweredError(fault));
    told.suspect('px: no number');
    expect(reasons()).toEqual([
      account,
      { code: 'said', words: '50001 Service unavailable' },
      { code: 'unreadable', words: 'px: no number' },
    ]);
    expect(clock.readings).toBe(0);
  });
});
