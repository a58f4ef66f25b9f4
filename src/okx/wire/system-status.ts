/**
 * GET system/status; channel `status`: planned and running maintenance, `[]` when there is none. OKX may enlarge
 * `state`. Source: okx-v5.md §1.6.
 */
import { numberOrEmpty, object, open, type Read, text } from './field.ts';

export const systemStatus = object(
  {
    title: text,
    state: open('scheduled', 'ongoing', 'pre_open', 'completed', 'canceled'),
    begin: numberOrEmpty,
    end: numberOrEmpty,
  },
  { serviceType: text, env: text },
  { href: text, system: text, scheDesc: text, maintType: text },
);
export type SystemStatus = Read<typeof systemStatus>;
