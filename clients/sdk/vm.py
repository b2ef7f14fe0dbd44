from sdk.checks import fails, is_true, names
from sdk.clients import LOCATION

GROUP = "rg-sdk-vm"
KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@example"


def steps(c):
    machines, commands = c.compute.virtual_machines, c.compute.virtual_machine_run_commands
    network = f"/subscriptions/{c.subscription}/resourceGroups/{GROUP}/providers/Microsoft.Network"
    vnet = {"location": LOCATION, "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [{"name": "default", "properties": {"addressPrefix": "10.0.0.0/24"}}]}}
    interface = {"location": LOCATION, "properties": {"ipConfigurations": [{"name": "ipconfig1", "properties": {"subnet": {"id": f"{network}/virtualNetworks/vnet1/subnets/default"}}}]}}
    machine = {
        "location": LOCATION,
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_B2s"},
            "storageProfile": {"imageReference": {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}, "osDisk": {"createOption": "FromImage", "deleteOption": "Delete", "managedDisk": {"storageAccountType": "Standard_LRS"}}},
            "osProfile": {"computerName": "vm1", "adminUsername": "azureuser", "linuxConfiguration": {"disablePasswordAuthentication": True, "ssh": {"publicKeys": [{"path": "/home/azureuser/.ssh/authorized_keys", "keyData": KEY}]}}},
            "networkProfile": {"networkInterfaces": [{"id": f"{network}/networkInterfaces/nic1", "properties": {"deleteOption": "Delete"}}]},
        },
    }
    script = {"commandId": "RunShellScript", "script": ["echo hello"]}

    def power():
        return [status.code for status in machines.instance_view(GROUP, "vm1").statuses]

    return [
        ("resource group", lambda: c.group(GROUP), None),
        ("virtual network", lambda: c.network.virtual_networks.begin_create_or_update(GROUP, "vnet1", vnet).result(), None),
        ("network interface", lambda: c.network.network_interfaces.begin_create_or_update(GROUP, "nic1", interface).result(), None),
        ("virtual_machines.begin_create_or_update", lambda: machines.begin_create_or_update(GROUP, "vm1", machine).result(), lambda r: r.provisioning_state == "Succeeded" and r.vm_id is not None),
        ("virtual_machines.get", lambda: machines.get(GROUP, "vm1", expand="instanceView"), lambda r: r.instance_view.statuses[1].code == "PowerState/running"),
        ("virtual_machines.list", lambda: list(machines.list(GROUP)), lambda r: names(r) == ["vm1"]),
        ("virtual_machines.begin_run_command", lambda: machines.begin_run_command(GROUP, "vm1", script).result(), lambda r: "hello" in r.value[0].message),
        ("virtual_machine_run_commands.begin_create_or_update", lambda: commands.begin_create_or_update(GROUP, "vm1", "rc1", {"location": LOCATION, "properties": {"source": {"script": "echo hello; exit 3"}}}).result(), lambda r: r.provisioning_state == "Succeeded"),
        ("virtual_machine_run_commands.get_by_virtual_machine", lambda: commands.get_by_virtual_machine(GROUP, "vm1", "rc1", expand="instanceView"), lambda r: r.instance_view.exit_code == 3 and "hello" in r.instance_view.output),
        ("virtual_machine_run_commands.begin_delete", lambda: commands.begin_delete(GROUP, "vm1", "rc1").result(), None),
        ("network_interfaces.begin_get_effective_route_table", lambda: c.network.network_interfaces.begin_get_effective_route_table(GROUP, "nic1").result(), lambda r: any(route.next_hop_type == "VnetLocal" for route in r.value)),
        ("network_interfaces.begin_list_effective_network_security_groups", lambda: c.network.network_interfaces.begin_list_effective_network_security_groups(GROUP, "nic1").result(), lambda r: isinstance(r.value, list)),
        ("virtual_machines.begin_restart", lambda: machines.begin_restart(GROUP, "vm1").result(), None),
        ("virtual_machines.begin_power_off", lambda: machines.begin_power_off(GROUP, "vm1").result(), lambda r: "PowerState/stopped" in power()),
        ("virtual_machines.begin_deallocate", lambda: machines.begin_deallocate(GROUP, "vm1").result(), lambda r: "PowerState/deallocated" in power()),
        ("virtual_machines.begin_start", lambda: machines.begin_start(GROUP, "vm1").result(), lambda r: "PowerState/running" in power()),
        ("virtual_machines.begin_update", lambda: machines.begin_update(GROUP, "vm1", {"tags": {"a": "b"}}).result(), lambda r: r.tags == {"a": "b"}),
        ("disks.list_by_resource_group", lambda: list(c.compute.disks.list_by_resource_group(GROUP)), lambda r: r[0].disk_state == "Attached"),
        ("network_interfaces.begin_delete in use", fails(lambda: c.network.network_interfaces.begin_delete(GROUP, "nic1").result(), "NicInUse"), is_true),
        ("virtual_machines.begin_delete", lambda: machines.begin_delete(GROUP, "vm1").result(), None),
        ("network_interfaces.get after the deletion of its machine", fails(lambda: c.network.network_interfaces.get(GROUP, "nic1"), "ResourceNotFound"), is_true),
        ("delete the group", lambda: c.resources.resource_groups.begin_delete(GROUP).result(), None),
    ]
