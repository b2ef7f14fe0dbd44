import { list, object } from '../shapes.ts';

export const runCommand = object('location! tags:{} - id systemData type', {
  properties: object(
    `
    asyncExecution:bool errorBlobUri outputBlobUri runAsPassword runAsUser timeoutInSeconds:int
    treatFailureAsDeploymentFailure:bool - instanceView provisioningState`,
    {
      errorBlobManagedIdentity: object('clientId objectId'),
      outputBlobManagedIdentity: object('clientId objectId'),
      parameters: list(object('name! value!')),
      protectedParameters: list(object('name! value!')),
      source: object('commandId galleryScriptReferenceId script scriptShell:Default|Powershell7 scriptUri', {
        scriptUriManagedIdentity: object('clientId objectId'),
      }),
    },
  ),
});
