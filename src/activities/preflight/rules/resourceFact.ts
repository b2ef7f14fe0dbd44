/** A resource in ARM's shape: as Moat will send it, or as it exists. */
export interface ResourceFact {
  /** ARM id */
  id: string;
  /** ARM type, e.g. `Microsoft.Network/virtualNetworks` */
  type: string;
  /** for messages, e.g. `virtual network vnet-k3x9a0q7` */
  label: string;
  /** that it will be sent with; empty for one that exists */
  apiVersion: string;
  body: Record<string, unknown>;
}

/** The value below a path of members; undefined where one is missing. */
export const valueAt = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, member) => (value as Record<string, unknown> | undefined)?.[member], body);

/** The resources of a type, ARM's spelling without case. */
export const ofType = (resources: readonly ResourceFact[], type: string): ResourceFact[] =>
  resources.filter((one) => one.type.toLowerCase() === type.toLowerCase());
