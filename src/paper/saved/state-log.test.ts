/** The log beside the state file: what was acknowledged is in it before anybody hears of it, whatever happens to its end. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { accountOf, BTC, ETH, NOW, type PaperTest, paper, wellKnown } from '../../../test/paper.ts';
import { anything } from '../../../test/paper-deeds.ts';
import { Random } from '../../sim/market/random.ts';
import type { SavedFloor } from '../floor.ts';
import { GeneratedMarket } from '../market/generated-market.ts';
import { readState, StateFileError, StateKeeper, writeState } from './state-file.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };
const MARKET = { ...LIMIT, ordType: 'market', px: '' };
const market = { kind: 'generated', seed: 1, bornAt: NOW, instIds: [BTC, ETH] } as const;

/** Every byte in the long run. */
const STRIDE = long(37, 1);

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungwise-log-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function kept(saved?: SavedFloor): { readonly test: PaperTest; readonly keeper: StateKeeper } {
  const accounts = [accountOf('a', 10_000), accountOf('b', 20_000)];
  const test = paper({ accounts, ...(saved === undefined ? {} : { saved, at: saved.at }) });
  const fail = (error: unknown) => {
    throw error;
  };
  const keeper = new StateKeeper(path, market, test.exchange.floor, fail);
  test.exchange.keep(keeper);
  return { test, keeper };
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const onDisk = () => plain(readState(path)?.floor);

describe('what is on disk', () => {
  it.each(Array.from({ length: long(3, 100) }, (_, n) => n + 1))(
    'is after every deed what the exchange is (seed %i)',
    (seed) => {
      let { test } = kept();
      const random = Random.of(seed, 0);
      let logged = 0;
      for (let deed = 1; deed <= 200; deed += 1) {
        anything(test, random);
        if (deed % 10 !== 0) continue;
        const is = plain(test.exchange.floor.save()) as object;
        expect({ ...(onDisk() as object), at: 0 }, 'but for the time, which passes').toEqual({ ...is, at: 0 });
        logged = Math.max(logged, readFileSync(`${path}.log`).length);
        // Killed, and started again.
        if (deed % 50 === 0) ({ test } = kept(readState(path)?.floor));
      }
      expect(logged, 'it was a log, not one file after the other').toBeGreaterThan(10_000);
    },
    LAW.timeout,
  );

  it('is there before a socket or an answer tells of it', () => {
    const { test } = kept();
    const ordersWhenTold: number[] = [];
    const send = (bytes: Buffer) => {
      if (String(bytes).includes('"data"')) ordersWhenTold.push(readState(path)?.floor.desks[0]?.orders.length ?? 0);
    };
    const session = test.exchange.connect({ send, close: () => undefined, cut: () => undefined }, undefined);
    const heard = test.socket();
    heard.logIn();
    session.desk = test.exchange.desk('a');
    session.hear(JSON.stringify({ op: 'subscribe', args: [{ channel: 'orders', instType: 'SWAP' }] }));
    session.hear(JSON.stringify({ id: '1', op: 'order', args: [LIMIT] }));
    test.post('trade/order', LIMIT);
    expect(ordersWhenTold, 'the push and the answer of the first, the push of the second').toEqual([1, 1, 2]);
  });

  it('knows of the new stop of an attached order that a socket was told of, though nothing else has moved', () => {
    const { test } = kept();
    const attached = { attachAlgoClOrdId: 'tp1', slTriggerPx: '58000', slOrdPx: '-1' };
    const socket = test.socket();
    socket.logIn();
    socket.say({ id: '1', op: 'order', args: [{ ...LIMIT, clOrdId: 'first', attachAlgoOrds: [attached] }] });
    const amended = { attachAlgoClOrdId: 'tp1', newSlTriggerPx: '58500', newSlOrdPx: '-1' };
    socket.say({ id: '2', op: 'amend-order', args: [{ instId: BTC, clOrdId: 'first', attachAlgoOrds: [amended] }] });
    expect(socket.take().at(-1)).toMatchObject({ id: '2', code: '0' });
    expect(readState(path)?.floor.desks[0]?.orders[0]?.attached[0]?.stop?.triggerTicks).toBe(585_000);
  });
});

it('a night that the machine has slept through is told as it is lived, not gathered until its end', () => {
  const source = new GeneratedMarket({ seed: 2, instruments: [wellKnown(BTC)], bornAt: NOW, fromMs: NOW });
  const test = paper({ source });
  let commits = 0;
  test.exchange.keep({ commit: () => (commits += 1) });
  const committedWhenTold = new Set<number>();
  const send = () => void committedWhenTold.add(commits);
  const session = test.exchange.connect({ send, close: () => undefined, cut: () => undefined }, 'public');
  session.hear(JSON.stringify({ op: 'subscribe', args: [{ channel: 'tickers', instId: BTC }] }));
  test.pass(60_000);
  expect(committedWhenTold.size).toBeGreaterThanOrEqual(60);
});

describe('a log', () => {
  /** Two orders, each a step of its own. */
  function twoSteps(): {
    readonly before: unknown;
    readonly after: unknown;
    readonly log: Buffer;
    readonly end: number;
  } {
    const { test } = kept();
    test.post('trade/order', { ...LIMIT, clOrdId: 'first' });
    const before = onDisk();
    const { length } = readFileSync(`${path}.log`);
    test.post('trade/order', { ...MARKET, clOrdId: 'second' });
    return { before, after: onDisk(), log: readFileSync(`${path}.log`), end: length };
  }

  it('that is cut anywhere in its last step is what it was before that step, and says so', () => {
    const { before, after, log, end } = twoSteps();
    expect(before).not.toEqual(after);
    for (let length = end; length < log.length; length += STRIDE) {
      writeFileSync(`${path}.log`, log.subarray(0, length));
      const read = readState(path);
      expect(plain(read?.floor)).toEqual(before);
      expect(read?.isCutShort).toBe(length > end);
    }
  });

  it('with a byte changed is refused; in its last step that step is left out, and said to be', () => {
    const { before, log, end } = twoSteps();
    for (let at = 0; at < log.length; at += STRIDE) {
      const spoilt = Buffer.from(log);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      writeFileSync(`${path}.log`, spoilt);
      if (at < end) expect(() => readState(path), `byte ${at}`).toThrow(StateFileError);
      else expect([plain(readState(path)?.floor), readState(path)?.isCutShort], `byte ${at}`).toEqual([before, true]);
    }
  });

  it('of an older writing of the file is not put on a newer one', () => {
    const { test } = kept();
    test.post('trade/order', LIMIT);
    const old = readFileSync(`${path}.log`);
    const { test: again } = kept(readState(path)?.floor);
    const saved = plain(again.exchange.floor.save());
    writeFileSync(`${path}.log`, old);
    expect(onDisk()).toEqual(saved);
  });

  it('is gathered into the file at the end, and goes on after it', () => {
    const first = kept();
    first.test.post('trade/order', LIMIT);
    first.keeper.release();
    const second = kept(readState(path)?.floor);
    second.test.post('trade/order', LIMIT);
    const ids = readState(path)?.floor.desks[0]?.orders.map(({ ordId }) => ordId);
    expect([ids?.length, new Set(ids).size]).toEqual([2, 2]);
  });
});

describe('the file', () => {
  it('with a byte changed anywhere is refused', () => {
    writeState(path, { market, floor: paper().exchange.floor.save() });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length - 1; at += 3 * STRIDE) {
      const spoilt = Buffer.from(whole);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      writeFileSync(path, spoilt);
      expect(() => readState(path), `byte ${at}`).toThrow(StateFileError);
    }
  });

  it('of the release before, one JSON value without a log, is read', () => {
    const floor = paper().exchange.floor.save();
    writeFileSync(path, JSON.stringify({ version: 1, market, floor }));
    expect(onDisk()).toEqual(plain(floor));
  });

  it.each([
    '{"version":1,"market":null,"floor":{}}',
    '{"version":1,"market":{},"floor":null}',
    '{"version":1,"market":{},"floor":{"at":1}}',
    '[]',
    'null',
    '',
  ])('%j is refused as none', (text) => {
    writeFileSync(path, text);
    expect(() => readState(path)).toThrow(StateFileError);
  });
});
