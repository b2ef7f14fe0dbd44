import Type from 'typebox';
import type { Static, TSchema } from 'typebox';

// Only inside a conditional type does the compiler compare two types for identity: optional members and unions count.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends readonly (infer Item)[] ? Flat<Item>[] : T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

/** Names a schema for the OpenAPI document. Compiles only if the schema matches the type of the domain exactly. */
export const named =
  <Domain>() =>
  <T extends TSchema>(
    $id: string,
    schema: Same<Flat<Static<T>>, Flat<Domain>> extends true ? T : never,
  ): T & { $id: string } =>
    Object.assign(schema, { $id });

/** A reference to a named schema. */
export const ref = <T extends TSchema & { $id: string }>(schema: T) =>
  Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` });

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const oneOf = <T extends string>(values: readonly T[], options: { description?: string; default?: T } = {}) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });

/** An object that has these members and no others. */
export const strictObject = <T extends Record<string, TSchema>>(
  members: T,
  options: { description?: string; examples?: object[] } = {},
) => Type.Object(members, { additionalProperties: false, ...options });

export const text = (description: string) => Type.String({ description });

export const time = (description: string) => Type.String({ format: 'date-time', description });
