import type { Arm, Reply } from './armHarness.ts';

export const versions = { network: '2023-09-01', storage: '2023-01-01', deployments: '2021-04-01' };

/** A network security group of a template. */
export const securityGroup = (name: string, more: object = {}): object => ({
  type: 'Microsoft.Network/networkSecurityGroups',
  apiVersion: versions.network,
  name,
  location: '[resourceGroup().location]',
  ...more,
});

/** A resource that the provider refuses: its subnet does not exist. */
export const refusedInterface = (name: string, more: object = {}): object => ({
  type: 'Microsoft.Network/networkInterfaces',
  apiVersion: versions.network,
  name,
  location: 'westus2',
  properties: {
    ipConfigurations: [
      {
        name: 'one',
        properties: { subnet: { id: "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'none', 's')]" } },
      },
    ],
  },
  ...more,
});

/** The body of a deployment. */
export const deploymentOf = (template: object, parameters: Record<string, unknown> = {}): object => ({
  properties: {
    mode: 'Incremental',
    template: { contentVersion: '1.0.0.0', resources: [], ...template },
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }])),
  },
});

/** Deployments to the group of an emulator. */
export class Deployments {
  readonly #arm: Arm;

  constructor(arm: Arm) {
    this.#arm = arm;
  }

  id(name: string): string {
    return this.#arm.id('Microsoft.Resources/deployments', name);
  }

  put(name: string, template: object, parameters: Record<string, unknown> = {}): Promise<Reply> {
    return this.#arm.send('PUT', this.id(name), deploymentOf(template, parameters));
  }

  /** Deploys, and returns the last GET's body after the end. */
  async deploy(name: string, template: object, parameters: Record<string, unknown> = {}): Promise<Reply['body']> {
    const reply = await this.put(name, template, parameters);
    if (reply.status > 201) throw new Error(`PUT ${name}: ${reply.status} ${reply.text}`);
    return this.ended(name);
  }

  async ended(name: string): Promise<Reply['body']> {
    return this.until(name, ({ properties }) => !['Accepted', 'Running'].includes(properties.provisioningState));
  }

  async until(name: string, holds: (body: Reply['body']) => boolean): Promise<Reply['body']> {
    for (;;) {
      const { body } = await this.#arm.send('GET', this.id(name));
      if (body.properties && holds(body)) return body;
    }
  }

  /** The operations: the names of the resources and their states. */
  async operations(name: string): Promise<[string, string][]> {
    const path = this.id(name).replace('/providers/Microsoft.Resources', '');
    const { body } = await this.#arm.send('GET', `${path}/operations`);
    return body.value.map(({ properties }: Reply['body']) => [
      properties.targetResource?.resourceName ?? properties.provisioningOperation,
      properties.provisioningState,
    ]);
  }
}
