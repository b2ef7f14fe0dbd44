/** What to type where a failure lasts. What is in angle brackets is in the failure's message, or in the environment's spec. */

export const retryByPost = 'POST the environment again: it goes on where it stopped';

export const inspectActivityLog = `az monitor activity-log list --correlation-id <correlationId> --output table tells what Azure logged; then ${retryByPost}`;

export const grantContributor = `az role assignment create --assignee <principal> --role Contributor --scope /subscriptions/<subscription>; then ${retryByPost}`;

/** Another suffix is another spec, so the environment of the old one has to go first. */
export const chooseAnotherSuffix = 'DELETE the environment, then POST it with another "suffix"';

export const requestQuota = `az vm list-usage --location <location> --output table tells what is used; delete what is unused or request more quota (Azure portal, Quotas), then ${retryByPost}`;

export const chooseAnotherSize = 'DELETE the environment, then POST it with another "instanceType" or "location"';

export const checkIdentityRoles = `az role assignment list --assignee <identity> --all --output table tells the roles of the endpoint’s identity; then ${retryByPost}`;

export const readContainerLog =
  'az ml online-deployment get-logs --endpoint-name <endpoint> --name blue --workspace-name <workspace> --resource-group <group>; mend the scoring script, or choose a larger "instanceType"';
