import { chooseAnotherSuffix, retryByPost } from '../../../domain/remedies.ts';
import { machineLearning } from './endpoint.ts';
import { row } from './row.ts';
import type { FailureRow } from './row.ts';

/** Names that are taken, reserved, or held by a deleted resource. */
export const nameRows: readonly FailureRow[] = [
  // Azure/azure-dev#7745
  row(
    'ReservedResourceName',
    'InvalidRequest',
    'giveUp',
    'DELETE the environment, then POST it with another "name" or "suffix": together they must not spell the reserved word in the message',
  ),
  row(
    'ConflictError',
    'SoftDeleted',
    'giveUp',
    `az keyvault purge --name <vault> --location <location>; then ${retryByPost}`,
    { text: /deleted state/i },
  ), // DEL-4
  row(
    machineLearning,
    'SoftDeleted',
    'giveUp',
    'DELETE the environment, which purges the workspace, then POST it again; where that finds none, POST it with another "suffix"',
    { text: /soft-deleted workspace/i },
  ), // DEL-1
  // The text of VaultAlreadyExists always mentions deleted vaults: a preflight check proves whether one of them has the name (Azure/azure-cli#14396).
  row(
    'StorageAccountAlreadyTaken StorageAccountInAnotherResourceGroup VaultAlreadyExists AlreadyInUse NameNotAvailable AlreadyExists',
    'NameTaken',
    'giveUp',
    chooseAnotherSuffix,
  ),
  row(machineLearning, 'NameTaken', 'giveUp', chooseAnotherSuffix, { text: /already an endpoint with this name/i }), // PF-43
  row(
    'RoleDefinitionWithSameNameExists',
    'NameTaken',
    'giveUp',
    `az role definition list --custom-role-only --output table lists the custom roles of the tenant: az role definition delete removes the one of the same name, then ${retryByPost}; or ${chooseAnotherSuffix}`,
  ),
];
