/**
 * What a key expects, in both languages. Zod carries one text a rule: the English one; the Russian one is found by it.
 */
import type { Language } from './words.ts';

const russian = new Map<string, string>();

/** Notes both, returns the English. */
export function phrase(en: string, ru: string): string {
  russian.set(en, ru);
  return en;
}

/** What zod says of its own accord has no Russian: it stays as it is (the fuzz test sees none). */
export function phraseIn(en: string, language: Language): string {
  return language === 'en' ? en : (russian.get(en) ?? en);
}
