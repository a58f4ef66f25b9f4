/**
 * What the exchange answers: envelopes, rows with their own verdict, and the no's with OKX's codes.
 *
 * Source: okx-v5.md §1.2–1.3. A rejected row travels with HTTP 200 and is judged by its `sCode`; a request that fails as a whole has no rows.
 */

/** A no with OKX's code. In a row it becomes `sCode` and `sMsg`, else the envelope's `code` and `msg` with `status`. */
export class OkxError extends Error {
  override readonly name = 'OkxError';
  readonly code: string;
  readonly status: number;
  readonly subCode: string;

  constructor(code: string, message: string, status = STATUS[code] ?? 200, subCode = '') {
    super(message);
    this.code = code;
    this.status = status;
    this.subCode = subCode;
  }
}

const STATUS: Readonly<Record<string, number>> = {
  '50000': 400,
  '50001': 503,
  '50002': 400,
  '50004': 400,
  '50006': 400,
  '50011': 429,
  '50013': 429,
  '50014': 400,
  '50015': 400,
  '50024': 400,
  '50026': 500,
  '50102': 401,
  '50103': 401,
  '50104': 401,
  '50105': 401,
  '50106': 401,
  '50107': 401,
  '50111': 401,
  '50112': 401,
  '50113': 401,
  '50115': 405,
  '51000': 400,
  '51001': 400,
  '51111': 400,
};

export function parameterError(name: string): OkxError {
  return new OkxError('51000', `Parameter ${name} error`);
}

export function parameterEmpty(name: string): OkxError {
  return new OkxError('50014', `Parameter ${name} can not be empty`);
}

/** A whole reply of the exchange, before it becomes text. */
export interface Reply {
  readonly status: number;
  readonly code: string;
  readonly msg: string;
  readonly data: readonly unknown[];
  /** Replies to orders carry the microseconds at which they came and went. */
  readonly isTimed: boolean;
}

export function done(data: readonly unknown[]): Reply {
  return { status: 200, code: '0', msg: '', data, isTimed: false };
}

export function failed(error: OkxError): Reply {
  return { status: error.status, code: error.code, msg: error.message, data: [], isTimed: false };
}

/** Judges a list of rows by their `sCode`: all, none or some. */
export function judged<R extends { readonly sCode: string }>(rows: readonly R[]): Reply {
  const failures = rows.filter(({ sCode }) => sCode !== '0').length;
  const code = failures === 0 ? '0' : failures === rows.length ? '1' : '2';
  return { status: 200, code, msg: MESSAGES[code], data: rows, isTimed: true };
}

const MESSAGES = { '0': '', '1': 'All operations failed', '2': 'Bulk operation partially succeeded.' } as const;

/** The reply as text, with its microseconds. Who is asking, and how often, OKX's gateway judges: its no has no `data` at all. */
export function replyText(reply: Reply, inMs: number, outMs: number): string {
  if (reply.status === 401 || reply.code === '50011') return JSON.stringify({ msg: reply.msg, code: reply.code });
  const times = reply.isTimed ? `,"inTime":"${inMs}000","outTime":"${outMs}000"` : '';
  return `{"code":"${reply.code}","data":${JSON.stringify(reply.data)}${times},"msg":${JSON.stringify(reply.msg)}}`;
}
