/**
 * Which cases the laws are shown: in `npm test` the same ones whenever it runs, so that it says of one version always the same; in
 * `npm run test:long` others each time, and a failure names the seed that brings its case back.
 */
import fc from 'fast-check';

if (process.env['RUNGWISE_LONG'] !== '1') fc.configureGlobal({ seed: 1 });
