/** What is told of an order of which a part of a lot was filled: fills that nobody can count are waited for by nobody. */
import { expect, it } from 'vitest';
import { approvedOrder } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { lots } from '../../core/numbers/units.ts';
import { OrderLives } from './order-lives.ts';

it.each(['as it ends', 'to who asks'] as const)(
  'an order of which a part of a lot was filled ends with what was told, %s',
  (how) => {
    const heard: CoreEvent[] = [];
    const lives = new OrderLives('test', (event) => heard.push(event));
    const order = approvedOrder('close', 1, { type: 'market' });
    const { clientId } = lives.begin(order, 'order', 0);
    const end = () =>
      how === 'as it ends'
        ? lives.ended(clientId, order.sizeLots, 'filled', 1)
        : (lives.endedAsAsked(clientId, order.sizeLots, 'filled', 1), false);
    lives.accepted(clientId, 0);
    lives.filledBeside(clientId);
    expect(end(), 'no fill is missing that could come').toBe(false);
    expect(heard.at(-1)).toEqual({ kind: 'order-ended', at: 1, clientId, filledLots: lots(0), cause: 'filled' });
  },
);
