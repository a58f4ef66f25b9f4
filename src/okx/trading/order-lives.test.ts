/** What is told of an order whose story comes by answers, pushes and readings, in any order and more than once (reliability.md, "No double orders"). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC } from '../../../test/okx/grids.ts';
import { approvedOrder } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { type Lots, lots, money, ticks } from '../../core/numbers/units.ts';
import { clientIdOf } from '../../core/orders/order.ts';
import type { FillFacts } from './fill-facts.ts';
import { OrderLives } from './order-lives.ts';

const ORDER = approvedOrder('close', 1, { type: 'market' });
const { clientId } = ORDER;
const { instId } = BTC;

const fill = (tradeId: string, sizeLots: number): FillFacts => ({
  at: 3,
  instId,
  tradeId,
  side: -1,
  sizeLots: lots(sizeLots),
  priceTicks: ticks(500_000),
  fee: money(0n),
  liquidity: 'taker',
});

/** Gives a life one piece of evidence: a letter and lots are a fill of that name. @returns whether fills are missing that may still come */
function give(lives: OrderLives, what: string, figure: number): boolean {
  switch (what) {
    case 'accepted':
      lives.accepted(clientId, 1);
      return false;
    case 'ended':
      return lives.ended(clientId, figure as Lots, 'cancelled', 4);
    case 'asked':
      lives.endedAsAsked(clientId, figure as Lots, 'cancelled', 4);
      return false;
    case 'stands':
      lives.standing(clientId, 7, figure, 2);
      return false;
    case 'beside':
      lives.filledBeside(clientId);
      return false;
    case 'absent':
      lives.absent(clientId, 5);
      return false;
    case 'rejected':
      lives.rejected(clientId, 5, '51008', 'poor');
      return false;
    default:
      lives.filled(fill(what, figure), clientId, 'order');
      return false;
  }
}

function wordOf(event: CoreEvent): string {
  if (event.kind === 'filled') return `${event.tradeId}${event.sizeLots}`;
  const kind = event.kind.replace('order-', '');
  if (event.kind === 'order-ended') return `${kind}${event.filledLots}`;
  return event.kind === 'order-standing' ? `${kind}${event.sizeLots}` : kind;
}

/** What an order of 20 lots tells of evidence, in words; `…` where fills are missing. */
function told(evidence: string, isKnown = true): string {
  const heard: string[] = [];
  const lives = new OrderLives('test', (event) => heard.push(wordOf(event)));
  if (isKnown) lives.begin(ORDER, 'order', 0);
  for (const each of evidence.split(' ')) {
    const [, what = '', figure = '0'] = /^([a-z]+)(\d*)$/.exec(each) ?? [];
    if (give(lives, what, Number(figure))) heard.push('…');
  }
  return heard.join(' ');
}

describe('an order tells', () => {
  it.each([
    ['that it lives, once', 'accepted accepted', 'accepted'],
    ['that it lives before its first fill', 'a2', 'accepted a2'],
    ['each fill once', 'a2 a2 b2 a2', 'accepted a2 b2'],
    ['nothing of being accepted after a fill', 'a2 accepted', 'accepted a2'],
    ['its end once', 'accepted ended0 ended0', 'accepted ended0'],
    ['that it lived, where its end is the first that comes', 'ended0', 'accepted ended0'],
    ['nothing of being accepted after its end', 'ended0 accepted', 'accepted ended0'],
    ['that it is filled whole by its fills alone', 'a12 b8 ended20', 'accepted a12 b8'],
    ['that fills of a whole one are missing', 'a12 ended20 b8 ended20', 'accepted a12 … b8'],
    ['its end with what it names', 'a2 ended2', 'accepted a2 ended2'],
    [
      'that fills of its end are missing, until they are told',
      'a2 ended5 ended5 b3 ended5',
      'accepted a2 ended5 … … b3',
    ],
    ['its end again to who asks', 'a2 ended2 asked2 asked2', 'accepted a2 ended2 ended2 ended2'],
    ['its end to who asks before it was heard, and then no more', 'a2 asked2 ended2', 'accepted a2 ended2'],
    ['where it stands to who asks, and then it has lived', 'stands20 accepted a2', 'standing20 a2'],
    ['by its fills that it is filled whole at the size at which it stands', 'stands5 a5 ended5', 'standing5 a5'],
    ['that it was refused', 'rejected accepted ended0', 'rejected'],
    ['that it never was', 'absent accepted ended0', 'absent'],
    [
      'what was told as all that its end can name, where a part of a lot was filled',
      'a2 beside ended3 ended3',
      'accepted a2 ended2',
    ],
    ['so to who asks, too', 'accepted beside asked20', 'accepted ended0'],
  ])('%s', (_, evidence, heard) => {
    expect(told(evidence)).toBe(heard);
  });

  it.each([
    ['its fill', 'a2 a2', 'a2'],
    ['its end, as often as it is heard, and waits for nothing', 'ended3 ended3', 'ended3 ended3'],
    ['its end to who asks', 'asked3', 'ended3'],
    ['where it stands', 'stands3', 'standing3'],
    ['that it never was', 'absent', 'absent'],
    ['its end with what it names, though a part of a lot was filled', 'beside ended3', 'ended3'],
  ])('that nobody knows any more %s', (_, evidence, heard) => {
    expect(told(evidence, false)).toBe(heard);
  });

  it('the same story in any order of evidence: accepted first and once, each fill once, one end, nothing but fills after it', () => {
    const evidence = fc.constantFrom<string>('accepted', 'a4', 'b5', 'c11', 'ended9', 'ended20');
    fc.assert(
      fc.property(fc.array(evidence, { minLength: 1, maxLength: 12 }), (all) => {
        const heard = told(all.join(' '))
          .split(' ')
          .filter((word) => word !== '…');
        expect(heard[0]).toBe('accepted');
        expect(new Set(heard).size, heard.join(' ')).toBe(heard.length);
        const end = heard.findIndex((word) => word.startsWith('ended'));
        if (end !== -1) expect(heard.slice(end + 1).filter((word) => !/^[abc]/.test(word))).toEqual([]);
        for (const word of ['a4', 'b5', 'c11']) expect(heard.includes(word)).toBe(all.includes(word));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an amendment', () => {
  const amending = { reqId: 'q2', ticks: undefined, sizeLots: 7, expiresAtMs: 9 };
  const amended = { kind: 'order-amended', at: 6, clientId };
  it.each([
    ['that was done is told, and is the size from then on', ['q2', true], 7, [{ ...amended, done: true }]],
    ['whose answer has no name is told', [undefined, true], 7, [{ ...amended, done: true }]],
    ['that was refused is told with the no', ['q2', false, '51503'], 20, [{ ...amended, done: false, code: '51503' }]],
    ['of before is nobody’s business', ['q1', true], 20, []],
  ] as const)('%s', (_, [reqId, done, code], sizeLots, expected) => {
    const heard: CoreEvent[] = [];
    const lives = new OrderLives('test', (event) => heard.push(event));
    const life = lives.begin(ORDER, 'order', 0);
    life.amending = amending;
    for (let times = 0; times < 2; times += 1) lives.amended(clientId, reqId, done, 6, code);
    expect([heard, life.sizeLots]).toEqual([expected, sizeLots]);
  });

  it('that names no size leaves it, and where it stands is read the wish is over', () => {
    const lives = new OrderLives('test', () => undefined);
    const life = lives.begin(ORDER, 'order', 0);
    life.amending = { ...amending, sizeLots: undefined };
    lives.amended(clientId, 'q2', true, 6);
    lives.amended('nobody', 'q2', true, 6);
    expect(life.sizeLots).toBe(20);
    life.amending = amending;
    lives.standing(clientId, 7, 20, 6);
    expect(life.amending).toBeUndefined();
  });
});

describe('the lives of a run', () => {
  const silent = () => new OrderLives('test', () => undefined);
  const stop = (attempt: number) =>
    approvedOrder('stop', attempt, { type: 'stop', triggerTicks: ticks(9), by: 'mark' });
  const ofRun = (run: string, role: 'stop' | 'close') =>
    clientIdOf({ run, position: 9, role, step: 0, attempt: 1, part: 0 });

  it('know an order by its own name or by that of the stop that sent it, and then by the exchange’s number', () => {
    const lives = silent();
    expect(lives.name('1', clientId, undefined)).toBe(clientId);
    expect(lives.name('2', 'okx', stop(1).clientId)).toBe(stop(1).clientId);
    expect(lives.name('3', '', stop(1).clientId)).toBe(stop(1).clientId);
    expect(lives.name('4', 'theirs', '')).toBeUndefined();
    expect(lives.name('', clientId, undefined)).toBe(clientId);
    expect(['1', '2', '3', '4', ''].map((ordId) => lives.namedBefore(ordId))).toEqual([
      clientId,
      stop(1).clientId,
      stop(1).clientId,
      undefined,
      undefined,
    ]);
  });

  it('are those of this run, known or not; a stop is an algo order', () => {
    const lives = silent();
    lives.begin({ ...ORDER, clientId: 'x' }, 'algo', 0);
    expect(['x', ofRun('test', 'close'), ofRun('else', 'close'), 'theirs'].map((id) => lives.isOurs(id))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(['x', ofRun('test', 'stop'), ofRun('test', 'close'), 'theirs'].map((id) => lives.kindOf(id))).toEqual([
      'algo',
      'algo',
      'order',
      'order',
    ]);
    const target = approvedOrder('target', 1, { type: 'limit', priceTicks: ticks(8), postOnly: false });
    const journaled = { bornAtMs: 0, sizeLots: 20, filledLots: 4 };
    expect([stop(1), ORDER, target].map((order) => lives.adopt(order, journaled))).toMatchObject([
      { kind: 'algo', startTicks: 9, filledLots: 4 },
      { kind: 'order', startTicks: 0, filledLots: 4 },
      { kind: 'order', startTicks: 8, filledLots: 4 },
    ]);
  });

  it('begun twice, or adopted after that, are one', () => {
    const lives = silent();
    const life = lives.begin(ORDER, 'order', 0);
    expect(lives.begin(ORDER, 'order', 5)).toBe(life);
    expect(lives.adopt(ORDER, { bornAtMs: 5, sizeLots: 1, filledLots: 1 })).toBe(life);
  });

  it('live from their acceptance to their end; stops sleep from their sending on, each at its instrument', () => {
    const lives = silent();
    const [first, second, third] = [stop(1), stop(2), { ...stop(3), instId: 'OTHER-USDT-SWAP' }];
    for (const each of [first, second, third]) lives.begin(each, 'algo', 0);
    lives.begin(ORDER, 'order', 0);
    expect(lives.living()).toEqual([]);
    for (const id of [first.clientId, second.clientId, clientId]) lives.accepted(id, 1);
    lives.ended(first.clientId, lots(0), 'cancelled', 2);
    expect(lives.living().map((life) => life.clientId)).toEqual([second.clientId, clientId]);
    expect(lives.sleepingStops(instId)).toEqual([second.clientId]);
    expect(lives.sleepingStops('OTHER-USDT-SWAP')).toEqual([third.clientId]);
  });

  it('know a fill that the journal knows, and tell of another’s why there is one', () => {
    const heard: CoreEvent[] = [];
    const lives = new OrderLives('test', (event) => heard.push(event));
    lives.knowTrade(instId, 'a');
    expect(lives.filled(fill('d', 2), clientId, 'order'), 'new').toBe(true);
    heard.length = 0;
    expect([lives.filled(fill('a', 2), clientId, 'order'), lives.filled(fill('b', 2), undefined, 'adl')]).toEqual([
      false,
      true,
    ]);
    expect(heard).toEqual([{ kind: 'filled', ...fill('b', 2), cause: 'adl' }]);
    expect(['a', 'b', 'c'].map((tradeId) => lives.knows({ instId, tradeId }))).toEqual([true, true, false]);
    expect(lives.knows({ instId: 'OTHER-USDT-SWAP', tradeId: 'a' })).toBe(false);
  });

  it('forget the oldest end after 2,000 of them, and none that has not ended', () => {
    const lives = silent();
    const idOf = (at: number) => `order${at}`;
    for (let at = 0; at < 2_002; at += 1) {
      lives.begin({ ...ORDER, clientId: idOf(at) }, 'order', 0);
      if (at > 0) lives.ended(idOf(at), lots(0), 'cancelled', 1);
    }
    expect([0, 1, 2, 3, 2_001].map((at) => lives.get(idOf(at)) !== undefined)).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
  });
});
