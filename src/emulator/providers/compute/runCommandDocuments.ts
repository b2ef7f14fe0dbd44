import { ArmError } from '../../arm/model.ts';
import type { JsonObject, SubscriptionRoute } from '../../arm/model.ts';

/** The one command that `POST virtualMachines/{name}/runCommand` takes here. Azure has about twenty more. */
const document: JsonObject = {
  $schema: 'http://schema.management.azure.com/schemas/2016-11-17/runcommands.json',
  id: 'RunShellScript',
  osType: 'Linux',
  label: 'Executes a Linux shell script',
  description:
    'Custom multiline shell script should be defined in script property. Optional parameters can be set in parameters property.',
};

const base = '/providers/Microsoft.Compute/locations/{location}/runCommands';

/** The documents of action run commands of a region. */
export const runCommandDocumentRoutes: SubscriptionRoute[] = [
  { method: 'GET', path: base, handle: () => ({ status: 200, body: { value: [document] } }) },
  {
    method: 'GET',
    path: `${base}/{commandId}`,
    handle: (_cloud, { params }) => {
      if (params['commandId']?.toLowerCase() !== 'runshellscript')
        throw new ArmError(404, 'NotFound', `The entity was not found: run command '${params['commandId']}'.`);
      return { status: 200, body: { ...document, script: ['echo $1 $2'], parameters: [] } };
    },
  },
];
