import { postWith, readContainerLog, retryByPost } from '../../../domain/remedies.ts';
import { row, textRow } from './row.ts';
import type { FailureRow } from './row.ts';

/** Generic codes of the machine learning service: only the message distinguishes its errors. */
export const machineLearning =
  'BadRequest BadArgument InferencingClientCallFailed InferencingClientCreateDeploymentFailed ValidationError UserError OperationFailed';

/** The endpoint and its deployment. */
export const endpointRows: readonly FailureRow[] = [
  // without a code Azure/mlops-v2#120, with BadArgument Azure/azureml-examples#3983
  textRow(
    /user container has crashed|container .*(liveness|readiness) probe failed/i,
    'DeploymentUnhealthy',
    'giveUp',
    readContainerLog,
  ),
  row('ResourceNotReady', 'DeploymentUnhealthy', 'giveUp', readContainerLog, { where: 'operation' }),
  // Azure/azureml-examples#903, Azure/MachineLearningNotebooks#808
  textRow(
    /taking longer than our normal time|DeploymentTimedOut/i,
    'Stuck',
    'giveUp',
    `az ml online-deployment delete --name blue --endpoint-name <endpoint> --workspace-name <workspace> --resource-group <workspaceGroup> --yes; then ${retryByPost}`,
  ),
  // a deployment needs code: Azure/azure-cli-extensions#5583
  textRow(
    /could not find driver program|MissingDriverProgram/i,
    'InvalidRequest',
    'giveUp',
    'the deployment needs a code configuration (codeConfiguration.codeId and scoringScript): DELETE the environment, then POST it with a "model" whose directory has score.py',
  ),
  row(
    machineLearning,
    'InvalidRequest',
    'giveUp',
    `az resource update --ids $(az ml workspace show --name <workspace> --resource-group <workspaceGroup> --query id --output tsv) --set properties.v1LegacyMode=false, wait up to an hour, then ${retryByPost}`,
    { text: /v1.?legacy/i },
  ), // PF-05
  row(machineLearning, 'InvalidRequest', 'giveUp', 'DELETE the environment, then POST it with "model": "custom"', {
    text: /mlflow.*(unsupported|not supported)/i,
  }), // PF-11
  row(
    'ImageBuildFailure',
    'ImageBuildFailed',
    'giveUp',
    `az ml workspace sync-keys --name <workspace> --resource-group <workspaceGroup>; then ${retryByPost}`,
    { where: 'operation', text: /authorization failure/i },
  ),
  row(
    'ImageBuildFailure',
    'ImageBuildFailed',
    'giveUp',
    postWith(
      '"model": a workspace without public access builds no image from a conda file, so the image must be complete',
    ),
    { where: 'operation' },
  ), // PF-30
  row(
    'BadArgument',
    'InvalidRequest',
    'giveUp',
    `az acr repository show-tags --name <registry> --repository <image>, from the jumpbox: the image must be in the workspace’s own registry, the model in its default storage; then ${retryByPost}`, // PF-10, PF-12
    { text: /unable to download/i },
  ),
  row(
    'ResourceNotFound',
    'InvalidRequest',
    'giveUp',
    `az ml model list --workspace-name <workspace> --resource-group <workspaceGroup> --output table lists the models that the deployment may name; az resource list --resource-group <group> what else the workspace needs; then ${retryByPost}`,
    { where: 'operation', on: /machineLearningServices/i },
  ),
];
