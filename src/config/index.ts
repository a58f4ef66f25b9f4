/**
 * `rungwise.yaml` in, the core's `Policy` out. Browser-safe: strings in, values out, no I/O.
 *
 * `loadConfig` is for what will trade: strict keys, exact numbers, cross-checks, the origin of every value. `effectivePolicy` is for `decide`: the same
 * keys and numbers, no cross-checks, remembered by its JSON. Layers: defaults ← preset ← file ← command line (effective.ts).
 *
 * Deliberately absent: environment variables (keys and folders are the caller's), several files, includes, expressions, YAML tags and merge keys;
 * keys that nothing reads yet (unread-keys.ts names them).
 */
export { effectivePolicy } from './effective/effective.ts';
export { type LadderRow, ladderRows } from './effective/effective-print.ts';
export { type Answers, template } from './effective/template.ts';
export { jsonSchema } from './keys/json-schema.ts';
export { type Config, loadConfig, loadTree, type Origin, type Setting, type Source } from './load.ts';
export { ConfigError, type InBoth, type Problem, problemLine } from './problem.ts';
