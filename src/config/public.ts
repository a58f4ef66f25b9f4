/**
 * The configuration as a library: `import { … } from 'rungwise/config'`. Keys of `rungwise.yaml` in, the core's complete `Policy` out.
 *
 * Strings and plain objects in, values out, no I/O: runs in Node and in a browser. Deliberately absent: what only the command line prints.
 *
 * @module config
 */
export { effectivePolicy } from './effective/effective.ts';
export { type Config, loadConfig, loadTree, type Origin, type Setting, type Source } from './load.ts';
export { ConfigError, type InBoth, type Problem } from './problem.ts';
