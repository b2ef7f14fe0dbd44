import type { Azure } from '../azure/connectAzure.ts';

/** What every activity needs. */
export interface ActivityDeps {
  azure: Azure;
  /** the installation's key: a group without its seal is never touched */
  sealKey: string;
  /** whether a model's repository may have a private address */
  allowPrivateRepositories: boolean;
}
