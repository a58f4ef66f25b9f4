/**
 * What neither compiler nor linter sees, as functions of the files: each takes the tree and gives one line a problem.
 *
 * `tidy.test.ts` runs them over this repository and each over a planted sample, so that none can fall silent.
 */
import { globSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';

/** Path from the root, with forward slashes → text. */
export type Tree = ReadonlyMap<string, string>;
export type Check = (tree: Tree) => string[];

const LINES_MAX = 650;

/** Reads every text file a person wrote here; what git ignores stays out. */
export function readTree(root: string): Tree {
  const outside = ['node_modules', 'dist', '.cache', 'state', 'coverage', '.git'];
  const isText =
    /\.(ts|mjs|js|json|md|yaml|yml|svg|css|html|csv|ndjson)$|^(rungwise|\.npmrc|\.gitignore|\.ci\/run|LICENSE)$/;
  const paths = globSync(['**/*', '.*', '.ci/*'], { cwd: root, exclude: (path) => outside.includes(path) })
    .map((path) => path.replaceAll('\\', '/'))
    .filter(
      (path) => isText.test(path) && !outside.includes(path.split('/')[0] ?? '') && statSync(`${root}${path}`).isFile(),
    );
  return new Map(paths.toSorted().map((path) => [path, readFileSync(`${root}${path}`, 'utf8')]));
}

/** Rooms that decide or simulate know no clock and no chance; the compiler keeps Node out of core but not these. */
export const clockAndChance: Check = (tree) =>
  findWords(
    tree,
    (path) => /^src\/(core|sim)\/.*\.ts$/.test(path) && !isTest(path),
    [
      [/\bDate\.now\b/, 'time comes with the event (atMs)'],
      [/\bnew Date\(/, 'time comes with the event (atMs)'],
      [/\bperformance\.now\b/, 'time comes with the event (atMs)'],
      [/\bMath\.random\b/, 'chance comes from a seed'],
      [/\bconsole\./, 'what is to be said is a value that is returned'],
    ],
    withoutComments,
  );

export const unfinished: Check = (tree) =>
  findWords(tree, (path) => !isTidy(path), [[/\b(FIXME|TODO|XXX)\b/, 'finish it, or open an issue']]);

export const idleTests: Check = (tree) =>
  findWords(tree, isTest, [
    [/\.(only|skip|todo)\(/, 'every test runs; one that needs ../shared uses describeWithShared'],
    [/expect\(true\)/, 'a test must be able to fail'],
  ]);

export const strangersToTheRepository: Check = (tree) =>
  findWords(tree, (path) => !isTidy(path), [
    [/(^|[^\w.])\/(work|farm|home|Users|root)\/[\w.]/, 'a path of one machine'],
    [/"resolved": *"https?:/, 'the lock file names no registry (.npmrc: omit-lockfile-registry-resolved)'],
    [/https?:\/\/[\w.-]*registry\./, 'the address of a registry'],
  ]);

/** Names that say nothing of what is inside. */
export const emptyNames: Check = (tree) =>
  [...tree.keys()]
    .filter(
      (path) => /\.(ts|mjs)$/.test(path) && /(^|[/.-])(utils?|helpers?|manager|service|misc|common)([/.-])/.test(path),
    )
    .map((path) => `${path}: a name from the glossary says more`);

export const longFiles: Check = (tree) =>
  [...tree]
    .filter(([path]) => path.endsWith('.ts'))
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines, more than ${LINES_MAX}`);

/** Relative links of the documents lead somewhere. Folders count through the files in them. */
export const deadLinks: Check = (tree) => {
  const problems: string[] = [];
  const targets = new Set([...tree.keys()].flatMap((path) => [path, ...foldersOf(path)]));
  for (const [path, text] of tree) {
    if (!path.endsWith('.md')) continue;
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^([a-z]+:|#)/.test(link)) continue;
      const target = posix.join(posix.dirname(path), link.replace(/#.*$/, '')).replace(/\/$/, '');
      if (!targets.has(target)) problems.push(`${path}: the link "${link}" leads nowhere`);
    }
  }
  return problems;
};

/** A decision is cited by its number: no two have the same, and the title says the one that the file's name says. */
export const confusedDecisions: Check = (tree) => {
  const problems: string[] = [];
  const known = new Map<string, string>();
  for (const [path, text] of tree) {
    const number = /^docs\/decisions\/(\d{4})-[^/]+\.md$/.exec(path)?.[1];
    if (number === undefined) continue;
    const other = known.get(number);
    if (other !== undefined) problems.push(`${path}: ${other} has the number ${number} already`);
    if (!text.startsWith(`# ${number}. `)) problems.push(`${path}: its title does not begin with "# ${number}. "`);
    known.set(number, path);
  }
  return problems;
};

/** Commands that the documents name exist. */
export const deadCommands: Check = (tree) => {
  const { scripts = {} } = manifest(tree);
  const problems: string[] = [];
  for (const [path, text] of tree) {
    if (!path.endsWith('.md')) continue;
    for (const [, name = ''] of text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)) {
      if (!(name in scripts)) problems.push(`${path}: package.json has no script "${name}"`);
    }
  }
  return problems;
};

/** Files that import each other in a ring. `import type` is erased before anything runs, so it may close one. */
export const importCycles: Check = (tree) => {
  const problems: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      problems.push(`${[...trail.slice(trail.indexOf(path)), path].join(' → ')}: an import cycle`);
      return;
    }
    state.set(path, 'open');
    for (const next of importsOf(path, tree)) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of tree.keys()) if (/\.(ts|mjs)$/.test(path)) visit(path, []);
  return problems;
};

/** A room that has code has its tsconfig.json, and both projects at the root know it: else the compiler would not look. */
export const unknownRooms: Check = (tree) => {
  const rooms = new Set(
    [...tree.keys()].filter((path) => /^src\/[^/]+\/.*\.ts$/.test(path)).map((path) => path.split('/')[1]),
  );
  const problems: string[] = [];
  for (const room of rooms) {
    if (!tree.has(`src/${room}/tsconfig.json`)) problems.push(`src/${room} has no tsconfig.json`);
    for (const project of ['tsconfig.json', 'tsconfig.tests.json']) {
      if (!tree.get(project)?.includes(`"src/${room}"`)) problems.push(`${project} does not refer to src/${room}`);
    }
  }
  return problems;
};

/** A newcomer finds every folder of a room by the room's own map, `src/ROOM/README.md`. */
export const unmappedFolders: Check = (tree) => {
  const folders = [...tree.keys()].flatMap((path) => {
    const [, room, folder] = /^src\/([^/]+)\/([^/]+)\/.*\.ts$/.exec(path) ?? [];
    return room === undefined || folder === undefined ? [] : [`${room}/${folder}`];
  });
  return [...new Set(folders)].flatMap((path) => {
    const [room = '', folder = ''] = path.split('/');
    const map = tree.get(`src/${room}/README.md`) ?? '';
    return map.includes(`[${folder}](${folder})`) ? [] : [`src/${room}/README.md does not say what ${folder} is for`];
  });
};

/** Each dependency has its line: what for, why this one, what it replaced. */
export const unexplainedDependencies: Check = (tree) => {
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = manifest(tree);
  const explained = tree.get('docs/dependencies.md') ?? '';
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter((name) => !explained.includes(`\`${name}\``))
    .map((name) => `docs/dependencies.md has no line for \`${name}\``);
};

/** Each refusal is the last word of some row in the tests of core or of the simulator. */
export const unseenRefusals: Check = (tree) => {
  const codes = withoutComments(tree.get('src/core/refusal.ts') ?? '').matchAll(/'([a-z]+(?:-[a-z]+)*)'/g);
  const rows = [...tree].filter(([path]) => path.startsWith('src/') && isTest(path)).map(([, text]) => text);
  return [...new Set([...codes].map(([quoted]) => quoted))]
    .filter((code) => !rows.some((text) => text.includes(code)))
    .map((code) => `src/core/refusal.ts: no test names ${code}`);
};

/** The lock file lists the packages of every system: `npm ci` refuses one that leaves an optional package out. */
export const systemsMissingFromLock: Check = (tree) => {
  const lock = JSON.parse(tree.get('package-lock.json') ?? '{}') as { packages?: Record<string, Manifest> };
  const packages = lock.packages ?? {};
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.has(name))
      .map((name) => `package-lock.json: ${name} is missing, which ${path} wants on some system`),
  );
};

interface Manifest {
  readonly scripts?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

function manifest(tree: Tree): Manifest {
  return JSON.parse(tree.get('package.json') ?? '{}') as Manifest;
}

function isTest(path: string): boolean {
  return /\.(test|contract)\.ts$/.test(path) && !isTidy(path);
}

/** These two name the very words they look for. */
function isTidy(path: string): boolean {
  return path === 'test/tidy.ts' || path === 'test/tidy.test.ts';
}

function findWords(
  tree: Tree,
  isMeant: (path: string) => boolean,
  words: readonly (readonly [word: RegExp, instead: string])[],
  read: (text: string) => string = (text) => text,
): string[] {
  const problems: string[] = [];
  for (const [path, text] of tree) {
    if (!isMeant(path)) continue;
    read(text)
      .split('\n')
      .forEach((line, index) => {
        for (const [word, instead] of words) {
          const found = word.exec(line);
          if (found !== null) problems.push(`${path}:${index + 1}: "${found[0].trim()}": ${instead}`);
        }
      });
  }
  return problems;
}

/** Blanks comments and keeps the lines, so that numbers stay right. A "//" inside a string blanks its tail: no harm here. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).replace(/\/\/.*$/gm, '');
}

function importsOf(path: string, tree: Tree): string[] {
  const text = withoutComments(tree.get(path) ?? '').replace(/\b(import|export) type [^;]*;/g, '');
  return [...text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)]
    .map(([, named, dynamic]) => posix.join(posix.dirname(path), named ?? dynamic ?? ''))
    .filter((target) => tree.has(target));
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
