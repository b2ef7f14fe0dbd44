import { groupId, groupName, parseResourceId } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { plannedResource, resourceName, subnetName } from './resources.ts';

/**
 * Suggested remedies. Each names what to change: a member of the spec, a resource, or a command. Values for angle brackets come from the
 * environment (`environmentValues`) and from the failure.
 */

export const retryByPost = 'POST the environment again: it continues where it stopped';

/** The members of the spec that a changed environment is posted with. Another spec needs another environment. */
export const postWith = (members: string): string => `DELETE the environment, then POST it with another ${members}`;

/** For an error that the table does not know. */
export const inspectResource = `az resource show --ids <id> shows the resource, and az monitor activity-log list --correlation-id <correlationId> --output table Azure's log of the request; then ${retryByPost}`;

export const grantContributor = `az role assignment create --assignee <principal> --role Contributor --scope /subscriptions/<subscription>; then ${retryByPost}`;

/** Another suffix is another spec, so the environment of the old one is deleted first. */
export const chooseAnotherSuffix = postWith('"suffix"');

export const requestQuota = `az vm list-usage --location <location> --output table lists the usage; delete what is unused or request more quota (Azure portal, Quotas), then ${retryByPost}`;

export const chooseAnotherSize = postWith('"instanceType" or "location"');

export const chooseAnotherJumpbox = postWith('"jumpbox": {"sizes": […]} or "location"');

export const checkIdentityRoles = `az role assignment list --all --assignee $(az ml online-endpoint show --name <endpoint> --workspace-name <workspace> --resource-group <workspaceGroup> --query identity.principal_id --output tsv) --output table lists the roles of the endpoint’s identity, which must include AcrPull on <registry> and Storage Blob Data Reader on <storage>; then ${retryByPost}`;

export const readContainerLog =
  'az ml online-deployment get-logs --endpoint-name <endpoint> --name blue --workspace-name <workspace> --resource-group <workspaceGroup>; correct the scoring script, or choose a larger "instanceType"';

/** Fills in the values that are known; the other angle brackets stay. */
export const fillIn = (remedy: string, values: Readonly<Record<string, string | null | undefined>>): string =>
  remedy.replaceAll(/<([A-Za-z]+)>/g, (whole, name: string) => values[name] ?? whole);

/** The values that follow from the environment: names of its resources, so that a command can be copied. */
export const environmentValues = (ref: EnvironmentRef): Record<string, string> => ({
  endpoint: resourceName(ref, 'onlineEndpoint'),
  workspace: resourceName(ref, 'workspace'),
  group: groupName(ref),
  workspaceGroup: parseResourceId(plannedResource(ref, 'workspace').id)!.group,
  location: ref.location,
  subscription: ref.subscriptionId,
  registry: resourceName(ref, 'registry'),
  vault: resourceName(ref, 'vault'),
  storage: resourceName(ref, 'storageAccount'),
  network: plannedResource(ref, 'virtualNetwork').id,
  subnet: ref.ids?.['subnet'] ?? `${plannedResource(ref, 'virtualNetwork').id}/subnets/${subnetName}`,
  machine: plannedResource(ref, 'virtualMachine').id,
  identity: `$(az identity show --ids ${plannedResource(ref, 'identity').id} --query principalId --output tsv)`,
  scope: groupId(ref),
});
