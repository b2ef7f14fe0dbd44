/** Suggested remedies. Values for angle brackets are in the failure's message or the environment's spec. */

export const retryByPost = 'POST the environment again: it continues where it stopped';

export const inspectActivityLog = `az monitor activity-log list --correlation-id <correlationId> --output table shows Azure's log; then ${retryByPost}`;

export const grantContributor = `az role assignment create --assignee <principal> --role Contributor --scope /subscriptions/<subscription>; then ${retryByPost}`;

/** Another suffix is another spec, so the environment of the old one is deleted first. */
export const chooseAnotherSuffix = 'DELETE the environment, then POST it with another "suffix"';

export const requestQuota = `az vm list-usage --location <location> --output table lists the usage; delete what is unused or request more quota (Azure portal, Quotas), then ${retryByPost}`;

export const chooseAnotherSize = 'DELETE the environment, then POST it with another "instanceType" or "location"';

export const checkIdentityRoles = `az role assignment list --assignee <identity> --all --output table lists the roles of the endpoint’s identity; then ${retryByPost}`;

export const readContainerLog =
  'az ml online-deployment get-logs --endpoint-name <endpoint> --name blue --workspace-name <workspace> --resource-group <group>; correct the scoring script, or choose a larger "instanceType"';
