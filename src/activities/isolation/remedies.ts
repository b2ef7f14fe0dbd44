/** The command that closes a resource to the public network. */
export const disablePublicAccess = (id: string): string =>
  `az resource update --ids ${id} --set properties.publicNetworkAccess=Disabled`;
