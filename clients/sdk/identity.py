from sdk.checks import names
from sdk.clients import LOCATION

GROUP = "rg-sdk-identity"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ASSIGNMENT = "7a2b2f6e-6c6b-4a57-9d0b-0d6f2c1c9a11"


def steps(c):
    identities, assignments = c.identities.user_assigned_identities, c.authorization.role_assignments
    scope = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}"
    role = f"/subscriptions/{c.subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"

    def assign():
        principal = identities.get(GROUP, "id1").principal_id
        return assignments.create(scope, ASSIGNMENT, {"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}})

    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("user_assigned_identities.create_or_update", lambda: identities.create_or_update(GROUP, "id1", {"location": LOCATION}), lambda r: r.client_id is not None),
        ("user_assigned_identities.update", lambda: identities.update(GROUP, "id1", {"tags": {"a": "b"}}), lambda r: r.tags == {"a": "b"}),
        ("user_assigned_identities.list_by_resource_group", lambda: list(identities.list_by_resource_group(GROUP)), lambda r: names(r) == ["id1"]),
        ("role_definitions.list", lambda: list(c.authorization.role_definitions.list(scope, filter="roleName eq 'Reader'")), lambda r: [d.name for d in r] == [READER]),
        ("role_assignments.create", assign, lambda r: r.principal_type == "ServicePrincipal"),
        ("role_assignments.get", lambda: assignments.get(scope, ASSIGNMENT), lambda r: r.scope == scope),
        ("role_assignments.list_for_scope", lambda: list(assignments.list_for_scope(scope, filter="atScope()")), lambda r: ASSIGNMENT in names(r)),
        ("permissions.list_for_resource_group", lambda: list(c.authorization.permissions.list_for_resource_group(GROUP)), lambda r: r[0].actions == ["*"]),
        ("role_assignments.delete", lambda: assignments.delete(scope, ASSIGNMENT), None),
        ("user_assigned_identities.delete", lambda: identities.delete(GROUP, "id1"), None),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
