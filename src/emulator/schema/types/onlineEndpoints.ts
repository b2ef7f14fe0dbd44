import { identity, object } from '../shapes.ts';

export const onlineEndpoint = object('kind location! tags:{} - id systemData type', {
  identity,
  'properties!': object(
    `
    authMode!:AMLToken|Key|AADToken compute description mirrorTraffic:int{} properties:{}
    publicNetworkAccess:Enabled|Disabled traffic:int{} - provisioningState scoringUri swaggerUri`,
    { keys: object('primaryKey secondaryKey') },
  ),
  sku: object('capacity:int family name! size tier:Free|Basic|Standard|Premium'),
});
