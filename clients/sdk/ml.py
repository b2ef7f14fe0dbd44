"""azure-ai-ml in a workspace, and azure-mgmt-machinelearningservices for the workspace itself."""

import os

from azure.ai.ml.entities import Environment, ManagedOnlineDeployment, ManagedOnlineEndpoint, Model

from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-ml"
WORKSPACE = "mlw-sdk"
ENDPOINT = "sdk-endpoint-0001"


def steps(c):
    ml = c.ml(GROUP, WORKSPACE)
    workspaces = c.workspaces.workspaces
    group = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}/providers"
    storage = {"location": LOCATION, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {}}
    vault = {"location": LOCATION, "properties": {"tenantId": os.environ["AZURE_TENANT_ID"], "sku": {"family": "A", "name": "standard"}, "accessPolicies": [], "enableRbacAuthorization": True}}
    component = {"location": LOCATION, "kind": "web", "properties": {"Application_Type": "web", "WorkspaceResourceId": f"{group}/Microsoft.OperationalInsights/workspaces/law1"}}
    registry = {"location": LOCATION, "sku": {"name": "Premium"}, "properties": {"adminUserEnabled": True}}
    workspace = {
        "location": LOCATION,
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "friendlyName": "demo",
            "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/stsdkml0001",
            "keyVault": f"{group}/Microsoft.KeyVault/vaults/kv-sdk-ml-1",
            "applicationInsights": f"{group}/Microsoft.Insights/components/appi1",
            "containerRegistry": f"{group}/Microsoft.ContainerRegistry/registries/crsdkml0001",
        },
    }
    model = Model(name="demo", version="1", path="azureml://datastores/workspaceblobstore/paths/models/demo", type="custom_model")
    environment = Environment(name="serving", version="1", image="mcr.microsoft.com/azureml/minimal-ubuntu22.04-py39-cpu-inference:latest", inference_config={"liveness_route": {"path": "/", "port": 5001}, "readiness_route": {"path": "/", "port": 5001}, "scoring_route": {"path": "/score", "port": 5001}})
    endpoint = ManagedOnlineEndpoint(name=ENDPOINT, auth_mode="key", tags={"a": "b"})

    def deployment(**changes):
        return ManagedOnlineDeployment(name="blue", endpoint_name=ENDPOINT, model="azureml:demo:1", environment="azureml:serving:1", instance_type="Standard_DS3_v2", instance_count=1, **changes)

    def set_traffic():
        current = ml.online_endpoints.get(ENDPOINT)
        current.traffic = {"blue": 100}
        return ml.begin_create_or_update(current).result()

    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("storage account", lambda: c.storage.storage_accounts.begin_create(GROUP, "stsdkml0001", storage).result(), None),
        ("vault", lambda: c.vaults.vaults.begin_create_or_update(GROUP, "kv-sdk-ml-1", vault).result(), None),
        ("log workspace", lambda: c.logs.workspaces.begin_create_or_update(GROUP, "law1", {"location": LOCATION}).result(), None),
        ("component", lambda: c.insights.components.create_or_update(GROUP, "appi1", component), None),
        ("registry", lambda: c.registries.registries.begin_create(GROUP, "crsdkml0001", registry).result(), None),
        ("workspaces.begin_create_or_update", lambda: c.new_workspaces.workspaces.begin_create_or_update(GROUP, WORKSPACE, workspace).result(), lambda r: r.provisioning_state == "Succeeded"),
        ("workspaces.list_keys", lambda: workspaces.list_keys(GROUP, WORKSPACE), lambda r: r.user_storage_key is not None),
        ("workspaces.resync_keys", lambda: workspaces.resync_keys(GROUP, WORKSPACE), None),
        ("usages.list", lambda: list(c.workspaces.usages.list(LOCATION)), lambda r: len(r) > 0),
        ("virtual_machine_sizes.list", lambda: c.workspaces.virtual_machine_sizes.list(LOCATION), None),
        ("ml workspaces.get", lambda: ml.workspaces.get(WORKSPACE), lambda r: r.display_name == "demo" and r.discovery_url is not None),
        ("ml workspaces.list", lambda: list(ml.workspaces.list()), lambda r: WORKSPACE in names(r)),
        ("ml workspaces.get_keys", lambda: ml.workspaces.get_keys(WORKSPACE), lambda r: r.user_storage_key is not None),
        ("ml workspaces.begin_sync_keys", lambda: ml.workspaces.begin_sync_keys(WORKSPACE).result(), None),
        ("ml workspaces.begin_diagnose", lambda: ml.workspaces.begin_diagnose(WORKSPACE).result(), None),
        ("ml datastores.list", lambda: list(ml.datastores.list()), lambda r: "workspaceblobstore" in names(r)),
        ("ml datastores.get_default", lambda: ml.datastores.get_default(), lambda r: r.name == "workspaceblobstore"),
        ("ml connections.list", lambda: list(ml.connections.list()), lambda r: r == []),
        ("ml data.list", lambda: list(ml.data.list()), lambda r: r == []),
        ("ml compute.list", lambda: list(ml.compute.list()), lambda r: r == []),
        ("ml compute.list_sizes", lambda: list(ml.compute.list_sizes()), lambda r: len(r) > 3),
        ("ml compute.list_usage", lambda: list(ml.compute.list_usage()), lambda r: len(r) > 0),
        ("ml models.create_or_update", lambda: ml.models.create_or_update(model), lambda r: r.version == "1"),
        ("ml models.get", lambda: ml.models.get("demo", version="1"), lambda r: r.path.endswith("models/demo")),
        ("ml models.list", lambda: list(ml.models.list(name="demo")), lambda r: [m.version for m in r] == ["1"]),
        ("ml environments.create_or_update", lambda: ml.environments.create_or_update(environment), lambda r: r.version == "1"),
        ("ml environments.get", lambda: ml.environments.get("serving", version="1"), lambda r: r.image.startswith("mcr.microsoft.com/")),
        ("ml online_endpoints.begin_create_or_update", lambda: ml.online_endpoints.begin_create_or_update(endpoint).result(), lambda r: r.provisioning_state == "Succeeded" and r.scoring_uri.endswith("/score")),
        ("ml online_endpoints.get", lambda: ml.online_endpoints.get(ENDPOINT), lambda r: r.tags == {"a": "b"} and r.auth_mode == "key"),
        ("ml online_endpoints.list", lambda: list(ml.online_endpoints.list()), lambda r: names(r) == [ENDPOINT]),
        ("ml online_endpoints.get_keys", lambda: ml.online_endpoints.get_keys(ENDPOINT), lambda r: len(r.primary_key) > 10),
        ("ml online_endpoints.begin_regenerate_keys", lambda: ml.online_endpoints.begin_regenerate_keys(ENDPOINT, key_type="primary").result(), None),
        ("ml online_deployments.begin_create_or_update of a model that is nowhere", fails(lambda: ml.online_deployments.begin_create_or_update(deployment()).result(), "model"), is_true),
        ("ml online_deployments.list", lambda: list(ml.online_deployments.list(ENDPOINT)), lambda r: len(r) <= 1),
        ("ml online_endpoints.get of none", fails(lambda: ml.online_endpoints.get("nothing"), "NotFound"), is_true),
        ("ml online_endpoints.begin_delete", lambda: ml.online_endpoints.begin_delete(ENDPOINT).result(), None),
        ("ml models.archive", lambda: ml.models.archive("demo", version="1"), None),
        ("ml workspaces.begin_delete", lambda: ml.workspaces.begin_delete(WORKSPACE, delete_dependent_resources=False).result(), None),
        ("ml workspaces.get after the deletion", fails(lambda: ml.workspaces.get(WORKSPACE), "ResourceNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
