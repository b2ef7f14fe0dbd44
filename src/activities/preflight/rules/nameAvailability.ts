import type { Azure } from '../../../azure/connectAzure.ts';
import { chooseAnotherSuffix, retryByPost } from '../../../domain/remedies.ts';
import { blocking } from '../../../domain/preflightReport.ts';
import type { Finding } from '../../../domain/preflightReport.ts';
import { plannedResource, resourceName } from '../../../domain/resources.ts';
import type { ResourceKey } from '../../../domain/resourceKeys.ts';
import { retryLater } from '../../errors/activityFailures.ts';
import { existsAlready } from '../facts.ts';
import type { EnvironmentFacts } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation } from '../rule.ts';

/** PF-41: names that must be unique in all of Azure are available, or belong to the environment's own resources. */
export const globalNames = defineRule({
  id: 'PF-41',
  title: 'The names of storage account, vault and registry are available in all of Azure',
  reads: ['takenNames'],
  severities: ['blocks'],
  source: 'REST reference: checkNameAvailability of storage, vaults and registries; Azure/azure-cli issue 253',
  check({ takenNames, environment: { groupExists } }) {
    const remedy = groupExists
      ? chooseAnotherSuffix
      : `if this environment has just been deleted, Azure still holds the name: wait some minutes, then ${retryByPost}; otherwise ${chooseAnotherSuffix}`;
    return takenNames.map(({ title, name, reason }) =>
      observation('blocks', `${title} ${name}: ${reason ?? 'the name is taken'}`, remedy),
    );
  },
});

/** For how long after a deletion its names may still be taken (Azure/azure-cli#253 gives no figure; Moat's own limit). */
const heldSeconds = 600;
const secondsBetweenChecks = 15;

/**
 * Names of a storage account or registry are not free at once after their deletion (Azure/azure-cli#253). The findings about names that a
 * run waits for: where taken names alone block and this installation deleted them (`freedAt`, ISO time) less than ten minutes of Azure's
 * time ago. Empty otherwise.
 */
export function heldNames(azure: Azure, findings: readonly Finding[], freedAt: string | undefined): Finding[] {
  const reasons = blocking(findings);
  if (freedAt === undefined || reasons.some(({ rule }) => rule !== globalNames.id)) return [];
  return Date.now() - Date.parse(freedAt) > azure.delayMs(heldSeconds) ? [] : reasons;
}

/** The failure `NotYetConsistent` of a run that waits for names. */
export function waitForNames(azure: Azure, held: readonly Finding[]): Error {
  const names = held.map(({ message }) => message.slice(0, message.indexOf(':'))).join(', ');
  return retryLater(
    `${names}: held by what you just deleted, or taken by somebody else; checking again`,
    azure.delayMs(secondsBetweenChecks),
  );
}

/** The findings of a plan: what a run waits for does not block it. */
export const namesWillBeFree = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => {
    if (finding.rule !== globalNames.id) return finding;
    const remedy = `none: a run waits until ten minutes after the deletion; if the name is still taken then, ${chooseAnotherSuffix}`;
    return { ...finding, severity: 'warns', remedy };
  });

/** PF-42: no soft-deleted vault reserves the name. */
export const noDeletedVault = defineRule({
  id: 'PF-42',
  title: 'No soft-deleted vault reserves the name',
  reads: ['vaultIsDeleted'],
  severities: ['blocks'],
  source: 'Azure docs: key vault soft delete; REST reference: vaults, get deleted',
  check({ vaultIsDeleted, environment: { ref } }) {
    if (!vaultIsDeleted) return [];
    const vault = resourceName(ref, 'vault');
    const remedy = `az keyvault purge --name ${vault} --location ${ref.location}`;
    return [observation('blocks', `key vault ${vault} is soft-deleted and reserves its name`, remedy)];
  },
});

/** A name whose availability no API of Azure reports; the first PUT shows it. */
const assumed = (environment: EnvironmentFacts, key: ResourceKey, message: string, remedy: string): Observation[] =>
  existsAlready(environment, plannedResource(environment.ref, key).id) ? [] : [observation('assumed', message, remedy)];

export const noDeletedWorkspace = defineRule({
  id: 'PF-42',
  title: 'No soft-deleted workspace reserves the name: assumed, because no API lists them',
  reads: [],
  severities: ['assumed'],
  source: 'Azure docs: workspace soft delete',
  check: ({ environment }) =>
    assumed(
      environment,
      'workspace',
      `assumed: no soft-deleted workspace is named ${resourceName(environment.ref, 'workspace')}; Azure has no API to check`,
      'if there is one, purge it in the Azure portal (Recently deleted) or POST with another "suffix"',
    ),
});

export const freeEndpointName = defineRule({
  id: 'PF-43',
  title: 'The name of the endpoint is free in the region: assumed, because no API reports it',
  reads: [],
  severities: ['assumed'],
  source: 'Azure/azureml-examples pull request 1930 (the name is unique within a region)',
  check: ({ environment }) =>
    assumed(
      environment,
      'onlineEndpoint',
      `assumed: online endpoint name ${resourceName(environment.ref, 'onlineEndpoint')} is available in ${environment.ref.location}; Azure has no API to check`,
      'if it is taken, DELETE the environment, then POST it with another "suffix"',
    ),
});
