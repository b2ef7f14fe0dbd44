import { extendedLocation, identity, list, object } from '../shapes.ts';

const hostEndpointSettings = object(
  'inVMAccessControlProfileReferenceId mode:Audit|Enforce|Disabled useLocalFileRules:bool',
);

const managedDiskParameters = object(
  `
    id
    storageAccountType:Standard_LRS|Premium_LRS|StandardSSD_LRS|UltraSSD_LRS|Premium_ZRS|StandardSSD_ZRS|PremiumV2_LRS`,
  {
    additionalDiskProperties: object('', {
      managedDiskProperties: object(
        `
    burstingEnabled:bool diskAccessId diskIOPSReadOnly:int diskMBpsReadOnly:int logicalSectorSize:int
    maxShares:int networkAccessPolicy:AllowAll|AllowPrivate|DenyAll optimizedForFrequentAttach:bool
    performancePlus:bool tier`,
        { availabilityPolicy: object('actionOnDiskDelay:None|AutomaticReattach') },
      ),
    }),
    diskEncryptionSet: object('id'),
    securityProfile: object('securityEncryptionType:VMGuestStateOnly|DiskWithVMGuestState|NonPersistedTPM', {
      diskEncryptionSet: object('id'),
    }),
  },
);

export const virtualMachine = object('location! tags:{} zones:[] - etag id managedBy resources systemData type', {
  extendedLocation,
  identity,
  placement: object('excludeZones:[] includeZones:[] zonePlacementPolicy:Any|Auto'),
  plan: object('name product promotionCode publisher'),
  properties: object(
    `
    availabilitySet:ref evictionPolicy:Deallocate|Delete extensionsTimeBudget host:ref hostGroup:ref
    licenseType platformFaultDomain:int priority:Regular|Low|Spot|SpotPlus proximityPlacementGroup:ref
    userData virtualMachineScaleSet:ref - instanceView provisioningState timeCreated vmId`,
    {
      additionalCapabilities: object('enableFips1403Encryption:bool hibernationEnabled:bool ultraSSDEnabled:bool'),
      applicationProfile: object('', {
        galleryApplications: list(
          object(`
    configurationReference enableAutomaticUpgrade:bool order:int packageReferenceId! tags
    treatFailureAsDeploymentFailure:bool`),
        ),
      }),
      billingProfile: object('maxPrice:number'),
      capacityReservation: object('capacityReservationGroup:ref disableCapacityReservationAssignment:bool'),
      diagnosticsProfile: object('', { bootDiagnostics: object('enabled:bool storageUri') }),
      flexProfile: object('preferredVMSize'),
      hardwareProfile: object(
        `
    processorMode:Deterministic|Opportunistic
    vmSize`,
        { vmSizeProperties: object('vCPUsAvailable:int vCPUsPerCore:int') },
      ),
      interconnectBlockProfile: object('', { interconnectBlock: object('id') }),
      networkProfile: object('networkApiVersion', {
        interconnectGroupProfile: object('interconnectGroup:ref subgroups:ref[]'),
        networkInterfaceConfigurations: list(
          object('name! tags:{}', {
            properties: object(
              `
    auxiliaryMode:None|AcceleratedConnections|Floating auxiliarySku:None|A1|A2|A4|A8
    deleteOption:Delete|Detach disableTcpStateTracking:bool dscpConfiguration:ref
    enableAcceleratedNetworking:bool enableFpga:bool enableIPForwarding:bool networkSecurityGroup:ref
    primary:bool`,
              {
                dnsSettings: object('dnsServers:[]'),
                'ipConfigurations!': list(
                  object('name!', {
                    properties: object(
                      `
    applicationGatewayBackendAddressPools:ref[] applicationSecurityGroups:ref[]
    loadBalancerBackendAddressPools:ref[] primary:bool privateIPAddressPrefixLength:int privateIPAddressVersion:IPv4|IPv6 subnet:ref`,
                      {
                        publicIPAddressConfiguration: object('name! tags:{}', {
                          properties: object(
                            `
    deleteOption:Delete|Detach idleTimeoutInMinutes:int publicIPAddressVersion:IPv4|IPv6
    publicIPAllocationMethod:Dynamic|Static publicIPPrefix:ref`,
                            {
                              dnsSettings: object(`
    domainNameLabel! domainNameLabelScope:TenantReuse|SubscriptionReuse|ResourceGroupReuse|NoReuse`),
                              ipTags: list(object('firstPartyServiceTagId ipTagType tag')),
                            },
                          ),
                          sku: object('name:Basic|Standard tier:Regional|Global'),
                        }),
                      },
                    ),
                  }),
                ),
              },
            ),
          }),
        ),
        networkInterfaces: list(object('id', { properties: object('deleteOption:Delete|Detach primary:bool') })),
      }),
      osProfile: object(
        `
    adminPassword adminUsername allowExtensionOperations:bool computerName customData
    requireGuestProvisionSignal:bool`,
        {
          linuxConfiguration: object(
            'disablePasswordAuthentication:bool enableVMAgentPlatformUpdates:bool provisionVMAgent:bool',
            {
              patchSettings: object(
                'assessmentMode:ImageDefault|AutomaticByPlatform patchMode:ImageDefault|AutomaticByPlatform',
                {
                  automaticByPlatformSettings: object(`
    bypassPlatformSafetyChecksOnUserSchedule:bool rebootSetting:Unknown|IfRequired|Never|Always`),
                },
              ),
              ssh: object('', { publicKeys: list(object('keyData path')) }),
            },
          ),
          secrets: list(
            object('sourceVault:ref', { vaultCertificates: list(object('certificateStore certificateUrl')) }),
          ),
          windowsConfiguration: object(
            'enableAutomaticUpdates:bool provisionVMAgent:bool timeZone - enableVMAgentPlatformUpdates',
            {
              additionalUnattendContent: list(
                object(`
    componentName:Microsoft-Windows-Shell-Setup content passName:OobeSystem
    settingName:AutoLogon|FirstLogonCommands`),
              ),
              patchSettings: object(
                `
    assessmentMode:ImageDefault|AutomaticByPlatform enableHotpatching:bool
    patchMode:Manual|AutomaticByOS|AutomaticByPlatform`,
                {
                  automaticByPlatformSettings: object(`
    bypassPlatformSafetyChecksOnUserSchedule:bool rebootSetting:Unknown|IfRequired|Never|Always`),
                },
              ),
              winRM: object('', { listeners: list(object('certificateUrl protocol:Http|Https')) }),
            },
          ),
        },
      ),
      resiliencyProfile: object('', { zoneMovement: object('isEnabled:bool') }),
      scheduledEventsPolicy: object('', {
        allInstancesDown: object('automaticallyApprove:bool'),
        scheduledEventsAdditionalPublishingTargets: object('', {
          eventGridAndResourceGraph: object('enable:bool scheduledEventsApiVersion'),
        }),
        userInitiatedReboot: object('automaticallyApprove:bool'),
        userInitiatedRedeploy: object('automaticallyApprove:bool'),
      }),
      scheduledEventsProfile: object('', {
        osImageNotificationProfile: object('enable:bool notBeforeTimeout'),
        terminateNotificationProfile: object('enable:bool notBeforeTimeout'),
      }),
      securityProfile: object('encryptionAtHost:bool securityType:Standard|TrustedLaunch|ConfidentialVM', {
        encryptionIdentity: object('userAssignedIdentityResourceId'),
        proxyAgentSettings: object('addProxyAgentExtension:bool enabled:bool keyIncarnationId:int mode:Audit|Enforce', {
          imds: hostEndpointSettings,
          wireServer: hostEndpointSettings,
        }),
        uefiSettings: object('secureBootEnabled:bool vTpmEnabled:bool'),
      }),
      storageProfile: object(
        `
    alignRegionalDisksToVMZone:bool diskApiVersion diskControllerType:SCSI|NVMe`,
        {
          dataDisks: list(
            object(
              `
    caching:None|ReadOnly|ReadWrite createOption!:FromImage|Empty|Attach|Copy|Restore
    deleteOption:Delete|Detach detachOption:ForceDetach diskIOPSReadWrite:int diskMBpsReadWrite:int
    diskSizeGB:int lun!:int name storageFaultDomainAlignment:Aligned|BestEffortAligned toBeDetached:bool
    writeAcceleratorEnabled:bool`,
              {
                image: object('uri'),
                managedDisk: managedDiskParameters,
                sourceResource: object('id'),
                vhd: object('uri'),
              },
            ),
          ),
          imageReference: object(
            'communityGalleryImageId id offer publisher sharedGalleryImageId sku version - exactVersion',
          ),
          osDisk: object(
            `
    caching:None|ReadOnly|ReadWrite createOption!:FromImage|Empty|Attach|Copy|Restore
    deleteOption:Delete|Detach diskSizeGB:int name osType:Windows|Linux
    storageFaultDomainAlignment:Aligned|BestEffortAligned writeAcceleratorEnabled:bool`,
            {
              diffDiskSettings: object('enableFullCaching:bool option:Local placement:CacheDisk|ResourceDisk|NvmeDisk'),
              encryptionSettings: object('enabled:bool', {
                diskEncryptionKey: object('secretUrl! sourceVault!:ref'),
                keyEncryptionKey: object('keyUrl! sourceVault!:ref'),
              }),
              image: object('uri'),
              managedDisk: managedDiskParameters,
              vhd: object('uri'),
            },
          ),
        },
      ),
    },
  ),
});
