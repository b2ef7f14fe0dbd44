import { tagNames } from '../../../domain/groupTags.ts';
import { groupId, groupName } from '../../../domain/naming.ts';
import { plannedResource, plannedResources, resourceName } from '../../../domain/resources.ts';
import type { PlannedResource } from '../../../domain/resources.ts';
import type { CatalogueKey } from '../../../domain/resourceKeys.ts';
import { formatOf } from '../../../domain/samples.ts';
import { usesOf } from '../../../domain/usesTags.ts';
import type { ActivityDeps } from '../../deps.ts';
import { sealOf, wireTags } from '../../resources/ownershipSeal.ts';
import { resourceHandle } from '../../resources/resourceType.ts';
import type { EnsureOptions } from '../../resources/resourceType.ts';
import { labelOf, resourceTypeOf } from '../../resources/resourceTypes.ts';
import { existsAlready } from '../facts.ts';
import type { EnvironmentFacts, Facts } from '../facts.ts';

/** An environment, and how to preview its requests. */
export interface PlanContext extends ActivityDeps, EnvironmentFacts {
  /** reads the subscription, once */
  subscription(): Promise<Facts['subscription']>;
}

/** What Moat will PUT for one resource, in ARM's shape. */
export interface PlannedContent {
  /** ARM id */
  id: string;
  /** for messages */
  label: string;
  type: string;
  name: string;
  apiVersion: string;
  body: Record<string, unknown>;
  /** id of the resource that it is a child of */
  parent?: string;
}

/** Children without location and tags: what denies them denies their parents. */
const coveredByParents: ReadonlySet<CatalogueKey> = new Set(['zoneLink', 'zoneGroup']);

/** The first resource of each kind that a run will create. */
function resourcesToCreate(context: PlanContext): PlannedResource[] {
  const rows = new Map<CatalogueKey, PlannedResource>();
  for (const planned of plannedResources(context.ref)) {
    const { row, id } = planned;
    if (!coveredByParents.has(row) && !rows.has(row) && !existsAlready(context, id)) rows.set(row, planned);
  }
  return [...rows.values()];
}

/** The options of all resources. What is known only later (versions of assets, the key that nobody uses) has its final form. */
function optionsOf({ ref, spec }: PlanContext): EnsureOptions {
  const { jumpbox, model, ...serving } = spec;
  const asset = (kind: string) =>
    `${plannedResource(ref, 'workspace').id}/${kind}/${resourceName(ref, 'onlineEndpoint')}/versions/1`;
  return {
    ...serving,
    format: formatOf(model),
    versions: { codeId: asset('codes'), modelId: asset('models'), environmentId: asset('environments') },
    vmSize: jumpbox.sizes[0]!,
    diskGb: jumpbox.diskGb,
    sshPublicKey: 'ssh-rsa AAAAB3NzaC1yc2E= moat',
  };
}

async function contentOf(context: PlanContext, planned: PlannedResource): Promise<PlannedContent> {
  const { azure, ref } = context;
  const { id, key, type } = planned;
  const { put } = resourceTypeOf(id);
  const handle = resourceHandle(azure, id);
  const { tenantId } = key === 'vault' ? await context.subscription() : {};
  const options = { ...optionsOf(context), ...(tenantId !== undefined && { tenantId }) };
  const desired = await put!.body({ ...handle, ref, key, options, actual: undefined });
  const { apiVersion, body } = await azure.previewRequest(() => put!.send(handle, desired));
  const [name, ...parents] = planned.name.split('/').toReversed();
  return {
    id,
    label: labelOf(id),
    type,
    name: name!,
    apiVersion,
    body,
    ...(parents.length === 0 ? {} : { parent: id.split('/').slice(0, -2).join('/') }),
  };
}

/** The group with its tags, as they are when it is created. */
async function groupContent({ azure, ref, spec, specHash, sealKey }: PlanContext): Promise<PlannedContent> {
  const name = groupName(ref);
  const tags = wireTags({
    environment: ref.name,
    owner: spec.owner,
    spec: specHash,
    state: 'provisioning',
    uses: usesOf(ref),
  }).set;
  const { resourceGroups } = azure.clients(ref.subscriptionId).resources;
  const group = { location: ref.location, tags: { ...tags, [tagNames.seal]: sealOf(sealKey, ref) } };
  const { apiVersion, body } = await azure.previewRequest(() => resourceGroups.createOrUpdate(name, group));
  const type = 'Microsoft.Resources/subscriptions/resourceGroups';
  return { id: groupId(ref), label: `resource group ${name}`, type, name, apiVersion, body };
}

/** What a run will PUT: one resource of each kind, and the group. What exists is left out. */
export function plannedContents(context: PlanContext): Promise<PlannedContent[]> {
  const contents = resourcesToCreate(context).map((planned) => contentOf(context, planned));
  return Promise.all(context.groupExists ? contents : [groupContent(context), ...contents]);
}
