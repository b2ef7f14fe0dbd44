import type { Cloud } from '../arm/model.ts';
import { sampleRepositories } from './sampleRepositories.ts';

/** A git repository that the emulated network serves. */
export interface Repository {
  url: string;
  /** text of each file by path, of each commit by its id */
  commits: Record<string, Record<string, string>>;
  /** commits of branches (`refs/heads/main`) and tags (`refs/tags/v1`) */
  refs: Record<string, string>;
  /** it answers like an absent one, for there are no credentials */
  private?: boolean;
  /** the server offers the tips of its branches and tags only, and no partial clone */
  noArbitraryCommit?: boolean;
}

const normal = (url: string): string => url.replace(/\/$/, '').replace(/\.git$/, '');

/** The repository at a URL: one that a test added, or one of the built-in ones. */
export function findRepository(cloud: Cloud, url: string): Repository | undefined {
  const added = cloud.objects.get(`git:${normal(url)}`) as unknown as Repository | undefined;
  return added ?? sampleRepositories.find((repository) => repository.url === normal(url));
}

/** Adds a repository, or replaces the one of this URL. */
export function addRepository(cloud: Cloud, repository: Repository): void {
  cloud.objects.put(`git:${normal(repository.url)}`, JSON.parse(JSON.stringify(repository)));
}

/** The repository that a name of a host belongs to exists: the name resolves. */
export const hasRepositories = (cloud: Cloud, host: string): boolean =>
  cloud.objects.keys(`git:https://${host}/`).length > 0;
