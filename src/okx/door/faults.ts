/**
 * What an answer that is not a yes means: for every documented code, HTTP status and network error one class.
 *
 * | class | what happened | may the same be sent again |
 * |---|---|---|
 * | `refused` | the request was malformed or does not apply: our bug or our setting; nothing was done | not as it is |
 * | `rejected` | understood and turned down by a rule of the exchange; nothing was done | when the reason has passed |
 * | `duplicate` | the client id exists: evidence that an earlier sending arrived | never |
 * | `gone` | the order named is not there to be changed (filled, cancelled, never known); it must be looked up | look first |
 * | `pace` | too many requests; nothing was done | after waiting |
 * | `auth` | key, signature, clock or permission; nothing was done | after a person has acted |
 * | `unreached` | no connection was made: no byte was sent | yes |
 * | `maintenance` | the exchange is unavailable; whether it acted is not known | look first |
 * | `unknown` | whether it acted is not known; every undocumented code too | look first |
 *
 * Source: okx-v5.md §1.3, §4.1, §4.2, and OKX's table of error codes as of 2026-07 for those that the paper leaves out;
 * reliability.md "No double orders" 3. Codes that the paper marks [UNV] are `unknown`.
 */
export type FaultClass =
  | 'refused'
  | 'rejected'
  | 'duplicate'
  | 'gone'
  | 'pace'
  | 'auth'
  | 'unreached'
  | 'maintenance'
  | 'unknown';

/**
 * A fault of the world, as a value. `code` is OKX's, or `http-503`, or a network error's name. The message is redacted.
 */
export interface Fault {
  readonly class: FaultClass;
  readonly code: string;
  readonly message: string;
}

const PROOF_OF_NO_EFFECT: Readonly<Record<FaultClass, boolean>> = {
  refused: true,
  rejected: true,
  duplicate: false,
  gone: false,
  pace: true,
  auth: true,
  unreached: true,
  maintenance: false,
  unknown: false,
};

/** The request's own expiry had passed when it arrived: nothing was done, and nothing is wrong with what it asked for. */
export const EXPIRED_CODES: ReadonlySet<string> = new Set(['50036', '50037']);

/** Whether this is what OKX says to an order of net mode and isolated margin, or to its leverage, where the account has left either. */
export function isOfAnotherMode(code: string, words: string): boolean {
  return code === '51010' || code === '50072' || words.includes('Parameter posSide');
}

/**
 * Whether this class proves that the request had no effect. Everything else is unknown until evidence says otherwise.
 */
export function provesNoEffect(fault: FaultClass): boolean {
  return PROOF_OF_NO_EFFECT[fault];
}

/** Codes as ranges `'51046-51049'` or alone, roughly in the order of okx-v5.md §1.3. */
const CODES_BY_CLASS: Readonly<Record<Exclude<FaultClass, 'unreached'>, readonly string[]>> = {
  refused: [
    // general: the request itself is wrong
    '50000',
    '50002',
    '50005',
    '50006',
    '50014',
    '50015',
    '50016',
    '50024',
    '50025',
    '50038',
    '50115',
    // order parameters and modes
    '51000',
    '51001',
    '51003',
    '51407',
    '51010',
    // isolated margin is no more in multi-currency and portfolio mode
    '50072',
    '51100',
    '51333',
    '51111',
    '51150',
    '51204',
    '51205',
    // amending and algo parameters
    '51500',
    '51501',
    '51512',
    '51044',
    '51076-51099',
    '51250',
    '51252',
    '51257-51260',
    '51311',
    '51312',
    '51327-51332',
    // sockets: wrong place, wrong argument
    '60008',
    '60012',
    '60013',
    '60018',
    '60019',
    '60027',
    '60028',
    '60033',
    '64000-64004',
    '4002',
  ],
  rejected: [
    // the account, the position or the instrument is closed to trading, for now or for good
    '50007-50009',
    '50012',
    '50017-50023',
    '50027-50029',
    '50032',
    '50033',
    '50051',
    '50052',
    '50059',
    '50060',
    '51009',
    '51027',
    '51029',
    '51155',
    // limits of price, size and number
    '51025',
    '51031',
    '51033',
    '51105-51107',
    '51109',
    '51110',
    '51124',
    '51129',
    '51185',
    '51275',
    // a stop that may not be moved like this
    '51508',
    '51514',
    '51523-51526',
    '51528-51532',
    '50036',
    '50037',
    '51004',
    '51005',
    '51202',
    '51203',
    '51006',
    '51135-51138',
    '51116',
    '51122',
    '51007',
    '51008',
    '51020',
    '51120',
    '51021',
    '51022',
    '51028',
    '51030',
    '51023',
    '51024',
    '51032',
    '51101',
    '51102-51104',
    '51174',
    '51108',
    '51207',
    '51112',
    '51115',
    '51117',
    '51121',
    '51127',
    '51131',
    '51134',
    '51148',
    '51171',
    '51206',
    '51169',
    '51170',
    '51186',
    '51187',
    '51201',
    '54012',
    '54030',
    '54031',
    '54036',
    '51502',
    '51511',
    '51521',
    '51522',
    '51527',
    '51403',
    '51413',
    '51506',
    '51046-51049',
    '51050-51053',
    '51058',
    '51261',
    '51277-51280',
    '51299',
    '51300',
    '51302-51308',
    '59000',
    '59101-59103',
    '59105-59109',
    '59112-59114',
    '59200',
    '59300-59303',
  ],
  // 51068: among the ids of stops and attached stops
  duplicate: ['50071', '51016', '51065', '51068'],
  gone: ['51063', '51400', '51405', '51410', '51416', '51503', '51603'],
  pace: ['50011', '50040', '50061', '51113', '51513', '60014', '60023', '4003', '4008', '4009'],
  auth: [
    '50030',
    '50035',
    '50100-50114',
    '50119-50121',
    '60004-60007',
    '60009',
    '60011',
    '60024',
    '60026',
    '60031',
    '60032',
    '4001',
    '4006',
    '4007',
  ],
  maintenance: ['50001', '63999', '64008'],
  unknown: [
    // documented as time-outs, or as an error within: the order may have been taken
    '50004',
    '50013',
    '50026',
    '51149',
    '51054',
    '51412',
    '64007',
    // sockets that closed: what was under way is not known
    '1009',
    '4004',
    '4005',
    // codes whose meaning is not verified (okx-v5.md §1.3 end, §1.3 cancel)
    '51067',
    '51119',
    '51516',
    '51019',
    '51301',
    '51401',
    '51402',
  ],
};

/** Every documented code with its class. */
export const classOfCode: ReadonlyMap<string, FaultClass> = classesByCode();

/**
 * The fault of an OKX code, of a request (`code`), a row (`sCode`) or a socket's event. A code that nobody documented
 * is `unknown`.
 */
export function faultOfCode(code: string, message: string): Fault {
  return { class: classOfCode.get(code) ?? 'unknown', code, message };
}

/** The fault of an HTTP status whose body held no code of OKX's: then it comes from a gateway in between. */
export function faultOfStatus(status: number, message: string): Fault {
  return { class: classOfStatus(status), code: `http-${status}`, message };
}

/** The fault of an answer or a frame that cannot be read, or that says what it may not say: what it would have said is not known. */
export function faultOfPayload(message: string): Fault {
  return { class: 'unknown', code: 'payload', message };
}

/** It is a page of a gateway in between: it says nothing of key, clock and permissions, and may be another one the next time. */
export function isOfGateway({ code }: Fault): boolean {
  return code.startsWith('http-');
}

function classOfStatus(status: number): FaultClass {
  if (status === 429) return 'pace';
  if (status === 401 || status === 403) return 'auth';
  if (status === 503) return 'maintenance';
  // Not 400: OKX says its own time-out (50004) with that status, and the code may be what was lost.
  if (status === 404 || status === 405 || status === 410 || status === 413 || status === 415) return 'refused';
  return 'unknown';
}

/** Names under which a connection fails before any byte of the request left. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** The fault of an error thrown by fetch or a socket. Whatever is not known to happen before sending is `unknown`. */
export function faultOfError(error: unknown): Fault {
  const code = nameOfError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { class: BEFORE_SENDING.has(code) ? 'unreached' : 'unknown', code, message };
}

/**
 * The innermost system code of an error (`ECONNRESET`), else its name (`TimeoutError`). Several causes with different
 * codes have none.
 */
function nameOfError(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  if (error instanceof AggregateError) {
    const names = new Set(error.errors.map(nameOfError));
    const [only] = names;
    return names.size === 1 && only !== undefined ? only : error.name;
  }
  if (error.cause instanceof Error) return nameOfError(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function classesByCode(): Map<string, FaultClass> {
  const classes = new Map<string, FaultClass>();
  for (const [name, ranges] of Object.entries(CODES_BY_CLASS) as [FaultClass, readonly string[]][]) {
    for (const code of ranges.flatMap(codesOfRange)) {
      if (classes.has(code))
        throw new Error(`OKX code ${code} stands in two classes: ${classes.get(code)} and ${name}`);
      classes.set(code, name);
    }
  }
  return classes;
}

function codesOfRange(range: string): string[] {
  const [first = '', last = first] = range.split('-');
  const codes: string[] = [];
  for (let code = Number(first); code <= Number(last); code += 1) codes.push(String(code));
  return codes;
}
