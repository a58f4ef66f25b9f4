/**
 * Writes the pages of the library's surface, docs/api, from the docstrings behind src/core/index.ts and src/config/public.ts: `npm run docs`.
 *
 * The same sources give the same bytes: no dates, no paths, no line numbers. test/library.test.ts holds the pages against the sources.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';

const root = fileURLToPath(new URL('..', import.meta.url));
const PAGES = `${root}docs/api`;

export async function main(): Promise<number> {
  const pages = await apiPages();
  rmSync(PAGES, { recursive: true, force: true });
  mkdirSync(PAGES, { recursive: true });
  for (const [name, text] of pages) writeFileSync(`${PAGES}/${name}`, text);
  process.stdout.write(`docs/api: ${[...pages.keys()].join(', ')}\n`);
  return 0;
}

/** How the pages look: one for each way in, fields in tables. */
const MARKDOWN: Partial<PluginOptions> = {
  outputFileStrategy: 'modules',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
};

/** Name of the page → its text. @throws {Error} where the sources do not compile or a page could not be made */
export async function apiPages(): Promise<Map<string, string>> {
  mkdirSync(`${root}.cache`, { recursive: true });
  const folder = mkdtempSync(`${root}.cache/api-`);
  try {
    const app = await Application.bootstrapWithPlugins({
      entryPoints: [`${root}src/core/index.ts`, `${root}src/config/public.ts`],
      tsconfig: `${root}scripts/api-pages.tsconfig.json`,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: folder }],
      name: 'rungwise',
      readme: 'none',
      disableSources: true,
      excludeExternals: true,
      sort: ['source-order'],
      logLevel: 'Error',
      ...MARKDOWN,
    });
    const project = await app.convert();
    if (project === undefined) throw new Error('the sources of the library do not compile: run "npm run types"');
    await app.generateOutputs(project);
    return new Map(pagesIn(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md'))
    .toSorted();
}
