/** An answer or a push of OKX's that has the documented shape and says what cannot be. It is the exchange's fault or our idea of it, never a bug. */
import { DecimalError } from '../core/numbers/decimal.ts';
import { UnitError } from '../core/numbers/units.ts';

/** A payload with the documented shape that says what it may not say. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** Of an account that was put into long/short mode: a person's deed, told as such. */
export class TwoSidedError extends PayloadError {
  readonly twoSided: { readonly instId: string; readonly side: 'long' | 'short' };

  constructor(what: string, instId: string, side: 'long' | 'short') {
    super(`${instId}: ${what} of side "${side}": the account must be in net mode`);
    this.twoSided = { instId, side };
  }
}

/** Whether an error means that the exchange's words do not fit, and not that we are wrong. */
export function isPayloadFault(error: unknown): error is Error {
  return error instanceof PayloadError || error instanceof UnitError || error instanceof DecimalError;
}
