/**
 * The envelope of every REST reply. Source: okx-v5.md §1.2.
 *
 * `code`: `"0"` all done, `"1"` all rows failed, `"2"` some rows failed, else the request failed as a whole and `data`
 * is empty, or absent where OKX's gateway answers (`{"msg":"API key doesn't exist","code":"50119"}`). `inTime` and
 * `outTime` (microseconds) come with replies to orders only.
 */
import * as z from 'zod';

const whole = z.object({
  code: z.string(),
  msg: z.string(),
  data: z.array(z.unknown()),
  inTime: z.string().optional(),
  outTime: z.string().optional(),
});
/** A no needs no rows; a yes without them says nothing, least of all that a list is empty. */
const bareNo = z
  .object({
    code: z.string().regex(/^(?!0$)/, 'another code than 0'),
    msg: z.string().default(''),
    data: z.undefined().optional(),
  })
  .transform(({ code, msg }): z.output<typeof whole> => ({ code, msg, data: [] }));
export const envelope = z.union([whole, bareNo]);
export type Envelope = z.output<typeof whole>;

/** One row that does not have the documented shape. */
export interface RowFault {
  readonly index: number;
  /** Path and reason, `accFillSz: it is no number in a string`; never the value: it may be long. */
  readonly reason: string;
}

/** Reads each row by itself: a bad one is named and does not take the good ones with it. */
export function readRows<T>(
  row: z.ZodType<T>,
  data: readonly unknown[],
): { readonly rows: T[]; readonly faults: RowFault[] } {
  const rows: T[] = [];
  const faults: RowFault[] = [];
  for (const [index, value] of data.entries()) {
    const parsed = row.safeParse(value);
    if (parsed.success) rows.push(parsed.data);
    else faults.push({ index, reason: reasonOf(parsed.error) });
  }
  return { rows, faults };
}

/** Path and reason of the first few issues in one line. */
export function reasonOf(error: z.ZodError): string {
  const shown = error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`);
  const more = error.issues.length - shown.length;
  return shown.join('; ') + (more > 0 ? `; ${more} more` : '');
}
