/**
 * Finds a Node that runs Rungwise and runs a program under it.
 *
 * Plain JavaScript that Node 18 understands: it is what stands between whatever Node the machine has and the one we need.
 * Node 24 comes as an ordinary npm package on Linux and Windows (no install script); elsewhere the running Node must be 24 or newer.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAJOR_MIN = 24;

/** @returns {boolean} whether this very process is a Node that runs Rungwise */
export function isRunningNodeNewEnough() {
  return Number(process.versions.node.split('.')[0]) >= MAJOR_MIN;
}

/**
 * @param {string | URL} from a file near whose node_modules the bundled Node is looked for
 * @returns {string | undefined} the path of a Node that runs Rungwise; undefined if the machine has none
 */
export function findNode24(from) {
  if (isRunningNodeNewEnough()) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  try {
    const manifest = createRequire(from).resolve(`node-${system}-${process.arch}/package.json`);
    const node = join(dirname(manifest), 'bin', program);
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined; // no such package on this system: MODULE_NOT_FOUND is the answer, not a fault
  }
}

/**
 * What the engine made of the sources is kept for the next start, which takes half as long; children find it too. It lies where only who may
 * change the program may write, and where nobody may, every start compiles.
 *
 * @param {string | URL} from a file of the folder in whose node_modules it is kept
 */
export function keepCompiled(from) {
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/compiled', from));
  module.enableCompileCache?.(process.env['NODE_COMPILE_CACHE']); // Node 22.1 and newer; an older one passes it on
}

/** @returns {string} what a person reads where no Node fits */
export function noNodeMessage() {
  return (
    `rungwise: Node ${MAJOR_MIN} or newer is needed; this is Node ${process.versions.node} on ${process.platform} ${process.arch}.\n` +
    `On Linux and Windows it comes with "npm install"; elsewhere install it from https://nodejs.org and start again.`
  );
}

/**
 * Runs a program to its end with this terminal, passing signals on, and ends this process as the program ended.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
export function become(program, args) {
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group: sent on, the program would see it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`rungwise: "${program}" does not start: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
