import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import {
  classOfCode,
  type FaultClass,
  faultOfCode,
  faultOfError,
  faultOfStatus,
  isOfAnotherMode,
  isOfGateway,
  provesNoEffect,
} from './faults.ts';
import { verdictOf } from './verdict.ts';

describeWithShared('the codes that okx-v5.md names', () => {
  test('have a class, all of them (§1.3, §4.1–4.2)', () => {
    const text = readFileSync(sharedPath('spec/okx-v5.md'), 'utf8');
    const errors = text
      .slice(text.indexOf('### 1.3'), text.indexOf('### 1.4'))
      .replace(/ccxt exception classes[^\n]*/, '');
    const socket = text.slice(text.indexOf('### 4.1'), text.indexOf('### 4.3'));
    const named = new Set(`${errors} ${socket}`.match(/\b(?:5[0-9]\d{3}|6[034]\d{3})\b/g));
    for (const [, from = '', to = ''] of errors.matchAll(/\b(5\d{4})–(5\d{4})\b/g))
      for (let code = Number(from); code <= Number(to); code += 1) named.add(String(code));
    expect(named.size, 'the paper names well over 150 codes').toBeGreaterThan(150);
    expect([...named].filter((code) => !classOfCode.has(code))).toEqual([]);
  });
});

test.each<[code: string, is: FaultClass, provesNoEffect: boolean]>([
  ['51000', 'refused', true],
  ['51121', 'rejected', true],
  ['51008', 'rejected', true],
  ['51006', 'rejected', true],
  ['50036', 'rejected', true],
  ['51302', 'rejected', true],
  ['51304', 'rejected', true],
  ['51275', 'rejected', true],
  ['51299', 'rejected', true],
  ['50022', 'rejected', true],
  ['51528', 'rejected', true],
  ['50072', 'refused', true],
  ['51063', 'gone', false],
  ['50040', 'pace', true],
  ['50100', 'auth', true],
  ['51301', 'unknown', false],
  ['51412', 'unknown', false],
  ['51016', 'duplicate', false],
  ['50071', 'duplicate', false],
  ['51068', 'duplicate', false],
  ['51400', 'gone', false],
  ['51603', 'gone', false],
  ['50011', 'pace', true],
  ['50061', 'pace', true],
  ['50113', 'auth', true],
  ['50102', 'auth', true],
  ['50001', 'maintenance', false],
  ['64008', 'maintenance', false],
  ['50004', 'unknown', false],
  ['51149', 'unknown', false],
  ['51054', 'unknown', false],
  ['64007', 'unknown', false],
  ['50026', 'unknown', false],
  ['51019', 'unknown', false],
  ['51516', 'unknown', false],
  ['99999', 'unknown', false],
  ['', 'unknown', false],
  ['constructor', 'unknown', false],
])('code "%s" is %s', (code, is, noEffect) => {
  expect(faultOfCode(code, 'msg')).toEqual({ class: is, code, message: 'msg' });
  expect(provesNoEffect(is)).toBe(noEffect);
});

test.each<[status: number, is: FaultClass]>([
  [429, 'pace'],
  [401, 'auth'],
  [403, 'auth'],
  [503, 'maintenance'],
  [400, 'unknown'],
  [404, 'refused'],
  [405, 'refused'],
  [410, 'refused'],
  [413, 'refused'],
  [415, 'refused'],
  [500, 'unknown'],
  [502, 'unknown'],
  [504, 'unknown'],
  [520, 'unknown'],
  [408, 'unknown'],
  [200, 'unknown'],
  [302, 'unknown'],
])('a bare HTTP %i is %s', (status, is) => {
  expect(faultOfStatus(status, '').class).toBe(is);
});

test.each<[error: unknown, code: string, is: FaultClass]>([
  [caused('ECONNREFUSED'), 'ECONNREFUSED', 'unreached'],
  [caused('ENOTFOUND'), 'ENOTFOUND', 'unreached'],
  [caused('EAI_AGAIN'), 'EAI_AGAIN', 'unreached'],
  [caused('UND_ERR_CONNECT_TIMEOUT'), 'UND_ERR_CONNECT_TIMEOUT', 'unreached'],
  [caused('ECONNRESET'), 'ECONNRESET', 'unknown'],
  [caused('UND_ERR_SOCKET'), 'UND_ERR_SOCKET', 'unknown'],
  [new DOMException('late', 'TimeoutError'), 'TimeoutError', 'unknown'],
  [new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), 'ECONNREFUSED', 'unreached'],
  [new AggregateError([coded('ECONNREFUSED'), coded('ETIMEDOUT')]), 'AggregateError', 'unknown'],
  ['thrown text', 'Error', 'unknown'],
])('error %s is %s: %s', (error, code, is) => {
  expect(faultOfError(error)).toMatchObject({ code, class: is });
});

test.each([
  ['51010', 'words', true],
  ['50072', 'words', true],
  ['51000', 'Parameter posSide error', true],
  ['51000', 'Parameter px error', false],
  ['51008', 'words', false],
])('code %s with "%s" says that the account has left net mode or isolated margin: %s', (code, words, is) => {
  expect(isOfAnotherMode(code, words)).toBe(is);
});

test('a page of a gateway in between is known by its status; a code of OKX’s is none', () => {
  expect([faultOfStatus(503, ''), faultOfCode('50001', '')].map(isOfGateway)).toEqual([true, false]);
});

type Row = { readonly sCode: string; readonly sMsg: string; readonly ts?: string };
const YES: Row = { sCode: '0', sMsg: '' };
const UNREADABLE = { class: 'unknown', code: 'payload', message: 'the answer has no readable row' };

test.each([
  ['a yes, at its time', [{ ...YES, ts: '7' }], [], { fault: undefined, atMs: 7 }],
  ['a yes without a time', [YES], [], { fault: undefined, atMs: undefined }],
  ['a yes of an empty time', [{ ...YES, ts: '' }], [], { fault: undefined, atMs: undefined }],
  [
    'a no of the row, whatever the whole says (§1.2)',
    [{ sCode: '51008', sMsg: 'poor', ts: '7' }],
    [],
    { fault: { class: 'rejected', code: '51008', message: 'poor' }, atMs: 7 },
  ],
  ['nothing without a row', [], [], { fault: UNREADABLE, atMs: undefined }],
  [
    'nothing where a row could not be read',
    [YES],
    [{ index: 1, reason: 'px' }],
    { fault: UNREADABLE, atMs: undefined },
  ],
] as const)('an answer to what was asked says %s', (_, rows, faults, verdict) => {
  expect(verdictOf({ kind: 'ok', rows, faults, receivedAtMs: 1 })).toEqual(verdict);
});

test('an answer that is a fault says that', () => {
  const fault = faultOfStatus(503, 'gateway');
  expect(verdictOf({ kind: 'fault', fault })).toEqual({ fault, atMs: undefined });
});

function coded(code: string): Error {
  return Object.assign(new Error('connect'), { code });
}

function caused(code: string): Error {
  return new TypeError('fetch failed', { cause: coded(code) });
}
