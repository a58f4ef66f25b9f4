/** What is wrong (or odd) about a configuration, told to a person: where, the fact, what to do. */
export interface Problem {
  /** Full key, like `position_scaling.by_balance.small.ladder[2]`; empty for the file as a whole. */
  readonly path: string;
  /** Line in the file, from 1; absent where the value came from elsewhere (default, preset, command line, JSON). */
  readonly line?: number;
  /** The fact, with the value and its unit. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** A configuration that must not be traded with. Holds every problem found, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], source = 'configuration') {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const more = problems.length > PRINTED_MAX ? [`  … and ${problems.length - PRINTED_MAX} more`] : [];
    super([`${source}: ${count}`, ...problems.slice(0, PRINTED_MAX).map(problemLine), ...more].join('\n'));
    this.problems = problems;
  }
}

/** A wrong file (a data file, say) has thousands; nobody reads past these. */
const PRINTED_MAX = 30;

/** `line 7  position_scaling.max_additions: 200 is not a whole number from 0 to 100. Write …` */
export function problemLine({ path, line, message, hint }: Problem): string {
  const place = line === undefined ? '' : `line ${line}  `;
  return `  ${place}${path === '' ? '' : `${path}: `}${message}. ${hint}`;
}
