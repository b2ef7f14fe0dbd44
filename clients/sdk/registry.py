from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-registry"
NAME = "crsdk0001"


def steps(c):
    registries = c.registries.registries
    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("registries.check_name_availability", lambda: registries.check_name_availability({"name": NAME, "type": "Microsoft.ContainerRegistry/registries"}), lambda r: r.name_available is True),
        ("registries.begin_create", lambda: registries.begin_create(GROUP, NAME, {"location": LOCATION, "sku": {"name": "Premium"}, "properties": {"adminUserEnabled": True}}).result(), lambda r: r.login_server == f"{NAME}.azurecr.io"),
        ("registries.get", lambda: registries.get(GROUP, NAME), lambda r: r.admin_user_enabled is True),
        ("registries.list_credentials", lambda: registries.list_credentials(GROUP, NAME), lambda r: r.username == NAME and len(r.passwords) == 2),
        ("registries.regenerate_credential", lambda: registries.regenerate_credential(GROUP, NAME, {"name": "password"}), lambda r: len(r.passwords) == 2),
        ("registries.begin_update", lambda: registries.begin_update(GROUP, NAME, {"properties": {"publicNetworkAccess": "Disabled"}}).result(), lambda r: r.public_network_access == "Disabled"),
        ("registries.list_usages", lambda: registries.list_usages(GROUP, NAME), lambda r: any(u.name == "Size" for u in r.value)),
        ("registries.list_private_link_resources", lambda: list(registries.list_private_link_resources(GROUP, NAME)), lambda r: names(r) == ["registry"]),
        ("replications.list", lambda: list(c.registries.replications.list(GROUP, NAME)), lambda r: isinstance(r, list)),
        ("private_endpoint_connections.list", lambda: list(c.registries.private_endpoint_connections.list(GROUP, NAME)), lambda r: r == []),
        ("registries.list_by_resource_group", lambda: list(registries.list_by_resource_group(GROUP)), lambda r: names(r) == [NAME]),
        ("registries.begin_delete", lambda: registries.begin_delete(GROUP, NAME).result(), None),
        ("registries.get after the deletion", fails(lambda: registries.get(GROUP, NAME), "ResourceNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
