/** What an answer says about the one thing that was asked. */
import { type Fault, faultOfCode, faultOfPayload } from './faults.ts';
import type { Listed } from './pages.ts';
import type { Answer } from './rest.ts';

/** A question within a reading that failed: the reading failed. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(told(fault));
    this.fault = fault;
  }
}

export interface Verdict {
  /** Absent: the exchange said yes. */
  readonly fault: Fault | undefined;
  readonly atMs: number | undefined;
}

/** The verdict on the one row that was asked for; a reply without it says nothing. */
export function verdictOf(
  answer: Answer<{ readonly sCode: string; readonly sMsg: string; readonly ts?: string | undefined }>,
): Verdict {
  if (answer.kind === 'fault') return { fault: answer.fault, atMs: undefined };
  const [row] = answer.rows;
  if (row === undefined || answer.faults.length > 0)
    return { fault: faultOfPayload('the answer has no readable row'), atMs: undefined };
  const atMs = row.ts === undefined || row.ts === '' ? undefined : Number(row.ts);
  return { fault: row.sCode === '0' ? undefined : faultOfCode(row.sCode, row.sMsg), atMs };
}

export function told({ code, message }: Fault): string {
  return `${code} ${message}`.trim();
}

export function reversed<Row>(listed: Listed<Row>): Listed<Row> {
  return listed.kind === 'fault' ? listed : { kind: 'ok', rows: listed.rows.toReversed() };
}
