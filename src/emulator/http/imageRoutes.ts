import type { Cloud } from '../arm/model.ts';
import { setBaseImage } from '../jumpbox/baseImages.ts';
import { addRepository } from '../jumpbox/gitRepositories.ts';
import type { Repository } from '../jumpbox/gitRepositories.ts';
import type { Call, Reply } from './call.ts';

const bad = (message: string): Reply => ({ status: 400, body: { error: { code: 'EmulatorControl', message } } });

/** A repository in short: `commit` and `files` stand for one commit that `refs/heads/main` names. */
type RepositoryBody = Partial<Repository> & { commit?: string; files?: Record<string, string> };

function putRepository(cloud: Cloud, body: RepositoryBody): Reply {
  const { url, commit, files, commits = {}, refs, ...flags } = body;
  if (url === undefined || !URL.canParse(url)) return bad('the body needs an absolute "url"');
  const one = commit !== undefined && files !== undefined ? { [commit]: files } : {};
  const all = { ...commits, ...one };
  const [first] = Object.keys(all);
  if (first === undefined && !flags.private) return bad('the body needs "commits", or "commit" and "files"');
  const branches = refs ?? (first === undefined ? {} : { 'refs/heads/main': commit ?? first });
  addRepository(cloud, { url, commits: all, refs: branches, ...flags });
  return { status: 204 };
}

/**
 * What the image step finds outside Azure: `PUT repositories` adds a git repository, `PUT baseImages` sets what a public registry has under
 * `name` (`"image": null` removes it). Undefined for another route.
 */
export function handleImageRoutes(cloud: Cloud, noun: string | undefined, call: Call): Reply | undefined {
  const { body } = call;
  if (`${call.method} ${noun}` === 'PUT repositories') return putRepository(cloud, body);
  if (`${call.method} ${noun}` !== 'PUT baseImages') return undefined;
  const { name, image } = body as { name?: string; image?: Parameters<typeof setBaseImage>[2] };
  if (typeof name !== 'string' || image === undefined) return bad('the body needs "name" and "image"');
  setBaseImage(cloud, name, image);
  return { status: 204 };
}
