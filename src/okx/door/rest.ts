/**
 * OKX over HTTP: one request, one answer, as a value. Source: okx-v5.md §1.1–1.2.
 *
 * Signs the very strings that go out, keeps to the limits (pace.ts), gives every request a deadline, and passes on an
 * order's `expTime`. What writes is sent once: there is no retry in this file or below it (reliability.md, "No double
 * orders" 5). The key appears in no message; what the exchange says is redacted.
 *
 * Deliberately absent: retries of reads (the caller knows whether the answer is still wanted), caching, redirects (a
 * redirect is a fault).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Endpoint, endpoints } from '../wire/endpoints.ts';
import { type Envelope, envelope, type RowFault, readRows } from '../wire/envelope.ts';
import { type Fault, faultOfCode, faultOfError, faultOfPayload, faultOfStatus } from './faults.ts';
import { Pace } from './pace.ts';
import type { ApiKey } from './sign.ts';

export type Answer<Row> =
  | {
      readonly kind: 'ok';
      readonly rows: readonly Row[];
      /** Rows without the documented shape. A list with faults is not complete: never read a missing row as absence. */
      readonly faults: readonly RowFault[];
      readonly receivedAtMs: number;
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface RestOptions {
  /**
   * `https://www.okx.com`, `https://openapi.okx.com`, a regional host, or the paper exchange. Keys are region-bound.
   */
  readonly origin: string;
  /** Absent: public endpoints only. */
  readonly key?: ApiKey;
  /** OKX's demo trading: header `x-simulated-trading: 1`. */
  readonly isDemo: boolean;
  readonly nowMs: () => number;
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How long a request may stand in line for its slot. */
  readonly waitMsMax: number;
  readonly pace?: Pace;
  /** Aborted: nobody waits for an answer any more, now or later. */
  readonly givenUp?: AbortSignal;
}

export type ClockReading =
  | { readonly kind: 'ok'; readonly offsetMs: number; readonly uncertaintyMs: number }
  | { readonly kind: 'fault'; readonly fault: Fault };

interface Request {
  readonly target: string;
  readonly body: string;
  readonly instId: string | undefined;
  /** Slots it takes of limits per instrument: rows of a batch. */
  readonly cost: number;
  readonly waitMsMax?: number | undefined;
  readonly expiresAtMs?: number | undefined;
}

/** Clocks drift by less between two readings, and two readings of one clock differ by less. */
const CLOCK_JUMP_MS = 1_000;
/** Two clocks part by less from one reading to the next, a minute later. */
const CLOCK_DRIFT_MS = 10;
/** Past the moment after which the exchange does not act its answer is not waited for longer: what became of it is asked for. */
const AFTER_EXPIRY_MS = 1_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

export class Rest {
  readonly #options: RestOptions;
  readonly pace: Pace;
  #offsetMs = 0;
  #uncertaintyMs = Number.POSITIVE_INFINITY;

  constructor(options: RestOptions) {
    this.#options = options;
    this.pace = options.pace ?? new Pace();
  }

  /** The exchange's clock as we know it. */
  exchangeNowMs(): number {
    return this.#options.nowMs() + this.#offsetMs;
  }

  /** By how much that may be off; Infinity before the clock was read. */
  get clockUncertaintyMs(): number {
    return this.#uncertaintyMs;
  }

  /**
   * Reads the exchange's clock and keeps the offset; the uncertainty is half of the round trip. An offset that is far from the one before counts
   * only if a second reading says the same: one odd answer must not move every signature and expiry. Nor does an answer that took longer than the one
   * we go by and does not contradict it.
   * Beyond 30 s of error OKX refuses every signature (50102).
   */
  async syncClock(): Promise<ClockReading> {
    const first = await this.#readClock();
    if (first.kind === 'fault') return first;
    let read = first;
    if (Math.abs(first.offsetMs - this.#offsetMs) > CLOCK_JUMP_MS) {
      const second = await this.#readClock();
      if (second.kind === 'fault') return second;
      if (Math.abs(second.offsetMs - first.offsetMs) > CLOCK_JUMP_MS)
        return failed(
          faultOfPayload(
            `public/time is off our clock by ${first.offsetMs} ms and then by ${second.offsetMs} ms: neither is believed`,
          ),
        );
      read = second;
    }
    const { offsetMs, uncertaintyMs } = read;
    const mayBothBeRight = Math.abs(offsetMs - this.#offsetMs) <= uncertaintyMs + this.#uncertaintyMs;
    if (uncertaintyMs > this.#uncertaintyMs && mayBothBeRight) this.#uncertaintyMs += CLOCK_DRIFT_MS;
    else [this.#offsetMs, this.#uncertaintyMs] = [offsetMs, uncertaintyMs];
    return read;
  }

  async #readClock(): Promise<ClockReading> {
    const sentAtMs = this.#options.nowMs();
    const answer = await this.get(endpoints.time, {});
    if (answer.kind === 'fault') return answer;
    const serverMs = Number(answer.rows[0]?.ts);
    if (!Number.isSafeInteger(serverMs)) return failed(faultOfPayload('public/time gave no time'));
    const roundTripMs = answer.receivedAtMs - sentAtMs;
    return {
      kind: 'ok',
      offsetMs: Math.round(serverMs - (sentAtMs + roundTripMs / 2)),
      uncertaintyMs: Math.ceil(roundTripMs / 2),
    };
  }

  /** Reads. `query` values that are undefined are left out. `waitMsMax`: other patience than usual for a slot. */
  get<Row>(endpoint: Endpoint<Row>, query: Query, waitMsMax?: number): Promise<Answer<Row>> {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    );
    const target = pairs.length === 0 ? endpoint.path : `${endpoint.path}?${pairs.join('&')}`;
    return this.#send(endpoint, {
      target,
      body: '',
      instId: typeof query['instId'] === 'string' ? query['instId'] : undefined,
      cost: 1,
      waitMsMax,
    });
  }

  /**
   * Writes, once. `expiresAtMs` (the exchange's clock): the moment after which the exchange must not act on it; past
   * that it is not sent. OKX documents it for placing and amending orders only.
   */
  post<Row>(endpoint: Endpoint<Row>, body: object, expiresAtMs?: number): Promise<Answer<Row>> {
    const first: unknown = Array.isArray(body) ? body[0] : body;
    const instId =
      typeof first === 'object' && first !== null && 'instId' in first && typeof first.instId === 'string'
        ? first.instId
        : undefined;
    const cost = Array.isArray(body) && endpoint.limits.some((limit) => limit.perInstrument) ? body.length : 1;
    return this.#send(endpoint, { target: endpoint.path, body: JSON.stringify(body), instId, cost, expiresAtMs });
  }

  async #send<Row>(endpoint: Endpoint<Row>, request: Request): Promise<Answer<Row>> {
    const slot = this.pace.book({
      limits: endpoint.limits,
      instId: request.instId,
      cost: request.cost,
      nowMs: this.#options.nowMs(),
      waitMsMax: request.waitMsMax ?? this.#options.waitMsMax,
    });
    if (slot.kind === 'full')
      return failed({
        class: 'pace',
        code: 'local-pace',
        message: `${slot.limit}: the next slot is in ${slot.waitMs} ms, not sent`,
      });
    const waitMs = slot.atMs - this.#options.nowMs();
    if (waitMs > 0) await delay(waitMs);
    if (request.expiresAtMs !== undefined && this.exchangeNowMs() >= request.expiresAtMs)
      return failed({
        class: 'rejected',
        code: 'local-expiry',
        message: `expired after ${Math.max(waitMs, 0)} ms in line, not sent`,
      });
    const headers = this.#headers(endpoint, request);
    if (headers === undefined)
      return failed({ class: 'auth', code: 'no-key', message: `${endpoint.path} needs an API key, not sent` });
    const { givenUp } = this.#options;
    const timeout = AbortSignal.timeout(this.#patienceMs(request));
    let status: number;
    let text: string;
    try {
      const response = await fetch(this.#options.origin + request.target, {
        method: endpoint.method,
        headers,
        redirect: 'manual',
        signal: givenUp === undefined ? timeout : AbortSignal.any([timeout, givenUp]),
        ...(request.body === '' ? {} : { body: request.body }),
      });
      status = response.status;
      text = await readBody(response);
    } catch (error) {
      return this.#failed(faultOfError(error));
    }
    const answer = this.#read(endpoint, status, text);
    if (answer.kind === 'fault' && answer.fault.class === 'pace')
      this.pace.pause(
        endpoint.limits,
        request.instId,
        this.#options.nowMs() + Math.max(...endpoint.limits.map((limit) => limit.windowMs)),
      );
    return answer;
  }

  #patienceMs({ expiresAtMs }: Request): number {
    const { timeoutMs } = this.#options;
    if (expiresAtMs === undefined) return timeoutMs;
    return Math.min(timeoutMs, Math.ceil(expiresAtMs - this.exchangeNowMs()) + AFTER_EXPIRY_MS);
  }

  #headers(endpoint: Endpoint, request: Request): Record<string, string> | undefined {
    const { key, isDemo } = this.#options;
    const headers: Record<string, string> = { accept: 'application/json' };
    if (request.body !== '') headers['content-type'] = 'application/json';
    if (isDemo) headers['x-simulated-trading'] = '1';
    if (!endpoint.isPrivate) return headers;
    if (key === undefined) return undefined;
    const nowMs = this.exchangeNowMs();
    if (request.expiresAtMs !== undefined) headers['expTime'] = String(request.expiresAtMs);
    return {
      ...headers,
      ...key.restHeaders({ method: endpoint.method, target: request.target, body: request.body, nowMs }),
    };
  }

  #read<Row>(endpoint: Endpoint<Row>, status: number, text: string): Answer<Row> {
    const reply = envelopeOf(text);
    if (reply === undefined)
      return this.#failed(faultOfStatus(status, `HTTP ${status} without an OKX reply, ${text.length} characters`));
    const hasVerdictsByRow =
      endpoint.judgedByRow && (reply.code === '1' || reply.code === '2') && reply.data.length > 0;
    if (reply.code !== '0' && !hasVerdictsByRow) return this.#failed(faultOfCode(reply.code, reply.msg));
    if (status !== 200) return this.#failed(faultOfStatus(status, `HTTP ${status} with code "${reply.code}"`));
    const { rows, faults } = readRows(endpoint.row.read, reply.data);
    if (rows.length === 0 && faults.length > 0) {
      const reasons = faults
        .slice(0, 3)
        .map((fault) => fault.reason)
        .join('; ');
      return this.#failed(faultOfPayload(`${endpoint.path}: no row can be read: ${reasons}`));
    }
    return { kind: 'ok', rows, faults, receivedAtMs: this.#options.nowMs() };
  }

  #failed(fault: Fault): Answer<never> {
    const { key } = this.#options;
    return failed(key === undefined ? fault : { ...fault, message: key.redact(fault.message) });
  }
}

function failed(fault: Fault): Extract<Answer<never>, { kind: 'fault' }> {
  return { kind: 'fault', fault };
}

function envelopeOf(text: string): Envelope | undefined {
  try {
    const parsed = envelope.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws {RangeError} past 16 MiB: no reply of OKX's is near that. */
async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new RangeError(`the reply is larger than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
