/** Order operations on the private socket by name; their rows, codes and limits are those of REST. Source: okx-v5.md §4.5. */
export const wsOps = [
  'order',
  'batch-orders',
  'cancel-order',
  'batch-cancel-orders',
  'amend-order',
  'batch-amend-orders',
  'mass-cancel',
] as const;
