import type { Cloud } from '../arm/model.ts';
import { sampleRepositories } from './sampleRepositories.ts';
import type { Repository } from './sampleRepositories.ts';

export type { Repository } from './sampleRepositories.ts';

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
