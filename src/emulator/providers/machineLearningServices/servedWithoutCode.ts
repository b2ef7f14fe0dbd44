import type { Cloud, ErrorBody, Resource } from '../../arm/model.ts';
import { readAsset } from './assetReferences.ts';
import { networkReaches } from './managedNetwork/networkReach.ts';
import { isolationModeOf } from './managedNetwork/networkState.ts';

/** A deployment of an MLflow model without code and environment: the image of Azure serves it. */
export function isServedWithoutCode(cloud: Cloud, workspace: Resource, { properties }: Resource): boolean {
  const { environmentId, codeConfiguration, model } = properties;
  const hasNeither = (environmentId ?? null) === null && (codeConfiguration ?? null) === null;
  return hasNeither && readAsset(cloud, workspace, 'models', model)?.properties['modelType'] === 'mlflow_model';
}

/** Why Azure's image for MLflow models is not pulled. A deployment with egress disabled is refused before it gets here (PF-11). */
export function microsoftImageFailure(cloud: Cloud, workspace: Resource): ErrorBody | undefined {
  const host = 'mcr.microsoft.com';
  if (isolationModeOf(workspace) === 'Disabled' || networkReaches(cloud, workspace, host)) return undefined;
  return {
    code: 'BadArgument',
    message: `Unable to download user container image: the managed network does not let it out to ${host}.`,
  };
}
