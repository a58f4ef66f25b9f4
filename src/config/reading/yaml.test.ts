import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml.ts';

function refusedOf(text: string) {
  const yaml = readYaml(text);
  return 'unreadable' in yaml ? yaml.unreadable : yaml.problems;
}

describe('what is no configuration', () => {
  // text, line, what the message says
  it.each([
    ['', undefined, 'empty'],
    ['# nothing but a comment\n', undefined, 'empty'],
    ['a: 1\nb: 2\na: 3\n', 3, 'stands in its section twice, first in line 1'],
    ['x:\n  a: 1\n  "a": 2\n', 3, 'twice'],
    ['a:\n\tb: 1\n', 2, 'a tab is used as indentation'],
    ['a: 1\n---\nb: 2\n', 2, 'second document'],
    ['a: [1, 2\nb: 1\n', 1, 'a closing ] is missing (column 4)'],
    ['b: 1\na: {b: 1\n', 2, 'a closing } is missing (column 4)'],
    ['b: 1\na: "text\n  c: 2\nd: 3\n', 2, 'a closing quote is missing (column 4)'],
    ["a: {b: 'text}\nc: 3\n", 1, 'a closing quote is missing (column 8)'],
    ['a: {b: [1}\n', 1, 'a closing ] is missing (column 8)'],
    ['a: b: c\n', 1, 'a key stands where a value should (column 4)'],
    ['a: [1 2: 3, 4\nb: 1]\n', 1, 'a closing ] is missing (column 4)'],
    ['a: {b: 1 c: 2}\n', 1, 'comma'],
    ['a: 1\n  b: 2\n', 1, 'a key stands where a value should'],
    ['a:\n  b: 1\n c: 2\n', 3, 'the indentation does not fit the lines around it (column 1)'],
    ['a: 1\nb\n', 2, 'a colon is missing (column 1)'],
    ['a: - 2\n', 1, 'an item of a list ("- …") stands where it cannot begin (column 4)'],
    ['a: - b\n  - c\n', 1, 'an item of a list ("- …") stands where it cannot begin (column 4)'],
    ['a: 1\n- b\n', 2, 'an item of a list ("- …") stands where it cannot begin (column 1)'],
    ['a: @x\n', 1, 'cannot begin with this character (column 4)'],
    ['a: "\\q"\n', 1, 'backslash'],
    ['a: ]\n', 1, 'does not belong (column 4)'],
    ['a: !!js/function x\n', 1, 'tags'],
    ['a: !secret x\n', 1, 'tags'],
    ['# note\n%YAML 1.1\n---\na: 010\n', 2, 'the file says that it is YAML 1.1 ("%YAML")'],
    ['ok: 1\nbad: \0\u0001\u0002', 2, 'not UTF-8 text'],
    ['PK\u0003\u0004\uFFFD\uFFFD', 1, 'not UTF-8 text'],
    ['1: x', 1, 'is not the name of a key'],
    ['? [a, b]\n: 1', 1, 'is not the name of a key'],
    ['__proto__: {polluted: 1}', 1, 'is not the name of a key'],
    ['a: 0x1F', 1, 'not a plain decimal'],
    ['a: 1e400', 1, '1e400 is not a plain decimal'],
    ['a: 1e-400', 1, '1e-400 is not a plain decimal'],
    ['a: 0.1234567890123456', 1, '15 digits'],
    ['a: *nowhere', 1, 'names nothing'],
    ['a: &a [*a]', 1, 'levels deep'],
  ])('%j is refused in line %s: %s', (text, line, said) => {
    const [first] = refusedOf(text);
    expect(first?.message).toContain(said);
    expect(first?.line).toBe(line);
    expect(first?.said.ru.join(' '), 'no English sentence in the Russian one').not.toMatch(
      /([A-Za-z]{2,} ){2}[A-Za-z]/,
    );
  });

  it('a comma for a fraction within braces is told with how a fraction is written', () => {
    const [first] = refusedOf('limits: {max_loss_per_position: 2,5}');
    expect(first?.said.en.join(' ')).toContain('a fraction has a point, like 2.5');
    expect(first?.said.ru.join(' ')).toContain('дробную часть отделяет точка: 2.5');
  });

  it.each([
    ['fifty brackets', `a: ${'['.repeat(50)}${']'.repeat(50)}`, 1, 'levels deep'],
    ['brackets that would exhaust the stack', '['.repeat(20_000), 1, 'levels deep'],
    [
      'a bracket opened on each of thousands of lines',
      'key: [\n'.repeat(18_000),
      1,
      'a closing ] is missing (column 6)',
    ],
    ['a data file', `a: ${'x'.repeat(300_000)}`, undefined, 'letters'],
  ])('%s', (_, text, line, said) => {
    expect(refusedOf(text)[0]).toMatchObject({
      message: expect.stringContaining(said),
      ...(line === undefined ? {} : { line }),
    });
  });

  it('one slip is told once, though the parser stumbles over it twice', () => {
    expect(refusedOf('a:\n  b: 1\n   c: 2\n')).toHaveLength(1);
  });

  it('a bomb of aliases is told once', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 12; n++)
      lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
    expect(refusedOf(lines.join('\n'))).toEqual([
      expect.objectContaining({ message: expect.stringContaining('more than 20000 values') }),
    ]);
  });
});

describe('what may stand in a file', () => {
  const tree = (text: string) => {
    const yaml = readYaml(text);
    return 'unreadable' in yaml ? yaml.unreadable : yaml.tree;
  };

  it('a byte order mark, Windows line ends, a document mark and comments', () => {
    expect(tree('\uFEFF---\r\n# note\r\na: 1 # one\r\nb: off\r\n')).toEqual({ a: 1, b: 'off' });
  });

  it('line ends of an old Mac, and those that a conversion has left, also behind a comment', () => {
    expect(tree('a: 1 # one\rb: 2\r# note\rc: 3\n')).toEqual({ a: 1, b: 2, c: 3 });
    expect(tree('a:\r\r\n  b: 1\r\r\n  c: 2\r\r\n')).toEqual({ a: { b: 1, c: 2 } });
    expect(refusedOf('a: 1 # one\rb: 2\rb: 3\r')).toEqual([expect.objectContaining({ path: 'b', line: 3 })]);
  });

  it('a version that is ours', () => expect(tree('%YAML 1.2\n---\na: 010\n')).toEqual({ a: 10 }));

  it('an alias with its value', () => expect(tree('a: &x {b: 1}\nc: *x')).toEqual({ a: { b: 1 }, c: { b: 1 } }));

  it('a section in pieces, joined key by key and told with the line of each', () => {
    const yaml = readYaml('a:\n  b: {c: 1}\nd: 2\na:\n  b:\n    e: 3\n  f: 4\n');
    expect(yaml).toMatchObject({ tree: { a: { b: { c: 1, e: 3 }, f: 4 }, d: 2 }, problems: [] });
    const told = 'warnings' in yaml ? yaml.warnings.map(({ path, line, message }) => [path, line, message]) : [];
    expect(told).toEqual([
      ['a', 4, expect.stringContaining('begun in line 1')],
      ['a.b', 5, expect.stringContaining('begun in line 2')],
    ]);
    expect('lineOf' in yaml ? ['a.b.c', 'a.b.e', 'a.f'].map(yaml.lineOf) : []).toEqual([2, 6, 7]);
  });

  it.each([
    ['a:\n  b: 1\na:\n  b: 2\n', 'a.b', 4],
    ['a: {b: 1}\na: 2\n', 'a', 2],
    ['a:\na: {b: 1}\n', 'a', 2],
    ['a: &x {b: 1}\na: *x\n', 'a', 2],
  ])('%j says something twice, which no joining can hold', (text, path, line) => {
    expect(refusedOf(text)).toEqual([
      expect.objectContaining({ path, line, message: expect.stringContaining('twice') }),
    ]);
  });

  it('knows the line of a key, of an item, and of the nearest key above', () => {
    const yaml = readYaml('a:\n  b:\n    - 1\n    - 2\n  c: 3\n');
    const lineOf = (path: string) => ('unreadable' in yaml ? undefined : yaml.lineOf(path));
    expect([
      lineOf('a'),
      lineOf('a.b'),
      lineOf('a.b[1]'),
      lineOf('a.c'),
      lineOf('a.b[1].x'),
      lineOf('a.c.d.e'),
      lineOf('z'),
    ]).toEqual([1, 2, 4, 5, 4, 5, undefined]);
  });
});
