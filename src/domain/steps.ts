/**
 * The nine steps of a provisioning run, for display, plans and documents. A step may start before the steps in `needs` have
 * ended (the virtual machine does not wait for the workspace) but never ends before them. `workflows/provision.ts` has the sequence.
 */
export const steps = [
  { id: 'preflight', title: 'Check before anything is created', needs: [] },
  { id: 'resourceGroup', title: 'Resource group with its tags', needs: ['preflight'] },
  { id: 'network', title: 'Virtual network, outbound path, private DNS', needs: ['resourceGroup'] },
  { id: 'workspace', title: 'Workspace, its dependencies and private endpoints', needs: ['resourceGroup', 'network'] },
  { id: 'jumpbox', title: 'Virtual machine inside the network', needs: ['network', 'workspace'] },
  { id: 'image', title: 'Scoring image, code and model', needs: ['jumpbox', 'workspace'] },
  { id: 'endpoint', title: 'Online endpoint and its deployment', needs: ['workspace', 'image'] },
  { id: 'verify', title: 'Proof of isolation', needs: ['endpoint', 'jumpbox'] },
  { id: 'score', title: 'Sample request scored from inside', needs: ['endpoint', 'jumpbox'] },
] as const satisfies readonly { id: string; title: string; needs: readonly string[] }[];

export type StepId = (typeof steps)[number]['id'];

export const stepIds: readonly StepId[] = steps.map((step) => step.id);
