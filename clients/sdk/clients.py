"""The clients of the SDKs, as npm run emulator -- --env describes the emulator."""

import os

from azure.ai.ml import MLClient
from azure.identity import ClientSecretCredential
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.mgmt.resource.deployments import DeploymentsMgmtClient
from azure.mgmt.resource.locks import ManagementLockClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.storage import StorageManagementClient

LOCATION = "westus2"


class Clients:
    def __init__(self):
        endpoint = os.environ["MOAT_ARM_ENDPOINT"]
        self.subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
        # Without the last option, the credential asks Microsoft whether the emulator is a known authority.
        self.credential = ClientSecretCredential(
            os.environ["AZURE_TENANT_ID"],
            os.environ["AZURE_CLIENT_ID"],
            os.environ["AZURE_CLIENT_SECRET"],
            authority=endpoint,
            disable_instance_discovery=True,
        )
        options = {"base_url": endpoint, "credential_scopes": ["https://management.azure.com/.default"]}

        def client(kind, **more):
            return kind(self.credential, self.subscription, **options, **more)

        self.resources = client(ResourceManagementClient)
        self.locks = client(ManagementLockClient)
        self.deployments = client(DeploymentsMgmtClient)
        self.subscriptions = SubscriptionClient(self.credential, **options)
        self.network = client(NetworkManagementClient)
        self.dns = client(PrivateDnsManagementClient)
        self.storage = client(StorageManagementClient)
        self.vaults = client(KeyVaultManagementClient)
        self.registries = client(ContainerRegistryManagementClient)
        self.identities = client(ManagedServiceIdentityClient)
        self.authorization = client(AuthorizationManagementClient)
        self.compute = client(ComputeManagementClient)
        self.insights = client(ApplicationInsightsManagementClient)
        self.logs = client(LogAnalyticsManagementClient)
        # Its default version creates workspaces in the legacy mode, without online endpoints; it reads as ordinary.
        self.workspaces = client(MachineLearningServicesMgmtClient)
        self.new_workspaces = client(MachineLearningServicesMgmtClient, api_version="2022-05-01")

    def ml(self, group, workspace=None):
        """azure-ai-ml finds the cloud by ARM_CLOUD_METADATA_URL."""
        return MLClient(self.credential, self.subscription, group, workspace)

    def group(self, name):
        """Creates a resource group and returns its id."""
        return self.resources.resource_groups.create_or_update(name, {"location": LOCATION}).id
