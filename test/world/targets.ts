/** That a position is left to no stop and time limit alone because the exchange once refused its target again and again (decision 0037). */
import type { Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import { partsOfClientId } from '../../src/core/orders/order.ts';
import type { Position, Registry } from '../../src/core/registry.ts';
import { TRIED_MS } from './standstill.ts';
import type { ExchangeTruth } from './truth.ts';

export class Targets {
  readonly #truth: ExchangeTruth;
  readonly #hadMs: () => number;
  readonly #violated: (invariant: string, detail: string) => void;
  /** By instrument, in the time that the bot had: the first reading in a row that found no target standing, and when one was tried last. */
  readonly #lackingSince: (number | undefined)[] = [];
  readonly #triedAt: number[] = [];

  /** @param hadMs as in checks.ts */
  constructor(truth: ExchangeTruth, hadMs: () => number, violated: (invariant: string, detail: string) => void) {
    this.#truth = truth;
    this.#hadMs = hadMs;
    this.#violated = violated;
  }

  /** The bot has thought. It tries what is due at a reading that it believes, so that is when it is looked at, also where the instrument is not traded. */
  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    const now = this.#hadMs();
    for (const each of decisions)
      if (each.kind === 'place' && each.order.role === 'target')
        this.#triedAt[this.#truth.matcher.indexOf(each.order.instId) ?? 0] = now;
    if (event.kind !== 'exchange-read' || !registry.ready || registry.readAt !== event.at) return;
    this.#truth.instruments.forEach(({ instId }, index) => {
      const position = registry.byInstId.get(instId)?.position;
      const isLacking = position !== undefined && wantsTarget(position) && !this.#hasTarget(index, position);
      if (!isLacking) return void (this.#lackingSince[index] = undefined);
      const lackingSince = this.#lackingSince[index] ?? now;
      this.#lackingSince[index] = lackingSince;
      const since = Math.max(lackingSince, this.#triedAt[index] ?? lackingSince);
      if (now <= since + TRIED_MS) return;
      this.#violated(
        'an open position has its target, or it is tried',
        `${instId}: not for ${now - since} ms of its time`,
      );
      this.#lackingSince[index] = now;
    });
  }

  /** It stands on the exchange, or the partials there leave nothing for it. */
  #hasTarget(index: number, { number, holding }: Position): boolean {
    let partialLots = 0;
    for (const order of this.#truth.livingOf(index)) {
      const { role, position } = partsOfClientId(order.clientId) ?? {};
      if (position !== number) continue;
      if (role === 'target') return true;
      if (role === 'partial') partialLots += order.sizeLots - order.filledLots;
    }
    return partialLots >= holding.lots;
  }
}

function wantsTarget({ closing, leftAlone }: Position): boolean {
  return closing === undefined && leftAlone !== true;
}
