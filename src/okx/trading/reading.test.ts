/** The account read whole: all of it or nothing (lessons.md 7), and of our instruments alone. */
import { describe, expect, it } from 'vitest';
import { approvedOrder, BTC } from '../../../test/okx/paper-rig.ts';
import { ticks } from '../../core/numbers/units.ts';
import { faultOfCode } from '../door/faults.ts';
import type { Rest } from '../door/rest.ts';
import { endpoints } from '../wire/endpoints.ts';
import { readAccount } from './reading.ts';

const { instId } = BTC;
const OTHER = { instId: 'OTHER-USDT-SWAP' };
const TARGET = approvedOrder('target', 1, { type: 'limit', priceTicks: ticks(510_000), postOnly: false });
const STOP = approvedOrder('stop', 1, { type: 'stop', triggerTicks: ticks(490_000), by: 'mark' });

const BALANCE = { details: [{ ccy: 'USDT', eq: '7', availBal: '5', upl: '1' }] };
const POSITION = { instId, mgnMode: 'isolated', posSide: 'net', pos: '0.2', avgPx: '50000', lever: '5' };
const ORDER = {
  instId,
  ordId: '1',
  clOrdId: TARGET.clientId,
  algoClOrdId: '',
  reduceOnly: 'true',
  px: '51000',
  sz: '0.2',
};
const ALGO = {
  instId,
  algoId: '2',
  algoClOrdId: STOP.clientId,
  reduceOnly: 'true',
  slTriggerPx: '49000',
  triggerPx: '',
  sz: '0.2',
};

const PARTS = {
  balance: [BALANCE],
  positions: [POSITION, { ...POSITION, ...OTHER }],
  orders: [ORDER, { ...ORDER, ...OTHER }],
  'conditional,oco': [ALGO, { ...ALGO, ...OTHER }],
  trigger: [{ ...ALGO, algoClOrdId: 'theirs', reduceOnly: 'false' }],
  move_order_stop: [],
};
type Part = keyof typeof PARTS;
const NAMES = Object.keys(PARTS) as Part[];

/** An account of these parts; a code stands for no answer, and beside some rows others cannot be read. */
function reading(parts: Partial<Record<Part, readonly object[] | string>> = {}, unread: readonly Part[] = []) {
  const asked: object[] = [];
  const nameOf = (endpoint: object, { ordType }: { readonly ordType?: string }): Part => {
    if (endpoint === endpoints.balance) return 'balance';
    if (endpoint === endpoints.positions) return 'positions';
    return endpoint === endpoints.ordersPending ? 'orders' : (ordType as Part);
  };
  const rest = {
    get: async (endpoint: object, query: object) => {
      const name = nameOf(endpoint, query);
      asked.push({ ...query, name });
      const said = parts[name] ?? PARTS[name];
      if (typeof said === 'string') return { kind: 'fault', fault: faultOfCode(said, name) };
      const faults = unread.includes(name) ? [{ index: 0, reason: `${name} is odd` }] : [];
      return { kind: 'ok', rows: said, faults, receivedAtMs: 0 };
    },
  } as unknown as Rest;
  return { asked, read: readAccount(rest, new Map([[instId, BTC]])) };
}

describe('an account', () => {
  it('is its balance, and positions, orders and sleeping orders of our instruments', async () => {
    const { read, asked } = reading();
    const stands = (at: number) => ({ reduceOnly: true, instId, stands: { ticks: at, sizeLots: 20 } });
    expect(await read).toEqual({
      kind: 'ok',
      account: {
        balance: 600_000_000n,
        available: 500_000_000n,
        positions: [{ instId, signedLots: 20, costUnits: 10_000_000_000, leverage: 5 }],
        orders: [
          { clientId: TARGET.clientId, ...stands(510_000) },
          { clientId: STOP.clientId, ...stands(490_000) },
          { clientId: 'theirs', instId, reduceOnly: false },
        ],
        besideGrid: [],
        crossMargin: [],
      },
    });
    const listed = { instType: 'SWAP', limit: 100, after: undefined };
    expect(asked).toEqual([
      { name: 'balance', ccy: 'USDT' },
      { name: 'positions', instType: 'SWAP' },
      { name: 'orders', ...listed },
      ...NAMES.slice(3).map((ordType) => ({ name: ordType, ordType, ...listed })),
    ]);
  });

  it('says what of a position is beside the grid, and what is held with cross margin', async () => {
    const cross = { ...POSITION, pos: '-0.4', mgnMode: 'cross' };
    const { read } = reading({ positions: [{ ...POSITION, pos: '0.205' }, cross, { ...POSITION, pos: '0' }] });
    expect(await read).toMatchObject({
      account: {
        positions: [{ signedLots: 20 }],
        besideGrid: [{ instId, contracts: '0.005', lot: '0.01' }],
        crossMargin: [{ instId, side: 'short', contracts: '0.4' }],
      },
    });
  });

  it.each(NAMES)('is not read where %s has no answer', async (name) => {
    expect(await reading({ [name]: '50026' }).read).toEqual({ kind: 'failed', fault: faultOfCode('50026', name) });
  });

  it.each(NAMES)('is not read where a row of %s cannot be read', async (name) => {
    const message = expect.stringContaining(`${name} is odd`);
    expect(await reading({}, [name]).read).toMatchObject({ kind: 'failed', fault: { code: 'payload', message } });
  });

  it('is not read where the balance has no row: nothing is not zero', async () => {
    const fault = { code: 'payload', message: 'the balance has no row' };
    expect(await reading({ balance: [] }).read).toMatchObject({ kind: 'failed', fault });
  });

  it('is read page by page, and not where a list has no end', async () => {
    const others = Array.from({ length: 100 }, (_, at) => ({ ...ORDER, ...OTHER, ordId: String(900 - at) }));
    const { read, asked } = reading({
      orders: others,
      trigger: others.map(({ ordId }) => ({ ...ALGO, ...OTHER, algoId: ordId })),
    });
    expect(await read).toMatchObject({ kind: 'failed', fault: { code: 'too-long' } });
    expect(asked).toContainEqual(expect.objectContaining({ name: 'orders', after: '801' }));
    expect(asked).toContainEqual(expect.objectContaining({ name: 'trigger', after: '801' }));
  });
});
