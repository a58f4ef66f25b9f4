/**
 * Faults that a test wants to see: each fits some requests, comes up so many times, and is gone.
 *
 * `before`: the exchange never acted, or (a delay) acts so much later: the request was on its way. `after`: it did, and the answer is lost or a lie (okx-v5.md §1.3: 50004, 51149, 64007 leave the outcome
 * unknown).
 */
import { type Fields, neededOneOf, numberOf, oneOf, textOf, wholeOf } from '../wire/input.ts';
import { parameterEmpty, parameterError } from '../wire/reply.ts';

export interface Fault {
  readonly id: number;
  readonly when: 'before' | 'after';
  readonly kind: 'delay' | 'drop' | 'error';
  /** Beginning of the path (`/api/v5/trade`), the name of a WebSocket operation, `login`, or `subscribe CHANNEL`; '' fits all. */
  readonly path: string;
  /** '' fits all. */
  readonly method: string;
  readonly key: string;
  readonly delayMs: number;
  readonly code: string;
  readonly status: number;
  timesLeft: number;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string;
}

export class Faults {
  readonly #faults: Fault[] = [];
  #id = 0;

  /** Plants a fault from an admin request. @throws {OkxError} */
  plant(fields: Fields): Fault {
    const kind = neededOneOf(fields, 'kind', ['delay', 'drop', 'error']);
    const code = textOf(fields, 'code') ?? '';
    if (kind === 'error' && code === '') throw parameterEmpty('code');
    if (kind === 'delay' && numberOf(fields, 'delayMs') === undefined) throw parameterEmpty('delayMs');
    if (!/^[A-Za-z0-9]{0,10}$/.test(code)) throw parameterError('code');
    this.#id += 1;
    const fault: Fault = {
      id: this.#id,
      kind,
      when: oneOf(fields, 'when', ['before', 'after']) ?? 'before',
      path: textOf(fields, 'path') ?? '',
      method: textOf(fields, 'method') ?? '',
      key: textOf(fields, 'key') ?? '',
      delayMs: wholeOf(fields, 'delayMs', 0, 600_000, 0),
      code,
      status: wholeOf(fields, 'status', 200, 599, 0),
      timesLeft: wholeOf(fields, 'times', 1, 1_000_000_000, 1),
    };
    this.#faults.push(fault);
    return fault;
  }

  clear(): void {
    this.#faults.length = 0;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** How much later a request arrives: the first fault before it that fits, where it is a delay, used up once. */
  latenessMs(asked: Asked): number {
    const fault = this.#faults[this.#indexOf('before', asked)];
    return fault?.kind === 'delay' ? (this.meet('before', asked)?.delayMs ?? 0) : 0;
  }

  /** The first fault that fits, used up once. */
  meet(when: Fault['when'], asked: Asked): Fault | undefined {
    const at = this.#indexOf(when, asked);
    const fault = this.#faults[at];
    if (fault === undefined) return undefined;
    fault.timesLeft -= 1;
    if (fault.timesLeft === 0) this.#faults.splice(at, 1);
    return fault;
  }

  #indexOf(when: Fault['when'], asked: Asked): number {
    return this.#faults.findIndex(
      (fault) =>
        fault.when === when &&
        asked.path.startsWith(fault.path) &&
        (fault.method === '' || fault.method === asked.method) &&
        (fault.key === '' || fault.key === asked.key),
    );
  }
}
