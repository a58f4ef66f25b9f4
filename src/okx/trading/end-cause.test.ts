import { expect, it } from 'vitest';
import { endCause } from './end-cause.ts';

it.each([
  ['', 'cancelled'],
  ['1', 'cancelled'],
  ['3', 'liquidation'],
  ['6', 'adl'],
  ['14', 'ioc'],
  ['20', 'cancel-all-after'],
  ['21', 'position-closed'],
  ['31', 'post-only'],
  ['999', 'cancel-source-999'],
])('cancelSource %s ended an order because: %s', (source, cause) => {
  expect(endCause(source)).toBe(cause);
});
