import { isBrought } from '../../../domain/broughtResources.ts';
import { tagNames, tagOf } from '../../../domain/groupTags.ts';
import type { WireTags } from '../../../domain/groupTags.ts';
import { parseResourceId } from '../../../domain/naming.ts';
import { zoneNames } from '../../../domain/privateLinks.ts';
import type { Permission } from '../../../domain/roleDefinitions.ts';
import { broughtTypes } from '../../../domain/usesTags.ts';
import { ignoreNotFound } from '../../resources/ignoreNotFound.ts';
import { labelOf } from '../../resources/resourceTypes.ts';
import type { BroughtFact, ZoneFact } from '../rules/broughtFact.ts';
import type { PreflightContext } from './preflightContext.ts';

/** A published api-version of each type: rules need ARM's shape, not that of the SDK's models. */
const apiVersions: Readonly<Record<string, string>> = {
  workspace: '2025-12-01',
  registry: '2025-04-01',
  storageAccount: '2024-01-01',
  vault: '2024-11-01',
  applicationInsights: '2020-02-02',
  virtualNetwork: '2024-05-01',
  subnet: '2024-05-01',
  identity: '2023-01-31',
};
const zoneVersion = '2024-06-01';

type Body = Record<string, unknown>;

async function readOne({ azure }: PreflightContext, key: string, id: string): Promise<BroughtFact> {
  const path = `${id}/providers/Microsoft.Authorization/permissions`;
  const [body, permissions] = await Promise.all([
    ignoreNotFound(azure, azure.generic.send('GET', id, apiVersions[key] ?? zoneVersion)),
    ignoreNotFound(azure, azure.generic.list(path, '2022-04-01')),
  ]);
  return {
    key,
    id,
    type: parseResourceId(id)!.type,
    label: labelOf(id),
    body: body as Body | undefined,
    permissions: (permissions ?? []) as Permission[],
  };
}

/** The existing resources that the spec names, as ARM returns them, with what the caller may do there. */
export function readBrought(context: PreflightContext): Promise<BroughtFact[]> {
  const { ref } = context;
  const given = Object.entries(ref.ids ?? {}).filter(
    ([key, id]) => id !== undefined && isBrought(ref, { key }) && (key in broughtTypes || key === 'virtualNetwork'),
  );
  return Promise.all(given.map(([key, id]) => readOne(context, key, id!)));
}

interface Listed {
  id?: string;
  name?: string;
  tags?: WireTags;
  properties?: { virtualNetwork?: { id?: string }; aRecords?: { ipv4Address?: string }[] };
}

async function list({ azure }: PreflightContext, path: string): Promise<Listed[]> {
  return ((await ignoreNotFound(azure, azure.generic.list(path, zoneVersion))) ?? []) as Listed[];
}

async function readZone(context: PreflightContext, id: string, withRecords: boolean): Promise<ZoneFact> {
  const [links, records] = await Promise.all([
    list(context, `${id}/virtualNetworkLinks`),
    withRecords ? list(context, `${id}/A`) : [],
  ]);
  return {
    id,
    name: id.split('/').at(-1)!.toLowerCase(),
    links: links.map(({ properties, tags = {} }) => ({
      network: properties?.virtualNetwork?.id ?? '',
      environment: tagOf(tags, tagNames.environment),
    })),
    records: records.map(({ name = '', properties }) => ({
      name: name.toLowerCase(),
      addresses: (properties?.aRecords ?? []).map(({ ipv4Address = '' }) => ipv4Address),
    })),
  };
}

/**
 * The zones that the spec names, with links and records; and where the environment's network exists already, all zones of the subscription
 * with one of their names: a network can be linked to one of them only.
 */
export async function readZones(context: PreflightContext): Promise<ZoneFact[]> {
  const { ref } = context;
  const brought = zoneNames.filter((zone) => isBrought(ref, { key: `zone:${zone}` }));
  const named = brought.map((zone) => ref.ids![`zone:${zone}`]!);
  const listed = isBrought(ref, { key: 'virtualNetwork' })
    ? await list(context, `/subscriptions/${ref.subscriptionId}/providers/Microsoft.Network/privateDnsZones`)
    : [];
  const others = listed.flatMap(({ id = '', name = '' }) =>
    zoneNames.includes(name.toLowerCase()) && !named.some((one) => one.toLowerCase() === id.toLowerCase()) ? [id] : [],
  );
  return Promise.all([
    ...named.map((id) => readZone(context, id, true)),
    ...others.map((id) => readZone(context, id, false)),
  ]);
}
