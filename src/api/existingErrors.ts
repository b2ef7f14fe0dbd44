import { groupName, parseResourceId } from '../domain/naming.ts';
import { zoneNames } from '../domain/privateLinks.ts';
import type { ValidationError } from '../domain/problem.ts';
import { broughtTypes, longestTagValue, usesOf } from '../domain/usesTags.ts';

const zoneNameOf = (id: string): string => id.split('/').at(-1)!.toLowerCase();

interface Given {
  path: string;
  id: string;
  /** key of the resource in the catalogue */
  key: string;
}

/** The ids in `existing`, with what each is to be. */
function givenIds(existing: Record<string, unknown>): Given[] {
  const { privateDnsZones, ...others } = existing;
  const zones = Array.isArray(privateDnsZones) ? (privateDnsZones as unknown[]) : [];
  const members = Object.entries(others).map(([member, id]) => ({ path: `/existing/${member}`, id, key: member }));
  const listed = zones.map((id, index) => ({
    path: `/existing/privateDnsZones/${index}`,
    id,
    key: typeof id === 'string' ? `zone:${zoneNameOf(id)}` : '',
  }));
  return [...members, ...listed].filter((one): one is Given => typeof one.id === 'string');
}

/** The workspace's own registry, storage account and vault are used with it: which ones a run needs to know before it reads anything. */
const withWorkspace = ['registry', 'storageAccount', 'vault'] as const;

function combinationErrors(existing: Record<string, unknown>, given: readonly Given[]): ValidationError[] {
  const absent = withWorkspace.filter(
    (member) => existing['workspace'] !== undefined && existing[member] === undefined,
  );
  const zones = given.filter(({ path }) => path.startsWith('/existing/privateDnsZones/'));
  const missing = zoneNames.filter((zone) => !zones.some(({ key }) => key === `zone:${zone}`));
  return [
    ...absent.map((member) => ({
      path: `/existing/${member}`,
      message: 'is required with "workspace": the one that the workspace uses (az ml workspace show)',
    })),
    ...(existing['applicationInsights'] !== undefined && existing['workspace'] !== undefined
      ? [{ path: '/existing/applicationInsights', message: 'must not be given beside "workspace", which has its own' }]
      : []),
    ...(existing['zoneGroupsByPolicy'] === true && missing.length > 0
      ? [
          {
            path: '/existing/privateDnsZones',
            message: `must have all zones where a policy writes their records: ${missing.join(', ')} missing`,
          },
        ]
      : []),
  ];
}

function idError({ path, id, key }: Given, name: string, subscriptionIds: readonly string[]): ValidationError[] {
  const parsed = parseResourceId(id);
  const type = broughtTypes[key];
  if (path.includes('/privateDnsZones/') && type === undefined)
    return [{ path, message: `must be the id of a zone named ${zoneNames.join(', ')}` }];
  if (!parsed || type === undefined || parsed.type.toLowerCase() !== type.toLowerCase())
    return [{ path, message: `must be the id of a resource of the type ${type ?? 'that the member names'}` }];
  const allowed = key.startsWith('zone:') ? subscriptionIds : subscriptionIds.slice(0, 1);
  if (!allowed.some((one) => one.toLowerCase() === parsed.subscriptionId.toLowerCase()))
    return [{ path, message: `must be in the subscription ${allowed.join(' or ')}` }];
  if (parsed.group.toLowerCase() === groupName({ name }).toLowerCase())
    return [{ path, message: "must not be in the environment's own group, which is deleted with it" }];
  const ref = { subscriptionId: subscriptionIds[0]!, name, location: '', suffix: '', ids: { [key]: id } };
  return (usesOf(ref)[key]?.length ?? 0) > longestTagValue
    ? [{ path, message: `must have a group and name of at most ${longestTagValue} characters together` }]
    : [];
}

/** Errors of the existing resources that a body names. What the schema refuses is checked no further. */
export function existingErrors(body: object, subscriptionIds: readonly string[]): ValidationError[] {
  const { existing, name } = body as Record<string, unknown>;
  if (existing === null || typeof existing !== 'object' || typeof name !== 'string') return [];
  const given = givenIds(existing as Record<string, unknown>);
  const twice = given.filter(({ key }, index) => given.findIndex((one) => one.key === key) !== index);
  return [
    ...given.flatMap((one) => idError(one, name, subscriptionIds)),
    ...twice.map(({ path }) => ({ path, message: 'must not name a second zone of the same name' })),
    ...combinationErrors(existing as Record<string, unknown>, given),
  ];
}
