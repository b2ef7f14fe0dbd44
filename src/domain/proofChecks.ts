/** The checks that a repair is about, as the rows of a proof name them. */
export const checkNames = {
  /** by the title of the service */
  fromOutside: (title: string) => `${title} from outside`,
  /** by the title of the resource */
  publicAccess: (title: string) => `public network access of the ${title}`,
  /** by the title of the resource */
  networkRules: (title: string) => `network rules of the ${title}`,
  records: (zone: string) => `DNS records in ${zone}`,
  zoneLink: (zone: string) => `virtual network link of ${zone}`,
  securityRules: 'rules of the network security group',
  buildRule: 'outbound Internet rule of the image build',
  publicAddresses: 'public IP addresses',
  egress: 'egress of the deployments',
  managedNetwork: 'managed network of the workspace',
  outboundRules: 'outbound rules of the managed network',
  networkEndpoints: 'private endpoints of the managed network',
} as const;

/** What a row has observed of a resource that is gone. */
export const absent = 'does not exist';
