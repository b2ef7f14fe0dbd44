import { classify } from '../../src/activities/errors/classify.ts';
import { OperationFailed, parseArmError } from '../../src/azure/parseArmError.ts';
import { environmentValues, fillIn } from '../../src/domain/remedies.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { plannedResource } from '../../src/domain/resources.ts';

export const ref = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  name: 'churn1',
  location: 'westus2',
  suffix: 'k3x9a0q7',
};

/** An answer of ARM as a report has it: the `error` of a refused request, or of an operation that ended Failed (no status). */
export interface Report {
  status?: number;
  error: object;
  on?: ResourceKey;
}

/** The classification of a report, with the remedy that the user sees. */
export function classified({ status, error, on }: Report) {
  const body = { error };
  const thrown =
    status === undefined
      ? new OperationFailed({ method: 'GET', url: '', status: 200, headers: {}, body: { status: 'Failed', ...body } })
      : { statusCode: status, message: `HTTP ${status}`, details: body };
  const { remedy, ...rest } = classify(parseArmError(thrown), on ? plannedResource(ref, on).id : null);
  return { ...rest, remedy: fillIn(remedy, environmentValues(ref)) };
}

export const crash =
  'User container has crashed or terminated: Liveness probe failed: HTTP probe failed with statuscode: 502. Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-resourcenotready';
const quota =
  '{"errors":{"VmSize":["Not enough quota available for Standard_DS3_v2 in SubscriptionId fe0c79f9-9d6e-43fc-8d3f-d9e79d40ea49. Current usage/limit: 0/6. Additional needed: 8 Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-outofquota"]},"type":"https://tools.ietf.org/html/rfc7231#section-6.5.1","title":"One or more validation errors occurred.","status":400,"traceId":"00-a95a"}';
export const assignment =
  '/providers/Microsoft.Management/managementGroups/corp/providers/Microsoft.Authorization/policyAssignments/Deny-Public-Endpoints';
const policies = `[{"policyAssignment":{"name":"Deny-Public-Endpoints","id":"${assignment}"},"policyDefinition":{"name":"Storage accounts should restrict network access","id":"/providers/Microsoft.Authorization/policyDefinitions/34c877ad"},"policySetDefinition":{"name":"Public network access","id":"/providers/Microsoft.Authorization/policySetDefinitions/Deny-PublicPaaSEndpoints"}}]`;
const deniedBy = (identifiers: string) =>
  `Resource 'stk3x9a0q7' was disallowed by policy. Policy identifiers: '${identifiers}'.`;

/** By case, the answers that users report. */
export const reports = {
  D01: {
    status: 400,
    on: 'deployment',
    error: {
      code: 'BadRequest',
      message: 'The request is invalid.',
      details: [
        {
          code: 'InferencingClientCreateDeploymentFailed',
          message: `InferencingClient HttpRequest error, error detail: ${quota}`,
        },
      ],
    },
  },
  D02: { on: 'deployment', error: { code: null, message: `ResourceNotReady: ${crash}` } },
  D02absent: { on: 'deployment', error: { message: `ResourceNotReady: ${crash}` } },
  D03: { on: 'deployment', error: { code: 'BadArgument', message: crash } },
  D05: {
    status: 400,
    on: 'deployment',
    error: {
      code: 'BadRequest',
      message:
        'Cannot create a deployment in endpoint e10a7d7c808ae42c0bad9-ept because it is in Updating provisioning state.',
    },
  },
  D07: {
    status: 404,
    on: 'deployment',
    error: {
      code: 'UserError',
      message: 'Deployment chat-deployment-xxxxx not found in endpoint mloe-xxxxx, workspace ai-project-xxxxx',
    },
  },
  D09: {
    on: 'deployment',
    error: {
      code: null,
      message:
        'The Managed Inference service creation is taking longer than our normal time. We are still trying to achieve the desired state',
    },
  },
  D09timeout: { on: 'deployment', error: { code: 'DeploymentTimedOut', message: 'timed out', statusCode: 504 } },
  D12: { on: 'workspace', error: { code: 'InternalServerError', message: 'InternalServerError' } },
  D13: {
    status: 400,
    on: 'deployment',
    error: {
      code: 'BadRequest',
      message: 'The request is invalid.',
      details: [{ code: 'MissingDriverProgram', message: 'Could not find driver program in the request.' }],
    },
  },
  A01: {
    status: 403,
    on: 'storageAccount',
    error: {
      code: 'RequestDisallowedByPolicy',
      message:
        "Resource 'fullloctest02storageafh' was disallowed by policy. Reasons: 'This request was denied due to internal policy. Local authentication methods are not allowed. For more information, refer to https://aka.ms/safesecretsstandard.'",
      additionalInfo: [
        {
          type: 'PolicyViolation',
          info: {
            policyAssignmentId: assignment,
            evaluationDetails: {
              evaluatedExpressions: [
                { path: 'type', expression: 'type' },
                { path: 'properties.allowSharedKeyAccess', expression: 'Microsoft.Storage/…/allowSharedKeyAccess' },
              ],
            },
          },
        },
      ],
    },
  },
  A01late: {
    status: 403,
    on: 'workspace',
    error: {
      code: 'KeyBasedAuthenticationNotPermitted',
      message: 'Key based authentication is not permitted on this storage account.',
    },
  },
  A02: { status: 403, on: 'storageAccount', error: { code: 'RequestDisallowedByPolicy', message: deniedBy(policies) } },
  A02escaped: {
    status: 403,
    on: 'storageAccount',
    error: { code: 'RequestDisallowedByPolicy', message: deniedBy(policies.replaceAll('"', '\\"')) },
  },
  A03: {
    status: 403,
    on: 'zone:privatelink.azurecr.io',
    error: { code: 'RequestDisallowedByPolicy', message: deniedBy(policies) },
  },
  A06: {
    on: 'privateEndpoint:blob',
    error: {
      code: 'StorageAccountOperationInProgress',
      message:
        'Call to Microsoft.Storage/storageAccounts failed. Error message: An operation is currently performing on this storage account that requires exclusive access.',
    },
  },
  A07: {
    status: 409,
    on: 'virtualMachine',
    error: {
      code: 'SkuNotAvailable',
      message:
        "The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: Standard_B2s' is currently not available in location 'eastus'. Please try another size or deploy to a different location or different zone.",
    },
  },
  A07old: {
    status: 409,
    on: 'virtualMachine',
    error: {
      code: 'SkuNotAvailable',
      message:
        "The requested size for resource '/subscriptions/s/…/vm' is currently not available in location 'eastus' zones '' for subscription 's'. Please try another size or deploy to a different location or zones.",
    },
  },
  A08: {
    status: 400,
    on: 'virtualMachine',
    error: {
      code: 'NicReservedForAnotherVm',
      message:
        'Nic(s) in request is reserved for another Virtual Machine for 180 seconds. Please provide another nic(s) or retry after 180 seconds. Reserved VM: vm-x.',
    },
  },
  A10: {
    status: 409,
    on: 'vault',
    error: {
      code: 'VaultAlreadyExists',
      message:
        "The vault name 'kvk3x9a0q7' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.",
    },
  },
  A15: {
    status: 403,
    on: 'vault',
    error: {
      code: 'Forbidden',
      message:
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid=a;oid=11111111-2222-4333-8444-555555555555;iss=https://sts.windows.net/t/\r\nAction: 'Microsoft.KeyVault/vaults/secrets/setSecret/action'\r\nAssignment: (not found)",
    },
  },
  I01: {
    status: 400,
    on: 'onlineEndpoint',
    error: {
      code: 'ReservedResourceName',
      message: "The resource name 'windowsalgo' or a part of the name is a trademarked or reserved word.",
    },
  },
  T01: {
    error: {
      code: 'ResourceGroupDeletionBlocked',
      message:
        "Deletion of resource group 'rg-moat-churn1' failed as resources with identifiers 'Microsoft.HealthBot/healthBots/Y' could not be deleted. The provisioning state of the resource group will be rolled back. The tracking Id is '9'. Please check audit logs for more details.",
      details: [
        {
          code: null,
          target: '/subscriptions/s/resourceGroups/rg-moat-churn1/providers/Microsoft.HealthBot/healthBots/Y',
          message:
            '{"error":{"code":"400","message":"Resource not in terminal state. Wait until resource is in terminal provisioningState and try again"}}',
        },
      ],
    },
  },
} as const satisfies Record<string, Report>;
