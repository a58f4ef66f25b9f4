/** Starts bench/exchange.child.ts and talks to it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const BENCH_KEYS = { key: 'bench', secret: 'benchSecret', passphrase: 'benchPass' } as const;

/**
 * `begin` starts the account of processor time, `end` reads it; `seconds` lives through the market's next ones, as fast as it can or so many in
 * each second of the world.
 */
export type ChildOrder =
  | { readonly do: 'begin' | 'end' }
  | { readonly do: 'seconds'; readonly count: number; readonly perSecond?: number };

export interface ChildAnswer {
  readonly port?: number;
  /** Microseconds of processor time since `begin`, of all the process's threads. */
  readonly cpuUs?: number;
  /** Fills of the account that the exchange still lists. */
  readonly filled?: number;
}

/** Its clock `runs` with the world's, or `stands` until it is told to live through seconds. */
export class ExchangeProcess {
  readonly #child: ChildProcess;
  readonly port: Promise<number>;

  constructor(clock: 'runs' | 'stands') {
    this.#child = fork(fileURLToPath(new URL('exchange.child.ts', import.meta.url)), [clock]);
    this.port = this.#answer().then(({ port }) => port ?? 0);
  }

  async tell(order: ChildOrder): Promise<ChildAnswer> {
    const answer = this.#answer();
    this.#child.send(order);
    return answer;
  }

  end(): void {
    this.#child.disconnect();
  }

  async #answer(): Promise<ChildAnswer> {
    const [answer] = (await once(this.#child, 'message')) as [ChildAnswer];
    return answer;
  }
}
