from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-resources"
VERSION = "2023-01-31"


def steps(c):
    groups, tags = c.resources.resource_groups, c.resources.tags
    scope = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}"
    identity = f"{scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"
    return [
        ("subscriptions.list", lambda: list(c.subscriptions.subscriptions.list()), lambda r: r[0].subscription_id == c.subscription),
        ("subscriptions.list_locations", lambda: list(c.subscriptions.subscriptions.list_locations(c.subscription)), lambda r: LOCATION in names(r)),
        ("resource_groups.create_or_update", lambda: groups.create_or_update(GROUP, {"location": LOCATION, "tags": {"a": "b"}}), lambda r: r.properties.provisioning_state == "Succeeded" and r.tags == {"a": "b"}),
        ("resource_groups.get", lambda: groups.get(GROUP), lambda r: r.location == LOCATION),
        ("resource_groups.list", lambda: list(groups.list(filter="tagName eq 'a' and tagValue eq 'b'")), lambda r: GROUP in names(r)),
        ("resource_groups.check_existence", lambda: groups.check_existence(GROUP), is_true),
        ("resource_groups.update", lambda: groups.update(GROUP, {"tags": {"c": "d"}}), lambda r: r.tags == {"c": "d"}),
        ("tags.begin_update_at_scope", lambda: tags.begin_update_at_scope(scope, {"operation": "Merge", "properties": {"tags": {"e": "f"}}}).result(), lambda r: r.properties.tags == {"c": "d", "e": "f"}),
        ("tags.get_at_scope", lambda: tags.get_at_scope(scope), lambda r: r.properties.tags["e"] == "f"),
        ("tags.begin_delete_at_scope", lambda: tags.begin_delete_at_scope(scope).result(), None),
        ("resources.begin_create_or_update_by_id", lambda: c.resources.resources.begin_create_or_update_by_id(identity, {"location": LOCATION}, api_version=VERSION).result(), lambda r: r.name == "id1"),
        ("resources.get_by_id", lambda: c.resources.resources.get_by_id(identity, api_version=VERSION), lambda r: r.properties["principalId"] is not None),
        ("resources.list_by_resource_group", lambda: list(c.resources.resources.list_by_resource_group(GROUP)), lambda r: names(r) == ["id1"]),
        ("resources.check_existence_by_id", lambda: c.resources.resources.check_existence_by_id(identity, api_version=VERSION), is_true),
        ("management_locks.create_or_update_at_resource_group_level", lambda: c.locks.management_locks.create_or_update_at_resource_group_level(GROUP, "keep", {"properties": {"level": "CanNotDelete"}}), lambda r: r.level == "CanNotDelete"),
        ("management_locks.list_at_resource_group_level", lambda: list(c.locks.management_locks.list_at_resource_group_level(GROUP)), lambda r: names(r) == ["keep"]),
        ("resource_groups.begin_delete of a locked group", fails(lambda: groups.begin_delete(GROUP).result(), "ScopeLocked"), is_true),
        ("management_locks.delete_at_resource_group_level", lambda: c.locks.management_locks.delete_at_resource_group_level(GROUP, "keep"), None),
        ("resources.begin_delete_by_id", lambda: c.resources.resources.begin_delete_by_id(identity, api_version=VERSION).result(), None),
        ("providers.get", lambda: c.resources.providers.get("Microsoft.Network"), lambda r: r.registration_state == "Registered"),
        ("providers.register", lambda: c.resources.providers.register("Microsoft.Storage"), lambda r: r.namespace == "Microsoft.Storage"),
        ("deployments.list_by_resource_group", lambda: list(c.deployments.deployments.list_by_resource_group(GROUP)), lambda r: r == []),
        ("resource_groups.begin_delete", lambda: groups.begin_delete(GROUP).result(), None),
        ("resource_groups.get of a deleted group", fails(lambda: groups.get(GROUP), "ResourceGroupNotFound"), is_true),
    ]
