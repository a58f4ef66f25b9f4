/** The library's face: what is named, that it runs anywhere, that its examples print what they say and its pages are fresh, and what does not compile. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { apiPages } from '../scripts/api-pages.ts';
import * as config from '../src/config/public.ts';
import * as core from '../src/core/index.ts';
import { type Approved, lots, money, type Order, ticks } from '../src/core/index.ts';
import type { Exchange } from '../src/runtime/ports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the surface', () => {
  it('is these names: whoever changes the list changes what others build on', () => {
    expect(Object.keys(core).toSorted()).toEqual([
      'DecimalError',
      'UnitError',
      'bankruptcyPrice',
      'bookWorstCase',
      'breakEvenPrice',
      'coefficientOf',
      'coefficientSum',
      'contractsText',
      'decimal',
      'formatDecimal',
      'fractions',
      'initialMargin',
      'instrument',
      'judgeAddition',
      'judgeEntry',
      'ladderRules',
      'ladderWorstCase',
      'liquidationPrice',
      'lossCaps',
      'lots',
      'lotsOf',
      'marginRatio',
      'money',
      'moneyText',
      'newRegistry',
      'nextDeadlineMs',
      'planBook',
      'planLadder',
      'plannedLiquidationPrice',
      'priceText',
      'roundedUnits',
      'sideName',
      'sideOf',
      'step',
      'ticks',
      'ticksOf',
    ]);
    expect(Object.keys(config).toSorted()).toEqual(['ConfigError', 'effectivePolicy', 'loadConfig', 'loadTree']);
  });

  it.each(['src/core/index.ts', 'src/config/public.ts'])('%s names everything one by one', (path) => {
    expect(readFileSync(root + path, 'utf8')).not.toMatch(/export \*/);
  });

  it.each([
    ['src/core/index.ts', []],
    ['src/config/public.ts', ['yaml', 'zod']],
  ])('%s reaches nothing that a browser lacks', (path, packages) => {
    const { files, foreign } = reached(path);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !/^src\/(core|config)\//.test(file))).toEqual([]);
    expect(foreign).toEqual(packages);
  });

  it('is what package.json exports, and only that', () => {
    const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(Object.keys(exports)).toEqual(['./core', './config', './package.json']);
    for (const way of ['./core', './config']) {
      const built = exports[way].default.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      expect(exports[way]['rungwise-source']).toBe(`./${built}`);
      expect(exports[way].types).toBe(exports[way].default.replace(/\.js$/, '.d.ts'));
    }
  });
});

/** Every file of ours that a file comes to load, and every package. */
function reached(from: string): { readonly files: string[]; readonly foreign: string[] } {
  const files = new Set<string>();
  const foreign = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    const text = readFileSync(root + path, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\b(import|export) type [^;]*;/g, '');
    for (const [, target = ''] of text.matchAll(/\bfrom '([^']+)'/g)) {
      if (target.startsWith('.')) visit(posix.join(posix.dirname(path), target));
      else foreign.add(target);
    }
  };
  visit(from);
  return { files: [...files], foreign: [...foreign].toSorted() };
}

describe('the examples', () => {
  const names = globSync('*.ts', { cwd: `${root}examples` }).toSorted();

  it('are three', () => expect(names).toEqual(['ladder-by-hand.ts', 'own-strategy.ts', 'pre-trade-check.ts']));

  it('begin with a ladder in twenty lines of code', () => {
    const code = readFileSync(`${root}examples/ladder-by-hand.ts`, 'utf8').split('\n');
    expect(code.filter((line) => line.trim() !== '' && !line.startsWith('/**')).length).toBeLessThanOrEqual(20);
  });

  it.each(names)('%s prints what stands beside it', (name) => {
    const done = spawnSync(process.execPath, ['--conditions=rungwise-source', `${root}examples/${name}`], {
      encoding: 'utf8',
    });
    expect(done.stderr).toBe('');
    expect(done.stdout).toBe(readFileSync(`${root}examples/${name.replace('.ts', '.txt')}`, 'utf8'));
  });
});

describe('the pages', () => {
  it('are those of the sources: else "npm run docs"', async () => {
    const fresh = await apiPages();
    const kept = new Map(
      globSync('*.md', { cwd: `${root}docs/api` })
        .toSorted()
        .map((name) => [name, readFileSync(`${root}docs/api/${name}`, 'utf8')]),
    );
    expect([...kept.keys()]).toEqual([...fresh.keys()]);
    for (const [name, text] of fresh) expect(kept.get(name), `docs/api/${name} is old: npm run docs`).toBe(text);
  });

  it('describe every name', () => {
    const page = readFileSync(`${root}docs/api/core.md`, 'utf8');
    const bare = page
      .split('\n### ')
      .slice(1)
      .filter((part) => /^[^\n]*\n+(>[^\n]*\n+)*(#|\||\*\*\*)/.test(part))
      .map((part) => part.split('\n')[0]);
    expect(bare).toEqual([]);
    for (const name of Object.keys(core)) expect(page).toMatch(new RegExp(`^### ${name}(\\(\\))?$`, 'm'));
  });
});

describe('what does not compile', () => {
  const order = { reduceOnly: false } as Order;
  const exchange = { place: (sent: Approved) => sent } as Pick<Exchange, 'place'>;

  it('is held by the compiler: each line below would be an error if it were none', () => {
    const refused = [
      // @ts-expect-error an order nobody approved never reaches an exchange
      () => exchange.place(order),
      // @ts-expect-error money times lots is no money
      () => money(1n) * lots(1),
      // @ts-expect-error a price is no size
      () => core.contractsText({ lotSize: core.decimal('1') }, lots(ticks(1))) satisfies ReturnType<typeof ticks>,
      // @ts-expect-error a bare number is no price: the door is ticks()
      () => core.planLadder({} as core.Policy, { entryTicks: 600_000 }),
      // @ts-expect-error nobody stamps an order himself
      () => ({ ...order }) satisfies Approved,
      // @ts-expect-error a policy is complete or it is none
      () => core.judgeEntry({}, () => ({}) as never, false),
      // @ts-expect-error what was decided is not changed
      () => (order.sizeLots = lots(2)),
    ];
    expect(refused).toHaveLength(7);
  });

  it('money times lots would throw, were it to compile', () => {
    const product = (a: unknown, b: unknown) => (a as number) * (b as number);
    expect(() => product(money(1n), lots(1))).toThrow(TypeError);
  });
});
