/** Where exchanges are, and addresses as a person types them. */

import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { refuseBeside } from './no-effect.ts';

/** OKX's own; hosts of regions are given by hand, because keys are bound to them (okx-v5.md §0, §4.1). */
export const OKX = {
  origin: 'https://www.okx.com',
  real: 'wss://ws.okx.com:8443/ws/v5',
  demo: 'wss://wspap.okx.com:8443/ws/v5',
} as const;

/** Whatever its region. */
export function isOkx(origin: string): boolean {
  return /(^|\.)oke?x\.[a-z]+\.?$/.test(new URL(origin).hostname);
}

/** `http://127.0.0.1:8780`, without a path. @throws {UsageError} */
export function originOf(session: Session, flag: string, value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UsageError(session.texts.bots.badUrl(flag, value));
  return url.origin;
}

/** Where REST is asked: at another exchange, at a host of OKX given by hand, else at OKX's own. @throws {UsageError} where both are named */
export function exchangeOriginOf(
  session: Session,
  { exchange, host }: { readonly exchange?: string; readonly host?: string },
): string {
  if (exchange === undefined) return host === undefined ? OKX.origin : originOf(session, '--host', host);
  refuseBeside(session, '--host', host, '--exchange');
  return originOf(session, '--exchange', exchange);
}

/** `wss://ws.okx.com:8443/ws/v5`, without the last word. @throws {UsageError} */
export function socketAddressOf(session: Session, flag: string, value: string): string {
  const url = URL.parse(value);
  if (url === null || !/^wss?:$/.test(url.protocol)) throw new UsageError(session.texts.bots.badUrl(flag, value));
  return value.replace(/\/+$/, '');
}
