import os

from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-vault"
NAME = "kv-sdk-0001"
POLICY = {"properties": {"accessPolicies": [{"tenantId": os.environ["AZURE_TENANT_ID"], "objectId": "0b6a1c44-0b6a-4c44-8b6a-0b6a1c440b6a", "permissions": {"secrets": ["get"]}}]}}


def steps(c):
    vaults = c.vaults.vaults
    body = {"location": LOCATION, "properties": {"tenantId": os.environ["AZURE_TENANT_ID"], "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}}
    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("vaults.check_name_availability", lambda: vaults.check_name_availability({"name": NAME, "type": "Microsoft.KeyVault/vaults"}), lambda r: r.name_available is True),
        ("vaults.begin_create_or_update", lambda: vaults.begin_create_or_update(GROUP, NAME, body).result(), lambda r: r.properties.vault_uri == f"https://{NAME}.vault.azure.net/"),
        ("vaults.get", lambda: vaults.get(GROUP, NAME), lambda r: r.properties.enable_soft_delete is True),
        ("vaults.update_access_policy", lambda: vaults.update_access_policy(GROUP, NAME, "add", POLICY), lambda r: len(r.properties.access_policies) == 1),
        ("vaults.update", lambda: vaults.update(GROUP, NAME, {"properties": {"publicNetworkAccess": "Disabled"}}), lambda r: r.properties.public_network_access == "Disabled"),
        ("vaults.list_by_resource_group", lambda: list(vaults.list_by_resource_group(GROUP)), lambda r: names(r) == [NAME]),
        ("private_link_resources.list_by_vault", lambda: c.vaults.private_link_resources.list_by_vault(GROUP, NAME), lambda r: r.value[0].group_id == "vault"),
        ("vaults.delete", lambda: vaults.delete(GROUP, NAME), None),
        ("vaults.get_deleted", lambda: vaults.get_deleted(NAME, LOCATION), lambda r: r.properties.location == LOCATION),
        ("vaults.list_deleted", lambda: list(vaults.list_deleted()), lambda r: NAME in names(r)),
        ("vaults.begin_purge_deleted", lambda: vaults.begin_purge_deleted(NAME, LOCATION).result(), None),
        ("vaults.get_deleted after the purge", fails(lambda: vaults.get_deleted(NAME, LOCATION), "DeletedVaultNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
