/** The simulator's reasons in OKX's codes. Source: okx-v5.md §1.3. */
import type { EndCause, Rejection, RejectReason } from '../../sim/matching/order.ts';
import { OkxError } from './reply.ts';

const CODES: Readonly<Record<RejectReason, string>> = {
  'unknown-instrument': '51001',
  'no-price': '51022',
  'duplicate-client-id': '51016',
  'size-off-lot': '51121',
  'price-off-tick': '51150',
  'size-below-minimum': '51020',
  'size-above-limit-maximum': '51101',
  'size-above-market-maximum': '51202',
  'price-limit': '51006',
  'trigger-passed': '51277',
  'already-expired': '50036',
  'reduce-only-no-position': '51169',
  'reduce-only-same-side': '51170',
  'reduce-only-exceeds': '51112',
  tier: '51004',
  'margin-insufficient': '51008',
  'unknown-order': '51603',
  'not-amendable': '51506',
  'size-below-filled': '51503',
  'post-only-would-take': '51511',
  'leverage-orders-open': '59101',
  'leverage-out-of-range': '59102',
  'leverage-tier': '59106',
};

export function rejected({ reason, message }: Rejection): OkxError {
  return new OkxError(
    CODES[reason],
    message.replace(/\/(isolated|cross)(\/short)?/, ''),
    200,
    reason === 'margin-insufficient' ? '1000' : '',
  );
}

/** `cancelSource` of an order that ended short of its size (okx-v5.md §3.1). */
export const CANCEL_SOURCES: Readonly<Record<EndCause, string>> = {
  cancelled: '1',
  expired: '0',
  'post-only': '31',
  ioc: '14',
  fok: '13',
  'reduce-only-trimmed': '23',
  'reduce-only-covered': '22',
  'reduce-only-displaced': '23',
  'reduce-only-no-position': '17',
  'position-closed': '17',
  liquidation: '3',
  'margin-insufficient': '0',
  tier: '0',
};
