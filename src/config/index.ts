/**
 * `rungwise.yaml` in, the core's `Policy` out. Browser-safe: strings in, values out, no I/O.
 */
export { effectivePolicy } from './effective.ts';
export { type LadderRow, ladderRows, originText, settingLines } from './effective-print.ts';
export { type Config, loadConfig, loadTree, type Origin, type Setting, type Source } from './load.ts';
export { jsonSchema } from './json-schema.ts';
export { ConfigError, type Problem, problemLine } from './problem.ts';
export { type Answers, template } from './template.ts';
