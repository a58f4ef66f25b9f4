/** Keeps the house in order; every check is first shown a sample it must object to. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as tidy from './tidy.ts';

const tree = tidy.readTree(fileURLToPath(new URL('..', import.meta.url)));

/** Put together from parts, so that a search for the real thing does not stop here. */
const machinePath = ['', 'work', 'here'].join('/');
const onlyThisTest = ['it', 'only("is", () => {});'].join('.');
const emptyPromise = ['expect', 'true).toBe(true)'].join('(');
const registryAddress = ['"resolved"', ' "https', '//example.org/a.tgz"'].join(':');
const manifest = JSON.stringify({ scripts: { test: '' }, dependencies: { leftpad: '1.0.0' } });

type Sample = Readonly<Record<string, string>>;
// biome-ignore format: a table
const checks: readonly (readonly [fact: string, check: tidy.Check, planted: Sample, innocent: Sample])[] = [
  ['core and sim know no clock and no chance', tidy.clockAndChance,
    { 'src/core/a.ts': 'export const at = Date.now();' }, { 'src/core/a.ts': '// Date.now is for cli', 'src/cli/a.ts': 'Date.now()' }],
  ['core draws no lots', tidy.clockAndChance,
    { 'src/sim/market/a.ts': 'const x = Math.random();' }, { 'src/core/a.test.ts': 'Math.random()' }],
  ['core prints nothing', tidy.clockAndChance,
    { 'src/core/a.ts': '/* quiet */ console.log(1);' }, { 'src/cli/a.ts': 'console.log(1)' }],
  ['nothing is left for later in a comment', tidy.unfinished,
    { 'src/cli/a.ts': '// TODO: later' }, { 'src/cli/a.ts': '// mastodon' }],
  ['every test runs', tidy.idleTests,
    { 'src/core/a.test.ts': onlyThisTest }, { 'src/core/a.ts': 'const skip = 1;' }],
  ['every test can fail', tidy.idleTests,
    { 'test/a.test.ts': emptyPromise }, { 'test/a.test.ts': 'expect(isOpen).toBe(true)' }],
  ['no path of one machine is committed', tidy.strangersToTheRepository,
    { 'README.md': `see ${machinePath}` }, { 'README.md': 'see ../shared/data and src/work/here' }],
  ['no registry is named', tidy.strangersToTheRepository,
    { 'package-lock.json': registryAddress }, { 'package-lock.json': '"version": "1.0.0"' }],
  ['file names say what is inside', tidy.emptyNames,
    { 'src/core/price-utils.ts': '' }, { 'src/core/utility-curve.ts': '' }],
  ['a file fits one sitting', tidy.longFiles,
    { 'src/core/a.ts': 'x;\n'.repeat(651) }, { 'src/core/a.ts': 'x;\n'.repeat(650) }],
  ['links lead somewhere', tidy.deadLinks,
    { 'docs/a.md': '[b](../b.md#x)' }, { 'docs/a.md': '[b](../b.md#x), [d](../docs/), [w](https://x.org), [h](#h)', 'b.md': '' }],
  ['a decision is known by its number', tidy.confusedDecisions,
    { 'docs/decisions/0001-a.md': '# 0001. a', 'docs/decisions/0001-b.md': '# 0001. b' }, { 'docs/decisions/0001-a.md': '# 0001. a', 'docs/decisions/0002-b.md': '# 0002. b' }],
  ['a decision says its number in its title', tidy.confusedDecisions,
    { 'docs/decisions/0001-a.md': '# 0002. a' }, { 'docs/decisions/0001-a.md': '# 0001. a' }],
  ['commands in documents exist', tidy.deadCommands,
    { 'package.json': manifest, 'README.md': '`npm run fly`' }, { 'package.json': manifest, 'README.md': '`npm run test`' }],
  ['no files import each other in a ring', tidy.importCycles,
    { 'src/core/a.ts': "import { b } from './b.ts';", 'src/core/b.ts': "export { a } from './a.ts';" },
    { 'src/core/a.ts': "import { b } from './b.ts';", 'src/core/b.ts': "import type {\n  A } from './a.ts'; // from './a.ts'" }],
  ['every room is compiled', tidy.unknownRooms,
    { 'src/attic/a.ts': '', 'src/attic/tsconfig.json': '', 'tsconfig.json': '"src/attic"', 'tsconfig.tests.json': '{}' },
    { 'src/attic/a.ts': '', 'src/attic/tsconfig.json': '', 'tsconfig.json': '"src/attic"', 'tsconfig.tests.json': '"src/attic"' }],
  ['the map of a room names its folders', tidy.unmappedFolders,
    { 'src/attic/chest/a.ts': '', 'src/attic/README.md': '| [box](box) |' },
    { 'src/attic/chest/a.ts': '', 'src/attic/README.md': '| [chest](chest) |', 'src/cellar/a.ts': '' }],
  ['every dependency is explained', tidy.unexplainedDependencies,
    { 'package.json': manifest }, { 'package.json': manifest, 'docs/dependencies.md': '| `leftpad` | pads |' }],
  ['every refusal is seen in a test', tidy.unseenRefusals,
    { 'src/core/refusal.ts': "['halted']", 'src/core/a.test.ts': '// halted' }, { 'src/core/refusal.ts': "['halted']", 'src/core/a.test.ts': "[1, 'halted']" }],
  ['the lock file serves every system', tidy.systemsMissingFromLock,
    { 'package-lock.json': lock('node_modules/a') }, { 'package-lock.json': lock('node_modules/a', 'node_modules/b/node_modules/a-mac') }],
];

/** `a` comes in a flavour for the Mac. */
function lock(...paths: readonly string[]): string {
  const optionalDependencies = { 'a-mac': '1.0.0' };
  return JSON.stringify({
    packages: Object.fromEntries(paths.map((path) => [path, path.endsWith('/a') ? { optionalDependencies } : {}])),
  });
}

const asTree = (sample: Sample): tidy.Tree => new Map(Object.entries(sample));

describe.each(checks)('%s', (_, check, planted, innocent) => {
  it('holds here', () => expect(check(tree)).toEqual([]));
  it('objects to the planted sample', () => expect(check(asTree(planted))).toHaveLength(1));
  it('lets the innocent sample pass', () => expect(check(asTree(innocent))).toEqual([]));
});

it('reads the whole repository', () => {
  for (const path of ['package-lock.json', 'src/cli/main.ts', 'test/tidy.ts', '.ci/run', 'rungwise']) {
    expect([...tree.keys()]).toContain(path);
  }
});
