/**
 * The file's JSON Schema, for completion and warnings in editors. It passes what `loadConfig` accepts; what it cannot say (the
 * bounds of a number in quotes, decimal places, one key against another) only `loadConfig` refuses.
 */
import { z } from 'zod';
import { fileSchema } from './schema.ts';
import { meaningOf } from './words.ts';

/** Draft 7, which YAML editors know best. Unknown keys are refused at every level; every key has its description. */
export function jsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'Rungwise',
    description: 'Configuration of Rungwise (rungwise.yaml)',
    ...described(schema as SchemaNode, []),
  };
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

function described(node: SchemaNode, path: readonly string[]): Record<string, unknown> {
  const description = path.length === 0 ? undefined : meaningOf(path, 'en');
  const { properties, additionalProperties, anyOf } = node;
  return {
    ...(description === undefined ? {} : { description }),
    ...node,
    ...(properties === undefined ? {} : { properties: describedAll(properties, path) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: described(additionalProperties, [...path, '*']) }
      : {}),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((branch) => described(branch, path)) }),
  };
}

function describedAll(
  properties: Readonly<Record<string, SchemaNode>>,
  path: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, described(child, [...path, key])]));
}
