/**
 * A bot in its own process that is there to be killed (bot.child.ts), and its account as the exchange knows it: what one says of itself is held
 * beside what the other did.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { partsOfClientId } from '../../src/core/orders/order.ts';
import type { Desk } from '../../src/paper/desk/desk.ts';
import type { PaperExchange } from '../../src/paper/exchange.ts';
import { resting } from './paper-rig.ts';

/** A start, on a machine that is busy with everything else. */
const START_WITHIN_MS = 60_000;
/** From the first whole reading after a restart (R8). */
const STOP_WITHIN_MS = 3_000;
const AGREE_WITHIN_MS = 10_000;
const DIFFERENCES: ReadonlySet<string> = new Set(['balance-differs', 'position-differs', 'foreign-fill']);
const child = fileURLToPath(new URL('bot.child.ts', import.meta.url));

interface Line {
  readonly kind: string;
  readonly isReady?: boolean;
  readonly [key: string]: unknown;
}

interface Held extends Line {
  readonly lots: number;
  /** Number of the position; 0 of none. */
  readonly position: number;
  readonly rungs: readonly Rung[];
  readonly unexplained: string | null;
}

interface Rung {
  readonly clientId?: string;
  readonly filledLots: number;
}

/** An account at the exchange, of one instrument. */
export class Seat {
  readonly #paper: PaperExchange;
  readonly #desk: Desk;

  constructor(paper: PaperExchange, key: string) {
    const desk = paper.desk(key);
    if (desk === undefined) throw new Error(`no account has the key ${key}`);
    this.#paper = paper;
    this.#desk = desk;
  }

  /** Signed. */
  get lots(): number {
    const { lots, side } = this.#position;
    return lots === 0 ? 0 : side * lots;
  }

  /** Sleeping stops of the exchange close all that is held. */
  get isCovered(): boolean {
    const { lots } = this.#position;
    return lots === 0 || [...this.#desk.algos.open.values()].reduce((sum, algo) => sum + algo.sizeLots, 0) >= lots;
  }

  /** Client ids of the sleeping stops. */
  get stops(): readonly string[] {
    return [...this.#desk.algos.open.values()].map(({ algoClOrdId }) => algoClOrdId);
  }

  /** Rungs of a position, by the orders that climbed them, oldest first. */
  rungs(position: number): readonly Rung[] {
    return this.#climbs()
      .filter(({ parts }) => parts.role === 'rung' && parts.position === position)
      .map(({ clientId, filledLots }) => ({ clientId, filledLots }));
  }

  get rungsOfNewest(): number {
    return this.rungs(Math.max(0, ...this.#climbs().map(({ parts }) => parts.position))).length;
  }

  /** How many orders the exchange has ever had of each client id. */
  ordersByClientId(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    const count = (clientId: string) => clientId !== '' && found.set(clientId, (found.get(clientId) ?? 0) + 1);
    for (const { clOrdId } of this.#orders()) count(clOrdId);
    for (const { algoClOrdId } of [...this.#desk.algos.open.values(), ...this.#desk.algos.finished.newest()])
      count(algoClOrdId);
    return found;
  }

  expectNothingTwice(when: string): void {
    const twice = [...this.ordersByClientId()].filter(([, count]) => count > 1);
    expect(twice, `${when}: orders that were sent twice`).toEqual([]);
    const filled = new Map<string, string[]>();
    for (const { clientId, parts } of this.#climbs()) {
      const step = `${parts.position} ${parts.role} ${parts.step}`;
      filled.set(step, [...(filled.get(step) ?? []), clientId]);
    }
    const climbedTwice = [...filled].filter(([, clientIds]) => clientIds.length > 1);
    expect(climbedTwice, `${when}: entries and rungs that were climbed twice`).toEqual([]);
  }

  /** Orders of entries and rungs that were filled, oldest first. */
  #climbs() {
    return this.#orders()
      .flatMap(({ clOrdId: clientId, filledLots, createdAt }) => {
        const parts = partsOfClientId(clientId);
        const isClimb = parts?.role === 'entry' || parts?.role === 'rung';
        return isClimb && filledLots > 0 ? [{ clientId, parts, filledLots, createdAt }] : [];
      })
      .sort((a, b) => a.createdAt - b.createdAt || a.parts.step - b.parts.step);
  }

  #orders() {
    return [...this.#desk.orders.open.values(), ...this.#desk.orders.finished.newest()];
  }

  get #position() {
    const [slot] = this.#paper.floor.slots;
    if (slot === undefined) throw new Error('an exchange without instruments');
    return this.#desk.position(slot);
  }
}

/** One life of a bot. */
export class Life {
  readonly #process: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #ended: Promise<void>;

  constructor(words: readonly string[]) {
    this.#process = spawn(process.execPath, [child, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#process.stdout === null) throw new Error('a bot without a voice');
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#lines.push(JSON.parse(line) as Line));
    this.#process.stdin?.on('error', () => undefined);
    this.#ended = new Promise((resolve) => this.#process.on('exit', () => resolve()));
  }

  tell(word: 'climb' | 'held'): void {
    this.#process.stdin?.write(`${word}\n`);
  }

  async reads(when = 'a start'): Promise<void> {
    await this.#until(START_WITHIN_MS, `${when}: a reading`, () => this.count('read') > 0);
  }

  /** How many of its lines are of this kind. */
  count(of: string): number {
    return this.#lines.filter(({ kind }) => kind === of).length;
  }

  /** Failures of its own, and alerts of what no fill explains: a lost fill would be one. */
  differences(): readonly object[] {
    return this.#lines.filter(
      ({ kind, code }) => kind === 'failed' || (kind === 'alert' && DIFFERENCES.has(String(code))),
    );
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** It has read the exchange whole, holds what the exchange holds, rung by rung, and a stop stands for all of it in time. */
  async returned(seat: Seat, when: string): Promise<{ readonly readMs: number; readonly stopMs: number }> {
    const beganMs = performance.now();
    await this.reads(when);
    const readMs = performance.now();
    await this.#until(2 * STOP_WITHIN_MS, `${when}: a stop`, () => seat.isCovered);
    const stopMs = Math.round(performance.now() - readMs);
    expect(stopMs, `${when}: ms from the reading to a stop for all of the position`).toBeLessThanOrEqual(
      STOP_WITHIN_MS,
    );
    await this.#until(AGREE_WITHIN_MS, `${when}: a whole reading`, () =>
      this.#lines.some(({ isReady }) => isReady === true),
    );
    await this.#agrees(seat, when);
    expect(this.differences(), `${when}: failures, and what no fill explains`).toEqual([]);
    return { readMs: Math.round(readMs - beganMs), stopMs };
  }

  /** Asked again where the market has moved the position in between: its stop or target may be hit at any moment. */
  async #agrees(seat: Seat, when: string): Promise<void> {
    const untilMs = performance.now() + AGREE_WITHIN_MS;
    for (;;) {
      const asked = this.#lines.length;
      this.tell('held');
      await this.#until(AGREE_WITHIN_MS, `${when}: what it holds`, () => this.#lines.slice(asked).some(isHeld));
      const held = this.#lines.slice(asked).find(isHeld);
      const told = held && { lots: held.lots, rungs: held.rungs, unexplained: held.unexplained };
      const truth = held && { lots: seat.lots, rungs: seat.rungs(held.position), unexplained: null };
      if (isDeepStrictEqual(told, truth)) return;
      if (performance.now() > untilMs) expect(told, `${when}: what the bot holds, beside the exchange`).toEqual(truth);
      await resting(50);
    }
  }

  async #until(ms: number, what: string, holds: () => boolean): Promise<void> {
    const untilMs = performance.now() + ms;
    while (!holds()) {
      if (performance.now() > untilMs)
        throw new Error(`${what}: not within ${ms} ms; ${JSON.stringify(this.#lines.slice(-5))}`);
      if (this.#process.exitCode !== null) throw new Error(`${what}: the bot ended with ${this.#process.exitCode}`);
      await resting(10);
    }
  }
}

function isHeld(line: Line): line is Held {
  return line.kind === 'held';
}
