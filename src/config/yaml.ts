/**
 * YAML text to a plain tree that remembers its lines.
 *
 * YAML 1.2, core schema: `off` and `on` are words, merge keys are keys like any other. Refused with the line: syntax errors, duplicate keys, tabs as
 * indentation, several documents, tags, what is no text, nesting beyond 20 levels, aliases that unfold to more than 20,000 nodes (a "bomb"), and
 * numbers that a double cannot hold as written.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type Scalar,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';
import type { Problem } from './problem.ts';
import { type Path, pathText } from './tree.ts';

export interface YamlTree {
  readonly tree: unknown;
  /** Numbers, keys and aliases that must not pass; where they stood the tree has nothing. */
  readonly problems: readonly Problem[];
  /** Line of a key or of the nearest key above it, from 1. */
  lineOf(path: string): number | undefined;
}

const LETTERS_MAX = 131_072;
const NODES_MAX = 20_000;
const LEVELS_MAX = 20;
const PROBLEMS_MAX = 20;

/** The tree, or every problem of the syntax at once. */
export function readYaml(text: string): YamlTree | { readonly unreadable: readonly Problem[] } {
  const unreadable = notText(text);
  if (unreadable !== undefined) return { unreadable: [unreadable] };
  const lines = new LineCounter();
  const document = composed(text, lines);
  if (document === undefined) return { unreadable: [{ path: '', ...TOO_DEEP }] };
  const broken = distinct([...document.errors, ...document.warnings].map((error) => syntaxProblem(error, lines)));
  if (broken.length > 0) return { unreadable: broken };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return { unreadable: [{ path: '', message: 'the file is empty', hint: 'Write one with "rungwise init"' }] };
  const unfolding = new Unfolding(document, lines);
  const tree = unfolding.plain(document.contents, []);
  return { tree, problems: distinct(unfolding.problems), lineOf: (path) => nearestLine(unfolding.lines, path) };
}

/** One broken bracket or one bomb is told by the parser a thousand times. */
function distinct(problems: readonly Problem[]): Problem[] {
  const known = new Map(problems.map((problem) => [`${problem.line} ${problem.path} ${problem.message}`, problem]));
  return [...known.values()].slice(0, PROBLEMS_MAX);
}

function composed(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      logLevel: 'error',
      version: '1.2',
      uniqueKeys: false,
    });
  } catch (error) {
    // The composer calls itself for every level; brackets by the thousand exhaust its stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function notText(text: string): Problem | undefined {
  if (text.length > LETTERS_MAX)
    return {
      path: '',
      message: `the file has ${text.length} letters, more than ${LETTERS_MAX}`,
      hint: 'Give the configuration, not a data file',
    };
  // NUL and U+FFFD are what a binary file or another encoding leaves when it is read as UTF-8.
  const at = text.search(/[\0\uFFFD]/);
  if (at === -1) return undefined;
  return {
    path: '',
    line: lineAt(text, at),
    message: 'the file is not UTF-8 text',
    hint: 'Save it as UTF-8, or give the right file',
  };
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function syntaxProblem(error: YAMLError, lines: LineCounter): Problem {
  const at = { path: '', line: lines.linePos(error.pos[0]).line };
  if (error.message.includes('call stack')) return { ...at, ...TOO_DEEP };
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { ...at, message: 'a tab is used as indentation', hint: 'Indent with spaces, two a level' };
    case 'MULTIPLE_DOCS':
      return { ...at, message: 'a second document begins here ("---")', hint: 'Keep one document a file' };
    case 'TAG_RESOLVE_FAILED':
      return { ...at, message: 'YAML tags ("!…") are not supported', hint: 'Write the plain value' };
    default:
      return {
        ...at,
        message: sentence(error.message),
        hint: 'Look at the line above too: often a colon, a bracket, a quote or an indent is missing',
      };
  }
}

function sentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/[.:]\s*$/, '');
}

const TOO_DEEP = {
  message: `sections are nested more than ${LEVELS_MAX} levels deep`,
  hint: 'Check brackets and indentation',
} as const;

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Turns nodes into values, noting lines and whatever must not pass. */
class Unfolding {
  readonly problems: Problem[] = [];
  readonly lines = new Map<string, number>();
  readonly #document: Document.Parsed;
  readonly #counter: LineCounter;
  #nodes = 0;

  constructor(document: Document.Parsed, counter: LineCounter) {
    this.#document = document;
    this.#counter = counter;
  }

  plain(node: Node | null, path: Path): unknown {
    if (path.length > LEVELS_MAX) return this.#refuse([], node, TOO_DEEP.message, TOO_DEEP.hint);
    this.#nodes += 1;
    if (this.#nodes > NODES_MAX)
      return this.#refuse([], null, `aliases unfold to more than ${NODES_MAX} values`, 'Write the values out');
    if (isAlias(node)) return this.#alias(node, path);
    if (isMap(node)) return this.#section(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item as Node | null, [...path, index]));
    return isScalar(node) ? this.#scalar(node, path) : null;
  }

  #alias(node: Alias, path: Path): unknown {
    const target = node.resolve(this.#document);
    if (target !== undefined) return this.plain(target, path);
    return this.#refuse(path, node, `the alias *${node.source} names nothing above it`, 'Write the value out');
  }

  #section(pairs: readonly Pair[], path: Path): Record<string, unknown> {
    const section: Record<string, unknown> = {};
    for (const pair of pairs) {
      const node = pair.key as Node | null;
      const key = isScalar(node) ? node.value : undefined;
      if (typeof key !== 'string' || key === '' || key === '__proto__') {
        const written = isScalar(node) ? `"${node.source ?? String(key)}"` : 'a list or section';
        this.#refuse(path, node, `${written} is not the name of a key`, 'A key is a word before a colon');
        continue;
      }
      const below = [...path, key];
      const before = this.lines.get(pathText(below));
      if (Object.hasOwn(section, key))
        this.#refuse(below, node, `stands in its section twice, first in line ${before}`, 'Keep one of them');
      else {
        this.#note(below, node);
        section[key] = this.plain(pair.value as Node | null, below);
      }
    }
    return section;
  }

  #item(node: Node | null, path: Path): unknown {
    this.#note(path, node);
    return this.plain(node, path);
  }

  #scalar(node: Scalar, path: Path): unknown {
    const { value, source } = node;
    if (typeof value !== 'number' || source === undefined) return value;
    if (!PLAIN_NUMBER.test(source))
      return this.#refuse(path, node, `${source} is not a plain decimal number`, 'Write it like 0.05 or 5');
    const digits = source.replace(/[eE].*$/, '').replace(/^[+-]?0*\.?0*|[.]/g, '').length;
    if (digits > 15)
      return this.#refuse(
        path,
        node,
        `the number ${source} has more than 15 digits`,
        'Put it in quotes to keep them all',
      );
    return value;
  }

  #note(path: Path, node: Node | null): void {
    const line = this.#lineOf(node);
    if (line !== undefined) this.lines.set(pathText(path), line);
  }

  #refuse(path: Path, node: Node | null, message: string, hint: string): undefined {
    const line = this.#lineOf(node);
    this.problems.push({ path: pathText(path), ...(line === undefined ? {} : { line }), message, hint });
    return undefined;
  }

  #lineOf(node: Node | null): number | undefined {
    return node?.range ? this.#counter.linePos(node.range[0]).line : undefined;
  }
}

function nearestLine(lines: ReadonlyMap<string, number>, path: string): number | undefined {
  for (let at = path; at !== ''; at = at.replace(/(^|\.)[^.[\]]*$|\[\d+\]$/, '')) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return undefined;
}
