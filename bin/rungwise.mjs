#!/usr/bin/env node
/** `rungwise` as an installed command: the compiled code, because Node strips no types under node_modules. */
import { fileURLToPath } from 'node:url';
import { become, findNode24, isRunningNodeNewEnough, keepCompiled, noNodeMessage } from './node24.mjs';

keepCompiled(import.meta.url);

if (isRunningNodeNewEnough()) {
  const { main } = await import(new URL('../dist/cli/main.js', import.meta.url).href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = findNode24(import.meta.url);
  if (node === undefined) {
    process.stderr.write(`${noNodeMessage()}\n`);
    process.exit(2);
  }
  become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
