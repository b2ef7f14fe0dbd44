import { ArmError } from './model.ts';
import type { JsonObject, Resource } from './model.ts';

/** ARM's limits of tags. Azure docs: use tags to organize your resources. */
const limits = { count: 50, name: 512, value: 256 };

/**
 * Types whose answers have `tags` even where none was ever given, as `{}`; of others, Azure omits the member. Recorded: azure-cli's tests
 * of storage, keyvault, acr, identity, app-insights, and ml.
 */
const alwaysTagged =
  /^Microsoft\.(Storage\/storageAccounts|KeyVault\/vaults|ContainerRegistry\/registries|ManagedIdentity\/userAssignedIdentities|Insights\/components|MachineLearningServices\/workspaces(\/onlineEndpoints(\/deployments)?)?)$/;

/** The `tags` of an answer; undefined where the type omits them. */
export const renderTags = ({ type, tags }: Resource): Record<string, string> | undefined =>
  tags ?? (alwaysTagged.test(type) ? {} : undefined);

/** The tags in a body, or undefined when it has none. Throws ARM's 400 for tags that it does not take. */
export function tagsOf(body: JsonObject): Record<string, string> | undefined {
  const tags = body['tags'];
  if (tags === undefined || tags === null) return undefined;
  if (typeof tags !== 'object' || Array.isArray(tags))
    throw new ArmError(400, 'InvalidTagsFormat', 'Tags must be an object of texts.');
  return checkTags(tags);
}

/** Throws ARM's 400 for too many tags, or for names and values that are too long or have reserved characters. */
export function checkTags(tags: JsonObject): Record<string, string> {
  const entries = Object.entries(tags);
  if (entries.length > limits.count)
    throw new ArmError(
      400,
      'TooManyTags',
      `A resource has at most ${limits.count} tags; ${entries.length} were given.`,
    );
  for (const [name, value] of entries) {
    if (/[<>%&\\?/]/.test(name))
      throw new ArmError(
        400,
        'InvalidTagNameCharacters',
        `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
      );
    if (name.length > limits.name || typeof value !== 'string' || value.length > limits.value)
      throw new ArmError(
        400,
        'InvalidTagValueLength',
        `The tag '${name}' is too long. A name has at most ${limits.name} characters, a value ${limits.value}.`,
      );
  }
  return tags as Record<string, string>;
}
