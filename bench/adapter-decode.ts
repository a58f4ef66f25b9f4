import type { CoreEvent } from '../src/core/event.ts';
import { Rest } from '../src/okx/door/rest.ts';
import { OkxFeed } from '../src/okx/feed.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';
import { ExchangeProcess } from './exchange-process.ts';
import type { Figure } from './figure.ts';

/**
 * How much of a core the adapter takes to hear 20,000 market messages a second over its real sockets: tickers, mark prices and candles of ten
 * symbols, from the frame to the core's event. Processor time of this process, all threads. Wanted: 30 at most.
 */
export const adapterDecode: Figure = {
  name: 'adapter-decode',
  unit: '% of a core',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const seconds = size === 'tiny' ? TINY_SECONDS : MARKET_SECONDS;
    const exchange = new ExchangeProcess('stands');
    const did = { messages: 0, 'messages a second': 0, events: 0 };
    const heard = new Heard();
    let feed: Promise<OkxFeed> | undefined;
    return {
      async sample() {
        feed ??= listening(await exchange.port, heard);
        await feed;
        heard.begin();
        const startedMs = performance.now();
        const begun = process.cpuUsage();
        await exchange.tell({ do: 'seconds', count: seconds, perSecond: MESSAGES / MESSAGES_A_SECOND });
        const { user, system } = process.cpuUsage(begun);
        const tookMs = performance.now() - startedMs;
        // Of each symbol a ticker, a mark price and a candle every second, and the closed minutes.
        did.messages = seconds * MESSAGES_A_SECOND + heard.minutes;
        did['messages a second'] = Math.round((did.messages * 1_000) / tookMs);
        did.events = heard.events;
        return ((user + system) / did.messages) * (MESSAGES / 1e6) * 100;
      },
      end: () => {
        void feed?.then((each) => each.close());
        exchange.end();
      },
      did,
    };
  },
};

const MESSAGES = 20_000;
const MESSAGES_A_SECOND = 3 * OFFLINE_INSTRUMENTS.length;
const MARKET_SECONDS = 900;
/** Long enough for minutes that nobody would believe who went by our clock. */
const TINY_SECONDS = 240;

class Heard {
  events = 0;
  minutes = 0;
  /** The market's time: many seconds of it are one of ours. */
  nowMs = Date.now();
  readonly #ready: () => void;
  readonly isReady: Promise<void>;

  constructor() {
    let ready: () => void = () => undefined;
    this.isReady = new Promise((resolve) => (ready = resolve));
    this.#ready = ready;
  }

  begin(): void {
    this.events = this.minutes = 0;
  }

  hear(event: CoreEvent): void {
    this.events += 1;
    this.nowMs = Math.max(this.nowMs, event.at);
    if (event.kind === 'candle-closed') this.minutes += 1;
    if (event.kind === 'price') this.#ready();
  }
}

/** A feed that has heard its first price. */
async function listening(port: number, heard: Heard): Promise<OkxFeed> {
  const rest = new Rest({
    origin: `http://127.0.0.1:${port}`,
    isDemo: false,
    nowMs: () => heard.nowMs,
    timeoutMs: 5_000,
    waitMsMax: 5_000,
  });
  const feed = new OkxFeed({
    rest,
    isDemo: false,
    wsUrl: `ws://127.0.0.1:${port}/ws/v5`,
    instruments: OFFLINE_INSTRUMENTS,
    hear: (event) => heard.hear(event),
    warn: (message) => {
      throw new Error(message);
    },
    random: () => 0.5,
    lastMinute: () => undefined,
    historyMinutes: 0,
    isUrgent: () => false,
  });
  feed.start();
  await heard.isReady;
  return feed;
}
