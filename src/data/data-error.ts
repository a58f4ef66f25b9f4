import type { DataProblem } from './problem.ts';
import { problemText } from './texts.ts';

/** Data that cannot be used; `problem` says why in values, `message` in English, `source` names the file. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly source: string;
  readonly problem: DataProblem;

  constructor(source: string, problem: DataProblem, options?: ErrorOptions) {
    super(`${source}: ${problemText(problem)}`, options);
    this.source = source;
    this.problem = problem;
  }
}
