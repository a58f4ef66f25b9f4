/** What a key that is not known where it stands may have meant. */
import type { KnownKeys } from '../keys/known-keys.ts';
import { nearest, withinTwoEdits } from './nearest.ts';
import { OTHER_WORDS } from './other-words.ts';

type Meant =
  /** A key of the same section. */
  | { readonly kind: 'sibling'; readonly key: string }
  /** Full keys of other sections: of the very name, or of a name that it may stand for. */
  | { readonly kind: 'elsewhere'; readonly isSpeltSo: boolean; readonly places: readonly string[] }
  | { readonly kind: 'unknown' };

/**
 * A word of another program says what it means. Else the own section comes first, misspelt, then the very name in another one, then a slip of
 * one or two letters there: farther away, among all keys, chance finds something for every word.
 */
export function meant(known: KnownKeys, section: readonly PropertyKey[], key: string): Meant {
  const siblings = known.in(section);
  const ours = Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined;
  const sibling = ours === undefined ? nearest(key, siblings) : siblings.find((name) => name === ours);
  if (sibling !== undefined) return { kind: 'sibling', key: sibling };
  const same = known.named(key);
  if (same.length > 0) return { kind: 'elsewhere', isSpeltSo: true, places: same };
  const near = ours ?? withinTwoEdits(key, known.names);
  const places = near === undefined ? [] : known.named(near);
  return places.length === 0 ? { kind: 'unknown' } : { kind: 'elsewhere', isSpeltSo: false, places };
}
