import { isPrivateAddress } from './addresses.ts';
import type { ArmResources } from './armJson.ts';
import { armVerdicts } from './armVerdicts.ts';
import type { Verdict, Verdicts } from './armVerdicts.ts';
import { internetSites, serviceNames, services, tagHosts } from './names.ts';
import { reachesHost, reachFromJumpbox, reachFromOutside } from './reach.ts';
import type { World } from './reach.ts';

/** What the proof was asked, and the state of the network that it runs in. */
export interface Circumstances {
  /** the spec requests an open workspace */
  workspaceMayBeOpen: boolean;
  /** the worker's own network is closed, has no DNS, or a proxy answers there */
  workerIsCutOff: boolean;
}

function outsideVerdicts(resources: ArmResources, world: World, { workspaceMayBeOpen, workerIsCutOff }: Circumstances) {
  const verdicts: Verdicts = {};
  for (const service of serviceNames) {
    const mayBeOpen = workspaceMayBeOpen && service === 'workspace';
    const open = reachFromOutside(resources, world, service).allowed;
    const verdict: Verdict = workerIsCutOff ? 'inconclusive' : open && !mayBeOpen ? 'failed' : 'passed';
    verdicts[`${services[service]} from outside`] = verdict;
  }
  return verdicts;
}

function insideVerdicts(resources: ArmResources, world: World): Verdicts {
  const verdicts: Verdicts = {};
  for (const service of serviceNames) {
    const { addresses, allowed } = reachFromJumpbox(resources, world, service);
    const isPrivate = addresses.length > 0 && addresses.every(isPrivateAddress);
    verdicts[`${services[service]} from inside`] = isPrivate && allowed ? 'passed' : 'failed';
  }
  return verdicts;
}

function outwardVerdicts(resources: ArmResources, world: World): Verdicts {
  const tags = Object.entries(tagHosts).map(([tag, host]) => [tag, reachesHost(resources, world, host)] as const);
  const open = internetSites.some((host) => reachesHost(resources, world, host));
  const anyAnswers = tags.some(([, answers]) => answers);
  return {
    'Internet from the jumpbox': open ? 'failed' : anyAnswers ? 'passed' : 'inconclusive',
    ...Object.fromEntries(
      tags.map(
        ([tag, answers]) => [`service tag ${tag} from the jumpbox`, answers ? 'passed' : 'inconclusive'] as const,
      ),
    ),
  };
}

/**
 * The verdict of every row that a proof of these resources must have. It is computed from ARM's JSON alone, and shares no code with the proof or
 * the emulator, so that a wrong assumption must be made twice to stay unnoticed. `sound`: the environment before anything was changed.
 */
export const oracleVerdicts = (
  resources: ArmResources,
  sound: ArmResources,
  world: World,
  circumstances: Circumstances,
): Verdicts => ({
  ...outsideVerdicts(resources, world, circumstances),
  ...insideVerdicts(resources, world),
  ...outwardVerdicts(resources, world),
  ...armVerdicts(resources, sound, circumstances.workspaceMayBeOpen),
});
