import type { ArmError } from '../../azure/parseArmError.ts';

/** The values that a message has, by the name of their angle brackets in a remedy. Each pattern's last group is the value. */
const patterns: Record<string, readonly RegExp[]> = {
  // ARM: "with object id '…'"; Key Vault: "Caller: appid=…;oid=…"
  principal: [/object id '([^']+)'/i, /\boid=([0-9a-f-]{36})/i],
  action: [/perform action '([^']+)'/i, /\bAction: '([^']+)'/i],
  namespace: [/namespace '([^']+)'/i, /type '([A-Za-z]+\.[A-Za-z.]+)/i, /\b(Microsoft\.[A-Za-z]+)\//],
  tenant: [/sts\.windows\.net\/([0-9a-f-]{36})/i],
  image: [/(\S+\.azurecr\.io\/\S+)/i],
  // in quotes, which a client may have printed escaped; or bare
  assignment: [
    /\\*"id\\*"\s*:\s*\\*"([^"\\]*\/policyAssignments\/[^"\\]+)/i,
    /([^\s"'\\]*\/policyAssignments\/[^\s"'\\,;}\]]+)/i,
  ],
  // an alias, or the path of a member in additionalInfo
  field: [
    /\b(Microsoft\.(?!Authorization|Management)[A-Za-z]+\/[A-Za-z]+\/[A-Za-z./[\]*]*[A-Za-z\]*])/,
    /\b(properties\.[A-Za-z.[\]*]*[A-Za-z\]*])/,
    /\b(Microsoft\.(?!Authorization|Management)[A-Za-z]+\/[A-Za-z]+)\b/,
  ],
};

/** Where a message has no such value. */
const defaults: Record<string, string> = {
  field: 'a property',
  action: 'the action in the message',
  assignment: '<id of the assignment>',
};

const armId = /^\/subscriptions\/[^/]+/i;

/** The resource that an error is about: the innermost that it names as its target, else the one that was requested. */
export const resourceOf = ({ target, details }: ArmError, requested: string | null): string | null =>
  [target, ...details.map((one) => one.target)].findLast((id) => id !== undefined && armId.test(id)) ?? requested;

/** The values in an error's messages for its remedy. `requested` is the id of the resource that the request was for. */
export function remedyValues(error: ArmError, text: string, requested: string | null): Record<string, string> {
  const values: Record<string, string> = { ...defaults };
  for (const [name, candidates] of Object.entries(patterns)) {
    const found = candidates.map((pattern) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
    if (found !== undefined) values[name] = found;
  }
  const id = resourceOf(error, requested);
  if (id !== null) values['id'] = id;
  if (error.correlationId !== null) values['correlationId'] = error.correlationId;
  return values;
}
