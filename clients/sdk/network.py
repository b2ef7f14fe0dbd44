import os

from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-network"
ZONE = "privatelink.vaultcore.azure.net"


def steps(c):
    n, dns = c.network, c.dns
    group = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}"
    network = f"{group}/providers/Microsoft.Network"
    vault = f"{group}/providers/Microsoft.KeyVault/vaults/kv-sdk-network"
    subnet = f"{network}/virtualNetworks/vnet1/subnets/default"
    vnet = {"location": LOCATION, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [{"name": "default", "properties": {"addressPrefix": "10.0.0.0/24"}}]}}
    rule = {"properties": {"priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "Internet", "destinationPortRange": "*"}}
    address = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
    gateway = {"location": LOCATION, "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": f"{network}/publicIPAddresses/pip1"}]}}
    interface = {"location": LOCATION, "properties": {"ipConfigurations": [{"name": "ipconfig1", "properties": {"subnet": {"id": subnet}}}]}}
    endpoint = {"location": LOCATION, "properties": {"subnet": {"id": subnet}, "privateLinkServiceConnections": [{"name": "pe1", "properties": {"privateLinkServiceId": vault, "groupIds": ["vault"]}}]}}
    zone_group = {"properties": {"privateDnsZoneConfigs": [{"name": "vault", "properties": {"privateDnsZoneId": f"{network}/privateDnsZones/{ZONE}"}}]}}
    link = {"location": "global", "properties": {"virtualNetwork": {"id": f"{network}/virtualNetworks/vnet1"}, "registrationEnabled": False}}
    vault_body = {"location": LOCATION, "properties": {"tenantId": os.environ["AZURE_TENANT_ID"], "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True, "accessPolicies": []}}
    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("virtual_networks.begin_create_or_update", lambda: n.virtual_networks.begin_create_or_update(GROUP, "vnet1", vnet).result(), lambda r: r.subnets[0].address_prefix == "10.0.0.0/24" and r.provisioning_state == "Succeeded"),
        ("virtual_networks.get", lambda: n.virtual_networks.get(GROUP, "vnet1"), lambda r: r.enable_ddos_protection is False),
        ("virtual_networks.list_usage", lambda: list(n.virtual_networks.list_usage(GROUP, "vnet1")), lambda r: r[0].limit == 251),
        ("virtual_networks.check_ip_address_availability", lambda: n.virtual_networks.check_ip_address_availability(GROUP, "vnet1", ip_address="10.0.0.4"), lambda r: r.available is True),
        ("network_security_groups.begin_create_or_update", lambda: n.network_security_groups.begin_create_or_update(GROUP, "nsg1", {"location": LOCATION}).result(), lambda r: len(r.default_security_rules) == 6),
        ("security_rules.begin_create_or_update", lambda: n.security_rules.begin_create_or_update(GROUP, "nsg1", "DenyInternet", rule).result(), lambda r: r.priority == 100),
        ("security_rules.list", lambda: list(n.security_rules.list(GROUP, "nsg1")), lambda r: names(r) == ["DenyInternet"]),
        ("default_security_rules.list", lambda: list(n.default_security_rules.list(GROUP, "nsg1")), lambda r: len(r) == 6),
        ("network_security_groups.update_tags", lambda: n.network_security_groups.update_tags(GROUP, "nsg1", {"tags": {"a": "b"}}), lambda r: r.tags == {"a": "b"}),
        ("subnets.begin_create_or_update", lambda: n.subnets.begin_create_or_update(GROUP, "vnet1", "apps", {"properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": f"{network}/networkSecurityGroups/nsg1"}}}).result(), lambda r: r.provisioning_state == "Succeeded"),
        ("subnets.list", lambda: list(n.subnets.list(GROUP, "vnet1")), lambda r: names(r) == ["default", "apps"]),
        ("network_security_groups.begin_delete in use", fails(lambda: n.network_security_groups.begin_delete(GROUP, "nsg1").result(), "InUseNetworkSecurityGroupCannotBeDeleted"), is_true),
        ("public_ip_addresses.begin_create_or_update", lambda: n.public_ip_addresses.begin_create_or_update(GROUP, "pip1", address).result(), lambda r: r.ip_address is not None),
        ("nat_gateways.begin_create_or_update", lambda: n.nat_gateways.begin_create_or_update(GROUP, "nat1", gateway).result(), lambda r: r.idle_timeout_in_minutes == 4),
        ("public_ip_addresses.begin_delete in use", fails(lambda: n.public_ip_addresses.begin_delete(GROUP, "pip1").result(), "PublicIPAddressCannotBeDeleted"), is_true),
        ("network_interfaces.begin_create_or_update", lambda: n.network_interfaces.begin_create_or_update(GROUP, "nic1", interface).result(), lambda r: r.ip_configurations[0].private_ip_address == "10.0.0.4"),
        ("network_interfaces.get", lambda: n.network_interfaces.get(GROUP, "nic1"), lambda r: r.primary in (None, False, True)),
        ("network_interfaces.begin_delete", lambda: n.network_interfaces.begin_delete(GROUP, "nic1").result(), None),
        ("vaults.begin_create_or_update", lambda: c.vaults.vaults.begin_create_or_update(GROUP, "kv-sdk-network", vault_body).result(), lambda r: r.properties.provisioning_state == "Succeeded"),
        ("private_zones.begin_create_or_update", lambda: dns.private_zones.begin_create_or_update(GROUP, ZONE, {"location": "global"}).result(), lambda r: r.properties.provisioning_state == "Succeeded"),
        ("virtual_network_links.begin_create_or_update", lambda: dns.virtual_network_links.begin_create_or_update(GROUP, ZONE, "link1", link).result(), lambda r: r.properties.virtual_network_link_state == "Completed"),
        ("private_endpoints.begin_create_or_update", lambda: n.private_endpoints.begin_create_or_update(GROUP, "pe1", endpoint).result(), lambda r: r.private_link_service_connections[0].private_link_service_connection_state.status == "Approved"),
        ("private_dns_zone_groups.begin_create_or_update", lambda: n.private_dns_zone_groups.begin_create_or_update(GROUP, "pe1", "default", zone_group).result(), lambda r: r.private_dns_zone_configs[0].record_sets[0].record_set_name == "kv-sdk-network"),
        ("record_sets.get", lambda: dns.record_sets.get(GROUP, ZONE, "A", "kv-sdk-network"), lambda r: len(r.properties.a_records) == 1),
        ("record_sets.create_or_update", lambda: dns.record_sets.create_or_update(GROUP, ZONE, "TXT", "note", {"properties": {"ttl": 300, "txtRecords": [{"value": ["hello"]}]}}), lambda r: r.properties.txt_records[0].value == ["hello"]),
        ("record_sets.list", lambda: list(dns.record_sets.list(GROUP, ZONE)), lambda r: sorted(names(r)) == ["@", "kv-sdk-network", "note"]),
        ("vaults.get has the connection", lambda: c.vaults.vaults.get(GROUP, "kv-sdk-network"), lambda r: len(r.properties.private_endpoint_connections) == 1),
        ("private_endpoint_connections.list_by_resource", lambda: list(c.vaults.private_endpoint_connections.list_by_resource(GROUP, "kv-sdk-network")), lambda r: len(r) == 1),
        ("usages.list", lambda: list(n.usages.list(LOCATION)), lambda r: any(u.name.value == "VirtualNetworks" and u.current_value >= 1 for u in r)),
        ("private_zones.begin_delete with a link", fails(lambda: dns.private_zones.begin_delete(GROUP, ZONE).result(), "nested"), is_true),
        ("private_endpoints.begin_delete", lambda: n.private_endpoints.begin_delete(GROUP, "pe1").result(), None),
        ("virtual_network_links.begin_delete", lambda: dns.virtual_network_links.begin_delete(GROUP, ZONE, "link1").result(), None),
        ("private_zones.begin_delete", lambda: dns.private_zones.begin_delete(GROUP, ZONE).result(), None),
        ("virtual_networks.begin_delete", lambda: n.virtual_networks.begin_delete(GROUP, "vnet1").result(), None),
        ("virtual_networks.get after the deletion", fails(lambda: n.virtual_networks.get(GROUP, "vnet1"), "ResourceNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
        ("vaults.begin_purge_deleted", lambda: c.vaults.vaults.begin_purge_deleted("kv-sdk-network", LOCATION).result(), None),
    ]
