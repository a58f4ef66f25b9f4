/** Which keys a schema knows, and where: read off the schema once, for hints. */
import { z } from 'zod';

export interface KnownKeys {
  /** The keys that may stand in a section; none where the path is no section. */
  in(section: readonly PropertyKey[]): readonly string[];
  /** Full keys of every section that has a key of this name; any symbol is written SYMBOL. */
  named(key: string): readonly string[];
  /** Every key's name, each once. */
  readonly names: readonly string[];
}

const SYMBOL = 'SYMBOL';
const read = new WeakMap<z.ZodType, KnownKeys>();

export function knownKeys(schema: z.ZodType): KnownKeys {
  const known = read.get(schema) ?? readOff(schema);
  read.set(schema, known);
  return known;
}

function readOff(schema: z.ZodType): KnownKeys {
  const sections = new Map<string, string[]>();
  const places = new Map<string, string[]>();
  collect(schema, '', sections, places);
  return {
    in: (section) => sections.get(nameOf(section)) ?? sections.get(nameOf(withSymbol(section))) ?? [],
    named: (key) => places.get(key) ?? [],
    names: [...places.keys()],
  };
}

/** Items of a list are one section, whatever their number. */
function nameOf(path: readonly PropertyKey[]): string {
  return path
    .filter((key) => typeof key !== 'number')
    .map(String)
    .join('.');
}

/** Only `by_symbol` has names that the schema does not know. */
function withSymbol(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const at = path.indexOf('by_symbol') + 1;
  return at === 0 || at === path.length ? path : path.with(at, SYMBOL);
}

function collect(
  node: z.core.$ZodType,
  path: string,
  sections: Map<string, string[]>,
  places: Map<string, string[]>,
): void {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  if (node instanceof z.ZodPipe) return collect(node.in, path, sections, places);
  if (node instanceof z.ZodOptional) return collect(node.unwrap(), path, sections, places);
  if (node instanceof z.ZodArray) return collect(node.element, path, sections, places);
  if (node instanceof z.ZodRecord) return collect(node.valueType, below(SYMBOL), sections, places);
  if (node instanceof z.ZodUnion) return node.options.forEach((option) => collect(option, path, sections, places));
  if (!(node instanceof z.ZodObject)) return;
  sections.set(path, Object.keys(node.shape));
  for (const [key, child] of Object.entries(node.shape)) {
    places.set(key, [...(places.get(key) ?? []), below(key)]);
    collect(child, below(key), sections, places);
  }
}
