import type { Schema } from './specSchema.ts';

interface FieldGroup {
  title: string;
  members: readonly string[];
}

const groups: readonly FieldGroup[] = [
  { title: 'Basics', members: ['name', 'location', 'owner', 'suffix'] },
  { title: 'Model', members: ['model'] },
  {
    title: 'Serving',
    members: ['instanceType', 'instanceCount', 'requestTimeoutSeconds', 'maxConcurrentRequests', 'probe'],
  },
  { title: 'Network and jumpbox', members: ['workspacePublicNetworkAccess', 'jumpbox'] },
  { title: 'Lease and behaviour', members: ['ttl', 'onFailure', 'onDrift'] },
];

/** The members of the schema in groups; what no group names comes last, so that a new member of the API appears by itself. */
export function fieldGroupsOf(schema: Schema): FieldGroup[] {
  const named = new Set(groups.flatMap(({ members }) => members));
  const members = Object.keys(schema.properties ?? {});
  const others = members.filter((member) => !named.has(member));
  const present = groups.map((group) => ({ ...group, members: group.members.filter((one) => members.includes(one)) }));
  return [...present, { title: 'Other', members: others }].filter((group) => group.members.length > 0);
}
