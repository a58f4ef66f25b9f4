/**
 * Which points of a wire object has anybody ever seen? A point is a value of a set, the presence of an optional field,
 * a number where `""` is allowed too, a filled list. A schema that promises what no payload showed is a guess. What it
 * merely tolerates (`""`, absence, an empty list: conventions of the whole protocol, okx-v5.md §1.2) is no promise.
 */
import type { Form } from '../../src/okx/wire/field.ts';

/** Every point that `form` promises, as `path: point`. */
export function pointsOf(form: Form, path: string): string[] {
  switch (form.kind) {
    case 'text':
    case 'number':
    case 'digits':
    case 'integer':
    case 'tuple':
    case 'boolean':
      return [];
    case 'integer-or-null':
      return [`${path}: integer`];
    case 'number-or-empty':
    case 'digits-or-empty':
      return [`${path}: number`];
    case 'flag':
      return [`${path}: "true"`, `${path}: "false"`];
    case 'closed':
    case 'open':
      return form.values.filter((value) => value !== '').map((value) => `${path}: "${value}"`);
    case 'list':
      return [`${path}: filled`, ...pointsOf(form.of, `${path}[]`)];
    case 'object':
      return [
        ...Object.entries(form.required).flatMap(([name, of]) => pointsOf(of, `${path}.${name}`)),
        ...Object.entries(form.optional).flatMap(([name, of]) => [
          `${path}.${name}: present`,
          ...pointsOf(of, `${path}.${name}`),
        ]),
      ];
  }
}

/** The points that one value shows. A value of the wrong type shows none. */
export function pointsSeen(form: Form, value: unknown, path: string): string[] {
  switch (form.kind) {
    case 'text':
    case 'number':
    case 'digits':
    case 'integer':
    case 'tuple':
    case 'boolean':
      return [];
    case 'integer-or-null':
      return value === null ? [] : [`${path}: integer`];
    case 'number-or-empty':
    case 'digits-or-empty':
      return value === '' ? [] : [`${path}: number`];
    case 'flag':
    case 'closed':
    case 'open':
      return [`${path}: "${String(value)}"`];
    case 'list':
      if (!Array.isArray(value)) return [];
      return [
        `${path}: ${value.length === 0 ? 'empty' : 'filled'}`,
        ...value.flatMap((of: unknown) => pointsSeen(form.of, of, `${path}[]`)),
      ];
    case 'object':
      if (!isRecord(value)) return [];
      return [
        ...Object.entries(form.required).flatMap(([name, of]) => pointsSeen(of, value[name], `${path}.${name}`)),
        ...Object.entries(form.optional).flatMap(([name, of]) => {
          const inner = value[name];
          return inner === undefined ? [] : [`${path}.${name}: present`, ...pointsSeen(of, inner, `${path}.${name}`)];
        }),
      ];
  }
}

/** The JSON type that a form has on the wire. */
export function jsonTypeOf(form: Form): readonly string[] {
  switch (form.kind) {
    case 'text':
    case 'number':
    case 'number-or-empty':
    case 'digits-or-empty':
    case 'digits':
    case 'flag':
    case 'closed':
    case 'open':
      return ['string'];
    case 'boolean':
      return ['boolean'];
    case 'integer':
      return ['number'];
    case 'integer-or-null':
      return ['number', 'null'];
    case 'list':
    case 'tuple':
      return ['array'];
    case 'object':
      return ['object'];
  }
}

export function typeOfJson(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
