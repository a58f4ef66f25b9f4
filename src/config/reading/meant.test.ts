import { describe, expect, it } from 'vitest';
import { knownKeys } from '../keys/known-keys.ts';
import { fileSchema } from '../keys/schema.ts';
import { meant } from './meant.ts';
import { OTHER_WORDS } from './other-words.ts';

const KNOWN = knownKeys(fileSchema);

describe('the words of other programs', () => {
  it.each(Object.entries(OTHER_WORDS))('%s is no key of ours and leads to %s, which is one', (word, key) => {
    expect(KNOWN.names).toContain(key);
    expect(KNOWN.named(word)).toEqual([]);
    expect(meant(KNOWN, [], word)).not.toEqual({ kind: 'unknown' });
  });

  it('comes before what is spelt alike', () => {
    expect(meant(KNOWN, ['position_scaling'], 'max_positions')).toMatchObject({ kind: 'elsewhere', isSpeltSo: false });
    expect(meant(KNOWN, ['position_scaling'], 'max_aditions')).toEqual({ kind: 'sibling', key: 'max_additions' });
  });
});

describe('a slip in the name of a key of another section', () => {
  it.each([
    ['max_open_positons', 'profiles.small.max_open_positions'],
    ['maker_window_secnds', 'execution.maker_window_seconds'],
  ])('%s leads to %s', (slip, place) => {
    const guess = meant(KNOWN, ['limits'], slip);
    expect(guess.kind === 'elsewhere' && guess.places[0]).toBe(place);
  });

  it.each(['tops', 'margin_mode', 'zzzzzzzz'])(
    '%s leads nowhere: chance would find something among all keys',
    (word) => {
      expect(meant(KNOWN, ['limits'], word)).toEqual({ kind: 'unknown' });
    },
  );
});
