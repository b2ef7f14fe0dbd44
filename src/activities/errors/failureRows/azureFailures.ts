import { inspectResource, postWith, retryByPost } from '../../../domain/remedies.ts';
import { row } from './row.ts';
import type { FailureRow } from './row.ts';

const askSupport = 'or open a support request (Azure portal, Help + support) with correlation ID <correlationId>';

/** Failures inside Azure, and operations that ended without a known reason. */
export const azureRows: readonly FailureRow[] = [
  // a higher-priority operation replaced it
  row(
    'OperationCanceled',
    'Transient',
    'retry',
    `az resource show --ids <id> --query properties.provisioningState --output tsv shows the resource, whose operation was cancelled; then ${retryByPost}`,
  ),
  // the api-version or a property of the body is accepted, and fails later: hashicorp/terraform-provider-azurerm#22150
  row(
    'InternalServerError InternalError',
    'Transient',
    'retry',
    `the api-version of <id>, or one of the properties in its PUT, does not work in <location>: ${postWith('"location"')}; ${askSupport}`,
    { where: 'operation', on: /machineLearningServices\/workspaces$/i },
  ),
  row(
    'InternalServerError InternalError ServerTimeout GatewayTimeout ServiceUnavailable PARSE_ERROR',
    'Transient',
    'retry',
    `az resource show --ids <id> shows the resource that Azure could not change; ${retryByPost}, ${askSupport}`,
  ),
  // A resource in a group could not be deleted, and none of the errors inside is known.
  row('ResourceGroupDeletionBlocked', 'Blocked', 'retry', 'az resource delete --ids <id>'),
  // The operation ended Failed without a reason; the retry shows it.
  row('OperationFailed', 'Unknown', 'retry', inspectResource),
];
