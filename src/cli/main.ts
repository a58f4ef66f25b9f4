/** The command line: knows every room, holds no decision. Exit codes: 0 done, 2 usage. */
import { readFileSync } from 'node:fs';

const HELP = `rungwise: trades USDT perpetual swaps by a ladder whose worst case was planned before the first order.

Usage: rungwise [--version] [--help] COMMAND
`;

/**
 * Runs one command.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [word] = argv;
  if (word === undefined || word === '--help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (word === '--version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  process.stderr.write(`rungwise: "${word}" is not a command; rungwise --help lists them\n`);
  return 2;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version');
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
