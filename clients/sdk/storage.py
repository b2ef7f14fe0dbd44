from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-storage"
NAME = "stsdk0001"


def steps(c):
    accounts = c.storage.storage_accounts
    body = {"location": LOCATION, "sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "properties": {"allowSharedKeyAccess": True, "minimumTlsVersion": "TLS1_2"}}
    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("storage_accounts.check_name_availability", lambda: accounts.check_name_availability({"name": NAME, "type": "Microsoft.Storage/storageAccounts"}), lambda r: r.name_available is True),
        ("storage_accounts.begin_create", lambda: accounts.begin_create(GROUP, NAME, body).result(), lambda r: r.provisioning_state == "Succeeded"),
        ("storage_accounts.get_properties", lambda: accounts.get_properties(GROUP, NAME), lambda r: r.primary_endpoints.blob == f"https://{NAME}.blob.core.windows.net/"),
        ("storage_accounts.list_keys", lambda: accounts.list_keys(GROUP, NAME), lambda r: len(r.keys_property if hasattr(r, "keys_property") else r["keys"]) == 2),
        ("storage_accounts.update", lambda: accounts.update(GROUP, NAME, {"properties": {"publicNetworkAccess": "Disabled"}}), lambda r: r.public_network_access == "Disabled"),
        ("blob_services.get_service_properties", lambda: c.storage.blob_services.get_service_properties(GROUP, NAME), lambda r: r.name == "default"),
        ("file_services.get_service_properties", lambda: c.storage.file_services.get_service_properties(GROUP, NAME), lambda r: r.name == "default"),
        ("blob_containers.create", lambda: c.storage.blob_containers.create(GROUP, NAME, "data", {}), lambda r: r.name == "data"),
        ("blob_containers.list", lambda: list(c.storage.blob_containers.list(GROUP, NAME)), lambda r: names(r) == ["data"]),
        ("storage_accounts.list_by_resource_group", lambda: list(accounts.list_by_resource_group(GROUP)), lambda r: names(r) == [NAME]),
        ("storage_accounts.begin_create elsewhere", fails(lambda: accounts.begin_create(GROUP, NAME, {**body, "location": "eastus"}).result(), "InvalidResourceLocation"), is_true),
        ("storage_accounts.delete", lambda: accounts.delete(GROUP, NAME), None),
        ("storage_accounts.get_properties after the deletion", fails(lambda: accounts.get_properties(GROUP, NAME), "ResourceNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
