interface FieldGroup {
  title: string;
  members: readonly string[];
  /** closed at first: most environments need none of it */
  isClosed?: boolean;
}

const groups: readonly FieldGroup[] = [
  { title: 'Basics', members: ['name', 'location', 'owner', 'suffix'] },
  { title: 'Model', members: ['model'] },
  {
    title: 'Serving',
    members: [
      'serving',
      'tryLocally',
      'instanceType',
      'instanceCount',
      'requestTimeoutSeconds',
      'maxConcurrentRequests',
      'probe',
    ],
  },
  {
    title: 'Isolation',
    members: [
      'isolation',
      'endpointPublicNetworkAccess',
      'egressPublicNetworkAccess',
      'workspacePublicNetworkAccess',
      'outboundRules',
    ],
  },
  { title: 'Authentication', members: ['authMode'] },
  { title: 'Jumpbox', members: ['jumpbox'] },
  { title: 'Lease and behaviour', members: ['ttl', 'onFailure', 'onDrift'] },
  { title: 'Existing resources', members: ['existing'], isClosed: true },
  { title: 'Adopt an environment', members: ['adopt', 'resourceGroup', 'takeOver'], isClosed: true },
];

/** The members in groups; what no group names comes last, so that a new member of the API appears by itself. */
export function fieldGroupsOf(members: readonly string[]): FieldGroup[] {
  const named = new Set(groups.flatMap(({ members }) => members));
  const others = members.filter((member) => !named.has(member));
  const present = groups.map((group) => ({ ...group, members: group.members.filter((one) => members.includes(one)) }));
  return [...present, { title: 'Other', members: others }].filter((group) => group.members.length > 0);
}
