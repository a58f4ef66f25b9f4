/**
 * How many cases a property or fault test runs: the short count in `npm test`, the full one in `npm run test:long`.
 *
 * @param short enough to catch a slip within about two seconds
 * @param full what the papers ask for (reliability.md, "Figures to reach")
 */
export function long(short: number, full: number): number {
  return process.env['RUNGWISE_LONG'] === '1' ? full : short;
}

/** How long one law may take: they are quick alone, and the machine is not always alone. */
export const LAW = { timeout: long(60_000, 900_000) };
