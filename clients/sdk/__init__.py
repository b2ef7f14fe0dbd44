"""Steps of the Python SDKs. A suite is a module whose function steps(clients) returns (name, call, check), in order."""

from sdk import identity, insights, keyvault, ml, network, registry, resources, storage, vm
from sdk.clients import Clients

MODULES = [resources, network, storage, keyvault, registry, identity, insights, vm, ml]


class SdkStep:
    def __init__(self, name, call, check):
        self.name, self.call, self.check = name, call, check

    def run(self):
        result = self.call()
        if self.check is None or self.check(result) is True:
            return None
        return f"unexpected: {str(result.as_dict() if hasattr(result, 'as_dict') else result)[:1500]}"


def load_suites():
    clients = Clients()
    return {module.__name__.replace(".", "/"): [SdkStep(*step) for step in module.steps(clients)] for module in MODULES}
