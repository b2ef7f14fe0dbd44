// Apart from what needs a Temporal client, so that processes without Temporal can recognise the error without loading it.

/** The data in Temporal was encrypted with a key that this process does not have. */
export class UnreadableData extends Error {
  constructor(address: string, reason: string) {
    super(
      `${reason} Temporal: ${address}. Restore the key and start again. ` +
        'SECURITY.md (encryption keys) describes what to do when it is lost.',
    );
    this.name = 'UnreadableData';
  }
}
