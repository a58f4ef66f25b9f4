/**
 * What the engine is told before it compiles a backtest: to put more of what is called into who calls it.
 *
 * A trade goes through some 150 small functions, more than V8 puts together by default. Measured in bench/README.md. The flags hold for the whole
 * process, and are read when a function is compiled: whoever imports this before the first candle is in time. They are an engine's own and may
 * mean something else in the next one, so only the one that they were measured on is told.
 */
import { setFlagsFromString } from 'node:v8';

/** Source: `node --v8-options` of Node 24. */
const MEASURED_ON = '13.6.';
const FLAGS = ['--max-inlined-bytecode-size-cumulative=4000', '--min-inlining-frequency=0.01'];

/** The flags for an engine, by `process.versions.v8`; none for one that was not measured. */
export function engineFlags(v8: string): readonly string[] {
  return v8.startsWith(MEASURED_ON) ? FLAGS : [];
}

for (const flag of engineFlags(process.versions.v8)) setFlagsFromString(flag);
