/**
 * From a fresh clone to a running program: `node scripts/bootstrap.mjs PROGRAM.ts [ARGUMENT…]`.
 *
 * Installs what the lock file names and node_modules lacks, finds Node 24 and runs PROGRAM under it. PROGRAM is a module of this
 * repository that exports `main(argv): Promise<number>`; the number is the exit code. Runs on Node 18 and newer, so plain JavaScript.
 * Standard output belongs to PROGRAM; what is said here goes to standard error.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { become, findNode24, isRunningNodeNewEnough, keepCompiled, noNodeMessage } from '../bin/node24.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = `${root}node_modules`;
const stamp = `${modules}/.rungwise-installed`;

/** @param {string} line */
const say = (line) => process.stderr.write(`rungwise: ${line}\n`);

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === lockHash();

/**
 * @param {readonly string[]} args
 * @returns {boolean} whether npm succeeded
 */
function npm(args) {
  const always = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // Under `npm start` this names npm's own program; it spares a shell, which Windows would need for npm.cmd.
  const self = process.env['npm_execpath'];
  const [program, first] = self?.endsWith('npm-cli.js') ? [process.execPath, [self]] : ['npm', []];
  // npm's own words go to standard error: standard output may be somebody's JSON.
  const done = spawnSync(program, [...first, ...args, ...always], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: program === 'npm' && process.platform === 'win32',
  });
  return done.status === 0;
}

/** A first install is `npm ci`; a later one only brings what changed, so that a running bot keeps its modules. */
function install() {
  const first = !existsSync(modules);
  say(
    first ? 'first start: installing what is needed (about a minute)…' : 'bringing node_modules up to the lock file…',
  );
  const startedMs = Date.now();
  // CI takes the lock file at its word; on a desk package.json may be ahead of it.
  const done = npm(first ? ['ci'] : ['install', '--no-save']) || (process.env['CI'] !== 'true' && npm(['install']));
  if (!done) {
    say('the installation failed; the reason stands above. Mend it and start again.');
    process.exit(1);
  }
  writeFileSync(stamp, `${lockHash()}\n`);
  say(`installed in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  say('name the program to run: node scripts/bootstrap.mjs src/cli/main.ts --help');
  process.exit(2);
}
if (isInstalled())
  utimesSync(stamp, new Date(), new Date()); // ./rungwise only compares times
else install();
keepCompiled(import.meta.url);

if (isRunningNodeNewEnough()) {
  const { main } = await import(pathToFileURL(`${root}${program}`).href);
  process.exitCode = await main(args);
} else {
  const node = findNode24(import.meta.url);
  if (node === undefined) {
    process.stderr.write(`${noNodeMessage()}\n`);
    process.exit(2);
  }
  become(node, [fileURLToPath(import.meta.url), program, ...args]);
}
