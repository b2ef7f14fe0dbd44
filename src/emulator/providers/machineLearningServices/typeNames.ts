/** Types that several files of Microsoft.MachineLearningServices speak of. */
export const workspaceType = 'Microsoft.MachineLearningServices/workspaces';
export const endpointType = `${workspaceType}/onlineEndpoints`;
export const deploymentType = `${endpointType}/deployments`;
export const datastoreType = `${workspaceType}/datastores`;
