/** Why an order ended. Source: okx-v5.md §3.1. */

/** Why an order ended short of its size, by its `cancelSource` (okx-v5.md §3.1). */
export function endCause(cancelSource: string | undefined): string {
  return END_CAUSES[cancelSource ?? ''] ?? `cancel-source-${cancelSource ?? 'absent'}`;
}

const END_CAUSES: Readonly<Record<string, string>> = {
  '': 'cancelled',
  '0': 'system',
  '1': 'cancelled',
  '2': 'pre-reduce',
  '3': 'liquidation',
  '6': 'adl',
  '9': 'margin-insufficient',
  '13': 'fok',
  '14': 'ioc',
  '15': 'price-limit',
  '17': 'position-closed',
  '20': 'cancel-all-after',
  '21': 'position-closed',
  '22': 'reduce-only-covered',
  '23': 'reduce-only-displaced',
  '27': 'price-gap',
  '31': 'post-only',
  '32': 'self-trade',
  '33': 'too-many-matches',
  '36': 'one-cancels-other',
  '37': 'one-cancels-other',
  '42': 'chase-distance',
  '43': 'price-from-index',
};
