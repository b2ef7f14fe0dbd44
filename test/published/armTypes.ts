import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Published ARM types: one file per resource type and api-version, in the format of Azure/bicep-types-az
 * (`generated/<provider>/<version>/types.json`, MIT), trimmed to what one resource type needs. They are not part of this
 * repository; `MOAT_ARM_TYPES` names their folder, by default `../shared/data/arm-types`.
 */
export const armTypesFolder = resolve(
  process.env['MOAT_ARM_TYPES'] ?? join(import.meta.dirname, '../../../shared/data/arm-types'),
);

export const armTypesPresent = existsSync(armTypesFolder);

export const flag = { required: 1, readOnly: 2, writeOnly: 4 } as const;

interface Reference {
  $ref: string;
}

export interface Member {
  type: Reference;
  flags: number;
}

export type Node =
  | { $type: 'ResourceType'; name: string; body: Reference }
  | { $type: 'StringType'; minLength?: number; maxLength?: number; pattern?: string }
  | { $type: 'IntegerType'; minValue?: number; maxValue?: number }
  | { $type: 'BooleanType' | 'AnyType' }
  | { $type: 'StringLiteralType'; value: string }
  | { $type: 'UnionType'; elements: Reference[] }
  | { $type: 'ArrayType'; itemType: Reference }
  | {
      $type: 'ObjectType';
      name: string;
      properties: Record<string, Member>;
      additionalProperties?: Reference;
    }
  | {
      $type: 'DiscriminatedObjectType';
      name: string;
      discriminator: string;
      baseProperties: Record<string, Member>;
      elements: Record<string, Reference>;
    };

/** The types of one resource type at one api-version. */
export interface ArmType {
  /** as ARM spells it */
  type: string;
  version: string;
  /** the api-version that Moat sent when the file was made */
  sent: string;
  nodes: readonly Node[];
}

export const nodeAt = ({ nodes }: ArmType, { $ref }: Reference): Node => {
  const node = nodes[Number($ref.slice(2))];
  if (!node) throw new RangeError(`${$ref} is no type`);
  return node;
};

interface File {
  type: string;
  sent: string;
  /** the api-version of the types: older where that version was not published yet */
  published: string;
  types: Node[];
}

/** The types of the folder. */
export function readArmTypes(folder = armTypesFolder): ArmType[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as File)
    .map(({ type, sent, published, types }) => ({ type, version: published, sent, nodes: types }));
}

/** The types of a resource type at the api-version, else at the nearest: the newest older one, else the oldest newer one. */
export function nearest(all: readonly ArmType[], type: string, version: string): ArmType | undefined {
  const versions = all
    .filter((one) => one.type.toLowerCase() === type.toLowerCase())
    .toSorted((a, b) => (a.version < b.version ? -1 : 1));
  return versions.findLast((one) => one.version <= version) ?? versions[0];
}
