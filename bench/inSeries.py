"""Sends the writes of a file one after the other with azure-mgmt-resource, each after the one before has ended. Prints the seconds.

Usage: python inSeries.py WRITES.json POLLING_SECONDS, with the variables of npm run emulator -- --env.
"""

import io
import json
import os
import sys
import time

from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient


def connect(polling_seconds):
    endpoint = os.environ["MOAT_ARM_ENDPOINT"]
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=endpoint,
        disable_instance_discovery=True,
    )
    return ResourceManagementClient(
        credential,
        os.environ["AZURE_SUBSCRIPTION_ID"],
        base_url=endpoint,
        credential_scopes=["https://management.azure.com/.default"],
        # for operations without Retry-After; 30 seconds at Azure's speed
        polling_interval=polling_seconds,
    )


def filled(write, chosen):
    text = json.dumps(write)
    for placeholder, value in chosen.items():
        text = text.replace(placeholder, value)
    return json.loads(text)


def send(client, write):
    """Returns the resource."""
    resource_id, version = write["id"], write["apiVersion"]
    if write["method"] == "DELETE":
        return client.resources.begin_delete_by_id(resource_id, api_version=version).result()
    if "/providers/" not in resource_id:
        return client.resource_groups.create_or_update(resource_id.split("/")[-1], write["body"])
    body = io.BytesIO(json.dumps(write["body"]).encode())
    return client.resources.begin_create_or_update_by_id(resource_id, body, api_version=version).result()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        writes = json.load(file)
    client = connect(float(sys.argv[2]))
    chosen = {}
    started = time.monotonic()
    for number, write in enumerate(writes, 1):
        resource = send(client, filled(write, chosen))
        resource_type = write["id"].split("/")[-2]
        print(f"{number}/{len(writes)} {write['method']} {write['id'].split('/')[-1]} {time.monotonic() - started:.1f} s", file=sys.stderr)
        if resource_type == "userAssignedIdentities":
            chosen["{principalId}"] = resource.properties["principalId"]
            chosen["{clientId}"] = resource.properties["clientId"]
        if write["id"].split("/")[-3:-1] == ["Microsoft.MachineLearningServices", "workspaces"]:
            chosen["{workspaceId}"] = resource.properties["workspaceId"]
    print(time.monotonic() - started)


main()
