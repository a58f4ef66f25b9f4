/**
 * `rungwise.yaml` in, the core's `Policy` out. Browser-safe: strings in, values out, no I/O.
 */
export { effectivePolicy } from './effective.ts';
export { ConfigError, type Problem, problemLine } from './problem.ts';
