import { isolatedServices, serviceResources, serviceTitles } from './isolatedServices.ts';
import type { IsolatedService } from './isolatedServices.ts';
import { isBrought } from './broughtResources.ts';
import type { EnvironmentRef } from './naming.ts';
import type { Observation } from './proof.ts';
import { plannedResource } from './resources.ts';

/** The result of probing one name from the jumpbox. */
export interface InsideProbe {
  /** a service, or a target of `outwardTargets` */
  name: string;
  /** IPv4 addresses that the name has there; none where it does not resolve */
  addresses: string[];
  /** HTTP status; null when nothing answered */
  status: number | null;
  /** the service's reason where it refuses the network that the request came from; null otherwise */
  refusal: string | null;
  /** of curl, like `curl: (28) Connection timed out` */
  error: string | null;
}

const privateRanges = [/^10\./, /^192\.168\./, /^172\.(1[6-9]|2\d|3[01])\./, /^f[cd][0-9a-f]{2}:/i];

/** Whether an address is of a private range (RFC 1918, RFC 4193). */
export const isPrivateAddress = (address: string): boolean => privateRanges.some((range) => range.test(address));

/** Sites of the Internet, and a public host of each service tag that one exists for: the others hold only hosts of customers. */
export const outwardTargets = {
  internet: ['https://www.example.com/', 'https://github.com/'],
  tags: {
    AzureActiveDirectory: 'https://login.microsoftonline.com/',
    AzureResourceManager: 'https://management.azure.com/',
    'AzureFrontDoor.FirstParty': 'https://packages.microsoft.com/',
    MicrosoftContainerRegistry: 'https://mcr.microsoft.com/v2/',
  },
} as const;

/** What the jumpbox is to probe: name, method and URL of each. */
export const insideTargets = (
  urls: Record<IsolatedService, string>,
): { name: string; method: string; url: string }[] => [
  ...isolatedServices.map((name) => ({ name, method: name === 'scoring' ? 'POST' : 'GET', url: urls[name] })),
  ...outwardTargets.internet.map((url) => ({ name: url, method: 'GET', url })),
  ...Object.entries(outwardTargets.tags).map(([name, url]) => ({ name, method: 'GET', url })),
];

const seen = ({ addresses, status, refusal, error }: InsideProbe): string =>
  `${addresses.join(', ') || 'no address'}; ${status === null ? (error ?? 'no answer') : `HTTP ${status}`}${refusal ? ` (${refusal})` : ''}`;

const missing = (name: string): InsideProbe => ({
  name,
  addresses: [],
  status: null,
  refusal: null,
  error: 'the jumpbox did not report it',
});

/** Evaluates a probe from inside: the name must resolve to private addresses only, and a service must answer there. */
export function evaluateInside(ref: EnvironmentRef, service: IsolatedService, probe: InsideProbe): Observation {
  const { addresses, status, refusal } = probe;
  const isPrivate = addresses.length > 0 && addresses.every(isPrivateAddress);
  const answers = status !== null && status < 500 && refusal === null;
  const row = {
    check: `${serviceTitles[service]} from inside`,
    expected: 'only private addresses, and an answer there',
    observed: seen(probe),
  };
  if (isPrivate && answers) return { ...row, verdict: 'passed' };
  // its own fault, and no evidence of a path around the private endpoint
  if (isPrivate && status !== null && status >= 500) return { ...row, verdict: 'inconclusive' };
  const { id } = plannedResource(ref, serviceResources[service]);
  const remedy = `az network private-endpoint-connection list --id ${id} --output table lists the private endpoint connections, which must be Approved; the rows about DNS name the record or link to correct`;
  return { ...row, verdict: 'failed', remedy };
}

/** An exit code of curl; null where it is not known. 28: timeout, 7: refused (man curl). */
const exitCode = ({ error }: InsideProbe): number | null => {
  const code = /curl: \((\d+)\)/.exec(error ?? '')?.[1];
  return code === undefined ? null : Number(code);
};
const isBlocked = (probe: InsideProbe): boolean =>
  probe.status === null && probe.addresses.length > 0 && [7, 28].includes(exitCode(probe) ?? 0);
/** A failed TLS handshake, too, is an answer of the other side: 35, 51, 60. */
const isReached = (probe: InsideProbe): boolean => probe.status !== null || [35, 51, 60].includes(exitCode(probe) ?? 0);

/** The Internet must be closed. Silence counts only if something outside answered the jumpbox at the same time. */
function evaluateInternet(ref: EnvironmentRef, sites: InsideProbe[], othersAnswer: boolean): Observation {
  const row = {
    check: 'Internet from the jumpbox',
    expected: 'no connection, while allowed service tags answer',
    observed: sites.map((site) => `${site.name}: ${seen(site)}`).join('; '),
  };
  if (sites.some(isReached)) {
    const { id } = plannedResource(ref, 'networkSecurityGroup');
    const remedy = `az network nsg rule list --ids ${id} --output table lists the rules; delete what allows outbound traffic before DenyInternet`;
    return { ...row, verdict: 'failed', remedy };
  }
  return { ...row, verdict: othersAnswer && sites.every(isBlocked) ? 'passed' : 'inconclusive' };
}

/** A host of a service tag must answer. Silence breaks no isolation: the row about the rules fails where they are wrong. */
const evaluateTag = (tag: string, probe: InsideProbe): Observation => ({
  check: `service tag ${tag} from the jumpbox`,
  expected: `${outwardTargets.tags[tag as keyof typeof outwardTargets.tags]} answers`,
  observed: seen(probe),
  verdict: probe.status !== null && probe.status < 500 ? 'passed' : 'inconclusive',
});

/** The rows that the jumpbox's probes prove: from inside, and from inside towards the Internet. */
export function evaluateJumpbox(
  ref: EnvironmentRef,
  probes: readonly InsideProbe[],
): { inside: Observation[]; outward: Observation[] } {
  const of = (name: string): InsideProbe => probes.find((probe) => probe.name === name) ?? missing(name);
  const tags = Object.keys(outwardTargets.tags).map((tag) => evaluateTag(tag, of(tag)));
  const othersAnswer = tags.some(({ verdict }) => verdict === 'passed');
  return {
    inside: isolatedServices.map((service) => evaluateInside(ref, service, of(service))),
    // the rules of a brought network are its owner's
    outward: isBrought(ref, { key: 'virtualNetwork' })
      ? []
      : [evaluateInternet(ref, outwardTargets.internet.map(of), othersAnswer), ...tags],
  };
}
