import type { Table } from '../operation.ts';
import { authorization } from './authorization.ts';
import { compute } from './compute.ts';
import { computeCatalogue } from './computeCatalogue.ts';
import { deployments } from './deployments.ts';
import { emptyCollections } from './emptyCollections.ts';
import { machineLearning } from './machineLearning.ts';
import { managedNetwork } from './managedNetwork.ts';
import { monitor } from './monitor.ts';
import { network } from './network.ts';
import { onlineEndpoints } from './onlineEndpoints.ts';
import { privateDns } from './privateDns.ts';
import { privateLink } from './privateLink.ts';
import { registry } from './registry.ts';
import { resources } from './resources.ts';
import { storage } from './storage.ts';
import { storageServices } from './storageServices.ts';
import { vault } from './vault.ts';

/** All tables, in the order of the page. */
export const tables: readonly Table[] = [
  resources,
  deployments,
  authorization,
  network,
  privateDns,
  privateLink,
  storage,
  storageServices,
  vault,
  registry,
  monitor,
  machineLearning,
  managedNetwork,
  onlineEndpoints,
  compute,
  computeCatalogue,
  emptyCollections,
];
