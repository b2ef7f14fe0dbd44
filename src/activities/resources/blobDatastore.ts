import { Context } from '@temporalio/activity';
import type { Azure } from '../../azure/connectAzure.ts';
import type { AzureBlobDatastore } from '../../azure/clients.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import { retryLater } from '../errors/activityFailures.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';

/** Azure creates this one with the workspace. */
const defaultName = 'workspaceblobstore';
/** Moat's own, on a container of the same account: a deployment without egress reaches only the workspace's default storage (PF-12). */
const own = { name: 'moatblobstore', container: 'moat' };
/** Attempts, five seconds apart, before the default datastore counts as missing: two minutes. */
const attemptsForDefault = 24;

/** A datastore for code and model, with its container. */
export interface BlobDatastore {
  name: string;
  account: string;
  container: string;
}

async function readDatastore(azure: Azure, ref: EnvironmentRef, name: string): Promise<BlobDatastore | undefined> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'workspace').id);
  const found = await ignoreNotFound(azure, clients.machineLearning.datastores.get(group, names[0]!, name));
  const { accountName, containerName } = (found?.properties ?? {}) as Partial<AzureBlobDatastore>;
  return accountName && containerName ? { name, account: accountName, container: containerName } : undefined;
}

/** Through ARM, which the closed account answers. */
async function createOwn(azure: Azure, ref: EnvironmentRef): Promise<BlobDatastore> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'workspace').id);
  const account = resourceName(ref, 'storageAccount');
  const { group: storageGroup } = resourceHandle(azure, plannedResource(ref, 'storageAccount').id);
  await clients.storage.blobContainers.create(storageGroup, account, own.container, {});
  const properties: AzureBlobDatastore = {
    datastoreType: 'AzureBlob',
    accountName: account,
    containerName: own.container,
    credentials: { credentialsType: 'None' },
    serviceDataAccessAuthIdentity: 'WorkspaceSystemAssignedIdentity',
  };
  await clients.machineLearning.datastores.createOrUpdate(
    group,
    names[0]!,
    own.name,
    { properties },
    { skipValidation: true },
  );
  return { ...own, account };
}

/**
 * The datastore for code and model: the workspace's default one. Where storage was closed when the workspace was created, Azure may never
 * create it (MicrosoftDocs/azure-docs#111772): after two minutes Moat creates its own, which is used from then on. Throws `NotYetConsistent`
 * until then.
 */
export async function blobDatastore(azure: Azure, ref: EnvironmentRef): Promise<BlobDatastore> {
  const found = (await readDatastore(azure, ref, own.name)) ?? (await readDatastore(azure, ref, defaultName));
  if (found) return found;
  if (Context.current().info.attempt > attemptsForDefault) return createOwn(azure, ref);
  throw retryLater(`datastore ${defaultName} does not exist yet, or has no container`, azure.delayMs(5));
}
