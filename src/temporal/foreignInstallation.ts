// Apart from what needs a Temporal client, so that processes without Temporal can recognise the error without loading it.

/** The namespace belongs to an installation with another seal key: two installations in one namespace would execute each other's tasks. */
export class ForeignInstallation extends Error {
  constructor(address: string, namespace: string, owner: string, own: string) {
    super(
      `Namespace ${namespace} of Temporal at ${address} belongs to installation ${owner}; this is installation ${own}. ` +
        'Set TEMPORAL_NAMESPACE to another namespace, or MOAT_SEAL_KEY to the key of that installation.',
    );
    this.name = 'ForeignInstallation';
  }
}
