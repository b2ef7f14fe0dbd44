import type { Azure } from '../azure/connectAzure.ts';

/** Dependencies of the activities. */
export interface ActivityDeps {
  azure: Azure;
  /** the installation's key: a group without its seal is never changed */
  sealKey: string;
  /** whether a model's repository may have a private address */
  allowPrivateRepositories: boolean;
}
