/**
 * YAML text to a plain tree that remembers its lines.
 *
 * YAML 1.2, core schema: `off` and `on` are words, merge keys are keys like any other. A section may be written in pieces: what stands under the same
 * name is joined key by key, and `check` tells it. Refused with the line: syntax errors, a key with two values, tabs as indentation, several documents, tags, another version of YAML, what is no text, nesting beyond 20 levels, aliases that unfold to more than 20,000 nodes (a "bomb"), and
 * numbers that a double cannot hold as written.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { type InBoth, type Problem, problem } from '../problem.ts';
import { inColumn, SYNTAX_SAID, YAML_SAID } from '../said.ts';
import { isSection, type Path, pathText } from '../tree.ts';

export interface YamlTree {
  readonly tree: unknown;
  /** Numbers, keys and aliases that must not pass; where they stood the tree has nothing. */
  readonly problems: readonly Problem[];
  /** Sections that are written in pieces: joined, and told. */
  readonly warnings: readonly Problem[];
  /** Line of a key or of the nearest key above it, from 1. */
  lineOf(path: string): number | undefined;
}

/** Of another, a file would mean something else: in 1.1 `no` is false and 010 is eight. */
const VERSION = '1.2';
const LETTERS_MAX = 131_072;
const NODES_MAX = 20_000;
const LEVELS_MAX = 20;
const PROBLEMS_MAX = 20;

/** The tree, or every problem of the syntax at once. */
export function readYaml(written: string): YamlTree | { readonly unreadable: readonly Problem[] } {
  // A carriage return alone ends a line too; the parser would read on, in a comment even over settings.
  const text = written.replaceAll(/\r\n?/g, '\n');
  const unreadable = notText(text);
  if (unreadable !== undefined) return { unreadable: [unreadable] };
  const lines = new LineCounter();
  const document = composed(text, lines);
  if (document === undefined) return { unreadable: [problem('', YAML_SAID.tooDeep(LEVELS_MAX))] };
  const errors = withoutEchoes([...document.warnings, ...document.errors], lines);
  const places = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  const openings = errors.some(isUnclosed) ? openingsIn(document) : new Map<number, number>();
  const broken = distinct([...places.values()].toReversed().map((error) => syntaxProblem(error, openings, lines)));
  if (broken.length > 0) return { unreadable: broken };
  const version = document.directives.yaml.version;
  if (version !== VERSION)
    return { unreadable: [problem('', YAML_SAID.version(version), lineAt(text, text.search(/^%YAML/m)))] };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return { unreadable: [problem('', YAML_SAID.empty)] };
  const unfolding = new Unfolding(document, lines);
  const tree = unfolding.plain(document.contents, []);
  return {
    tree,
    problems: distinct(unfolding.problems),
    warnings: distinct(unfolding.joined),
    lineOf: (path) => nearestLine(unfolding.lines, path),
  };
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
      version: VERSION,
      uniqueKeys: false,
    });
  } catch (error) {
    // The composer calls itself for every level; brackets by the thousand exhaust its stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function notText(text: string): Problem | undefined {
  if (text.length > LETTERS_MAX) return problem('', YAML_SAID.tooLong(text.length, LETTERS_MAX));
  // NUL and U+FFFD are what a binary file or another encoding leaves when it is read as UTF-8.
  const at = text.search(/[\0\uFFFD]/);
  return at === -1 ? undefined : problem('', YAML_SAID.notText, lineAt(text, at));
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

/** A dash behind a key makes the rest of its line a key without a colon to the parser. */
function withoutEchoes(errors: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const lineOf = (error: YAMLError) => lines.linePos(error.pos[0]).line;
  const dashed = new Set(errors.filter(isDashBehindKey).map(lineOf));
  return errors.filter((error) => isDashBehindKey(error) || !dashed.has(lineOf(error)));
}

function isDashBehindKey({ message }: YAMLError): boolean {
  return message.includes('block-seq-ind on same line with key');
}

function syntaxProblem(error: YAMLError, openings: ReadonlyMap<number, number>, lines: LineCounter): Problem {
  const [noticedAt] = error.pos;
  const { line, col } = lines.linePos(isUnclosed(error) ? (openings.get(noticedAt) ?? noticedAt) : noticedAt);
  return problem('', syntaxSaid(error, col), line);
}

/** Where each quote and bracket stands, by where it ends: that one is never closed is only noticed there, lines below or at the end of the file. */
function openingsIn(document: Document.Parsed): ReadonlyMap<number, number> {
  const openings = new Map<number, number>();
  visit(document, {
    Node: (_, node) => {
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE_') : (isMap(node) || isSeq(node)) && node.flow;
      if (opens === true && node.range) openings.set(node.range[1], node.range[0]);
    },
  });
  return openings;
}

function isUnclosed({ code, message }: YAMLError): boolean {
  return bracketIn(message) !== undefined || (code === 'MISSING_CHAR' && message.includes('quote'));
}

function bracketIn(message: string): string | undefined {
  return /end with a ([\]}])/.exec(message)?.[1];
}

function syntaxSaid({ code, message }: YAMLError, column: number): InBoth {
  if (message.includes('call stack')) return YAML_SAID.tooDeep(LEVELS_MAX);
  switch (code) {
    case 'TAB_AS_INDENT':
      return YAML_SAID.tab;
    case 'MULTIPLE_DOCS':
      return YAML_SAID.secondDocument;
    case 'TAG_RESOLVE_FAILED':
      return YAML_SAID.tag;
    default:
      return inColumn(placedSaid(code, message), column);
  }
}

/** By the library's code; where one code has several meanings, by the words that tell them apart. */
function placedSaid(code: YAMLError['code'], message: string): InBoth {
  const bracket = bracketIn(message);
  if (bracket !== undefined) return SYNTAX_SAID.bracket(bracket);
  switch (code) {
    case 'MISSING_CHAR':
      return missingSaid(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return SYNTAX_SAID.twoColons;
    case 'MULTILINE_IMPLICIT_KEY':
      return SYNTAX_SAID.colon;
    case 'BAD_INDENT':
      return SYNTAX_SAID.indent;
    case 'BLOCK_IN_FLOW':
      return SYNTAX_SAID.comma;
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
      return SYNTAX_SAID.firstLetter;
    case 'BAD_DQ_ESCAPE':
      return SYNTAX_SAID.escape;
    case 'UNEXPECTED_TOKEN':
      return message.includes('block-seq-ind') ? SYNTAX_SAID.dash : SYNTAX_SAID.unexpected;
    default:
      return SYNTAX_SAID.other;
  }
}

function missingSaid(message: string): InBoth {
  if (message.includes('quote')) return SYNTAX_SAID.quote;
  if (message.includes('Missing ,')) return SYNTAX_SAID.comma;
  if (message.includes('space after :')) return SYNTAX_SAID.space;
  if (message.startsWith('Comments')) return SYNTAX_SAID.comment;
  return message.includes('map values') ? SYNTAX_SAID.colon : SYNTAX_SAID.other;
}

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** 1e400 and 1e-400: a double makes them Infinity and 0. */
function isPastRange(value: number, source: string): boolean {
  return !Number.isFinite(value) || (value === 0 && /[1-9]/.test(source.replace(/[eE].*$/, '')));
}

/** Turns nodes into values, noting lines and whatever must not pass. */
class Unfolding {
  readonly problems: Problem[] = [];
  readonly joined: Problem[] = [];
  readonly lines = new Map<string, number>();
  readonly #document: Document.Parsed;
  readonly #counter: LineCounter;
  #nodes = 0;

  constructor(document: Document.Parsed, counter: LineCounter) {
    this.#document = document;
    this.#counter = counter;
  }

  plain(node: Node | null, path: Path): unknown {
    if (path.length > LEVELS_MAX) return this.#refuse([], node, YAML_SAID.tooDeep(LEVELS_MAX));
    this.#nodes += 1;
    if (this.#nodes > NODES_MAX) return this.#refuse([], null, YAML_SAID.bomb(NODES_MAX));
    if (isAlias(node)) return this.#alias(node, path);
    if (isMap(node)) return this.#section(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item as Node | null, [...path, index]));
    return isScalar(node) ? this.#scalar(node, path) : null;
  }

  #alias(node: Alias, path: Path): unknown {
    const target = node.resolve(this.#document);
    if (target !== undefined) return this.plain(target, path);
    return this.#refuse(path, node, YAML_SAID.alias(node.source));
  }

  #section(pairs: readonly Pair[], path: Path, section: Record<string, unknown> = {}): Record<string, unknown> {
    for (const pair of pairs) {
      const node = pair.key as Node | null;
      const key = isScalar(node) ? node.value : undefined;
      if (typeof key !== 'string' || key === '' || key === '__proto__') {
        const written = isScalar(node) ? (node.source ?? String(key)) : undefined;
        this.#refuse(path, node, YAML_SAID.noName(written));
        continue;
      }
      const below = [...path, key];
      const value = pair.value as Node | null;
      if (Object.hasOwn(section, key)) this.#again(section[key], value, node, below);
      else {
        this.#note(below, node);
        section[key] = this.plain(value, below);
      }
    }
    return section;
  }

  /** The document's two blocks under one header: nothing is lost where each of their keys is said once, so they are joined. */
  #again(before: unknown, value: Node | null, key: Node | null, path: Path): void {
    const firstLine = this.lines.get(pathText(path));
    if (!isSection(before) || !isMap(value)) {
      this.#refuse(path, key, YAML_SAID.keyTwice(firstLine));
      return;
    }
    this.joined.push(problem(pathText(path), YAML_SAID.sectionAgain(firstLine), this.#lineOf(key)));
    this.#section(value.items, path, before as Record<string, unknown>);
  }

  #item(node: Node | null, path: Path): unknown {
    this.#note(path, node);
    return this.plain(node, path);
  }

  #scalar(node: Scalar, path: Path): unknown {
    const { value, source } = node;
    if (typeof value !== 'number' || source === undefined) return value;
    if (!PLAIN_NUMBER.test(source) || isPastRange(value, source))
      return this.#refuse(path, node, YAML_SAID.notPlain(source));
    const digits = source.replace(/[eE].*$/, '').replace(/^[+-]?0*\.?0*|[.]/g, '').length;
    if (digits > 15) return this.#refuse(path, node, YAML_SAID.manyDigits(source));
    return value;
  }

  #note(path: Path, node: Node | null): void {
    const line = this.#lineOf(node);
    if (line !== undefined) this.lines.set(pathText(path), line);
  }

  #refuse(path: Path, node: Node | null, said: InBoth): undefined {
    this.problems.push(problem(pathText(path), said, this.#lineOf(node)));
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
