import { describe, expect, it } from 'vitest';
import { BacklogError } from '../../runtime/backlog.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { EXIT, tellFailure } from './failure.ts';
import type { Session } from './session.ts';

describe('a loop that failed with more fills than it can keep', () => {
  it.each([
    ['en', en, '501 fills and settlements of funding wait', 'the exchange tells them anew'],
    ['ru', ru, 'ждёт записи: 501', 'биржа сообщит их ещё раз'],
  ] as const)(
    'is told to a person in %s, without a stack: what, how many, what to do',
    async (language, texts, what, next) => {
      const said: string[] = [];
      const session = { language, texts, complain: (what: string) => said.push(what) };
      expect(await tellFailure(new BacklogError(501), session as unknown as Session)).toBe(EXIT.usage);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(what);
      expect(said[0]).toContain(next);
      expect(said[0]).not.toContain('    at ');
    },
  );
});
