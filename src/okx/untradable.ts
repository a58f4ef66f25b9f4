/** Why an instrument of the exchange's list cannot be traded here. By itself, for every command words it and few speak to an exchange. */
import type { CoreEvent } from '../core/event.ts';

/** Why an instrument cannot be traded; `state` undefined: one that we do not know, `reason`: of a figure that is missing. */
export type Untradable =
  | { readonly code: 'not-listed' | 'no-swap' | 'other-margin' }
  | { readonly code: 'not-live'; readonly state: string | undefined }
  | { readonly code: 'unreadable'; readonly reason: string };

/**
 * Noes to an order, or to moving one, after which the instruments are looked at: not listed, suspended, being delivered; a size or price off the grid; a
 * size above the largest of an order, a stop's among them; a leverage that was not taken.
 */
export const INSTRUMENT_CODES: ReadonlySet<string> = new Set(
  // biome-ignore format: a list
  ['51001', '51021', '51022', '51028', '51121', '51150', '51005', '51101', '51201', '51202', '51203', '51252', 'leverage-not-set'],
);

/** A no that an instrument may give which is suspended, has another grid or other limits. */
export function doubtsInstrument(event: CoreEvent): boolean {
  if (event.kind !== 'order-rejected' && event.kind !== 'order-amended') return false;
  return event.code !== undefined && INSTRUMENT_CODES.has(event.code);
}

/** In English. */
export function untradableReason(why: Untradable): string {
  switch (why.code) {
    case 'not-listed':
      return 'it is not listed';
    case 'no-swap':
      return 'it is not a perpetual swap';
    case 'other-margin':
      return 'it is not margined in USDT';
    case 'not-live':
      return `its state is "${why.state ?? 'not known to us'}", not "live"`;
    case 'unreadable':
      return why.reason;
  }
}
