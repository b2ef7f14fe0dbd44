/** Where Azure does other than its published types say, with what shows it. `what` matches a finding of `checkExchanges`. */
export interface Exception {
  what: RegExp;
  because: string;
}

export const exceptions: readonly Exception[] = [
  {
    what: /environments\/versions@\S+ properties\.inferenceConfig\.(liveness|readiness)Route\.path: "\/" does not match/,
    because:
      'the inference server answers its probes at "/", and the article deploys with it (Azure/azureml-examples, cli/endpoints/online/managed/vnet/sample/blue-deployment-vnet.yml)',
  },
  {
    what: /answer Microsoft\.MachineLearningServices\/workspaces\/outboundRules@\S+ name: "__SYS_/,
    because: 'Azure names its own rules so (recorded answer in ansible-collections/azure, azure_rm_mlworkspace_info)',
  },
  {
    what: /virtualMachines@\S+ properties\.hardwareProfile\.vmSize: "Standard_/,
    because: 'the list of sizes is open and old; preflight asks the list of sizes of the region (Azure docs: vmSize)',
  },
  {
    what: /answer Microsoft\.Network\/privateEndpoints\/privateDnsZoneGroups@\S+ properties\.privateDnsZoneConfigs\[\d\]\.(id|etag|type|properties\.provisioningState): is not published/,
    because:
      'each configuration is answered as a sub-resource (output of az network private-endpoint dns-zone-group list)',
  },
  {
    what: /answer Microsoft\.Network\/privateEndpoints@\S+ properties\.resourceGuid: is not published/,
    because: 'the answer has it (Azure docs: create a private link for managing resources, REST)',
  },
];
