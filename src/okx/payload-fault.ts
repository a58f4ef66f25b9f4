/** An answer or a push of OKX's that has the documented shape and says what cannot be. It is the exchange's fault or our idea of it, never a bug. */
import { DecimalError } from '../core/numbers/decimal.ts';
import { UnitError } from '../core/numbers/units.ts';

/** A payload with the documented shape that says what it may not say. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** Whether an error means that the exchange's words do not fit, and not that we are wrong. */
export function isPayloadFault(error: unknown): error is Error {
  return error instanceof PayloadError || error instanceof UnitError || error instanceof DecimalError;
}
