from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-insights"


def steps(c):
    components, workspaces = c.insights.components, c.logs.workspaces
    workspace = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}/providers/Microsoft.OperationalInsights/workspaces/law1"
    body = {"location": LOCATION, "kind": "web", "properties": {"Application_Type": "web", "WorkspaceResourceId": workspace}}
    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("workspaces.begin_create_or_update", lambda: workspaces.begin_create_or_update(GROUP, "law1", {"location": LOCATION, "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}}).result(), lambda r: r.customer_id is not None),
        ("workspaces.get", lambda: workspaces.get(GROUP, "law1"), lambda r: r.provisioning_state == "Succeeded"),
        ("shared_keys.get_shared_keys", lambda: c.logs.shared_keys.get_shared_keys(GROUP, "law1"), lambda r: r.primary_shared_key is not None),
        ("components.create_or_update", lambda: components.create_or_update(GROUP, "appi1", body), lambda r: r.connection_string.startswith("InstrumentationKey=")),
        ("components.get", lambda: components.get(GROUP, "appi1"), lambda r: r.workspace_resource_id.lower() == workspace.lower()),
        ("components.update_tags", lambda: components.update_tags(GROUP, "appi1", {"tags": {"a": "b"}}), lambda r: r.tags == {"a": "b"}),
        ("components.list_by_resource_group", lambda: list(components.list_by_resource_group(GROUP)), lambda r: names(r) == ["appi1"]),
        ("component_current_billing_features.get", lambda: c.insights.component_current_billing_features.get(GROUP, "appi1"), lambda r: r.data_volume_cap is not None),
        ("components.delete", lambda: components.delete(GROUP, "appi1"), None),
        ("components.get after the deletion", fails(lambda: components.get(GROUP, "appi1"), "ResourceNotFound"), is_true),
        ("workspaces.begin_delete", lambda: workspaces.begin_delete(GROUP, "law1", force=True).result(), None),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
