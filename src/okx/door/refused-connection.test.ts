/** What OKX refuses of a connection: what is not served does not count as connected, and is asked for again for as long as the bot runs. */
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/okx/local-server.ts';
import { resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { Pace } from './pace.ts';
import { OkxSocket, type SocketEvent } from './socket.ts';

it('a channel that is acknowledged and then taken back, for too many connections, is none: fills on it would be told by readings alone', async () => {
  const rig = await startRig({ timing: { lastPauseMs: 200 } });
  onTestFinished(() => rig.close());
  const connected: OkxSocket[] = [];
  const others = Array.from({ length: 29 }, () => {
    const other = new OkxSocket({
      url: `${rig.wsUrl}/private`,
      key: rig.key,
      nowMs: Date.now,
      random: () => 0.5,
      onEvent: ({ kind }) => kind === 'connected' && connected.push(other),
    });
    other.subscribe([{ channel: 'orders', instType: 'SWAP' }]);
    other.open();
    onTestFinished(() => other.close());
    return other;
  });
  await until('thirty listen', () => connected.length === others.length);

  const events: CoreEvent[] = [];
  const late = rig.another({ hear: (event) => events.push(event), fillsSinceMs: 0, fundingSinceMs: 0 });
  onTestFinished(() => late.close());
  late.start();
  await until('it has been told', () => events.some(({ kind }) => kind === 'exchange-lost'));
  await resting(300);
  late.read();
  await resting(300);
  expect(late.isConnected).toBe(false);
  expect(events.filter(({ kind }) => kind === 'exchange-read')).toEqual([]);

  others[0]?.close();
  await until('it has its channel', () => late.isConnected);
  await until('the account is read', () => events.at(-1)?.kind === 'exchange-read');
});

it.each([
  ['a login', 'login', '60009'],
  ['a login for want of a listed address', 'login', '50110'],
  ['a channel', 'subscribe orders', '60018'],
  ['the only channel of a connection', 'subscribe orders-algo', '60018'],
])('%s that was refused is asked for again: the bot goes on without a person', async (_, path, code) => {
  const rig = await startRig({ timing: { lastPauseMs: 200, splitAfterMs: 20 }, limits: { refusedAgainMs: 300 } });
  onTestFinished(() => rig.close());
  rig.admin('faults', { kind: 'error', path, code, times: 3 });
  rig.admin('sockets', { how: 'cut' });
  await until('it is not connected', () => !rig.exchange.isConnected);
  const refused = path === 'login' ? 'access-refused' : 'channel-refused';
  const isTold = () => rig.events.some((event) => event.kind === 'exchange-lost' && event.because?.code === refused);
  await until('it is told', isTold);
  expect(rig.exchange.isConnected).toBe(false);
  await until('it is served', () => rig.exchange.isConnected);
  await until('the account is read', () => rig.events.at(-1)?.kind === 'exchange-read');
});

it.each([
  ['each for itself: OKX lets three be made in a second', () => undefined, 2],
  ['in turns', (pace: Pace) => pace, 0],
])('five sockets of one address, %s', async (_, paceOf, refused) => {
  const rig = await startRig({ isRateLimited: true });
  onTestFinished(() => rig.close());
  // Those of the rig.
  await resting(1_100);
  const [shared, events] = [new Pace(), [] as SocketEvent[]];
  for (let n = 0; n < 5; n += 1) {
    const pace = paceOf(shared);
    const socket = new OkxSocket({
      url: `${rig.wsUrl}/public`,
      nowMs: Date.now,
      random: () => 0.5,
      onEvent: (event) => events.push(event),
      timing: { firstPauseMs: 1_500 },
      ...(pace === undefined ? {} : { pace }),
    });
    socket.open();
    onTestFinished(() => socket.close());
  }
  await until('all are up', () => events.filter(({ kind }) => kind === 'connected').length === 5);
  const lost = events.flatMap((event) => (event.kind === 'lost' ? [event.reason] : []));
  expect(lost).toEqual(Array.from({ length: refused }, () => 'Unexpected server response: 429'));
});
