"""Steps of the Azure CLI, from YAML files. A file is a suite: a list of steps, in order, that may depend on earlier ones.

az: the command as it is typed, without "az"
expect: a JMESPath expression about the output that must be true
exit: the exit code, default 0
error: a text that standard error contains, in any case
with: values for {names} in the command, each the output of a command
"""

import json
import os
import shlex
import signal
import sys
import tempfile
from contextlib import contextmanager

import jmespath
import yaml
from azure.cli.core import get_default_cli

LIMIT_SECONDS = 120


def load_suites(folder):
    return {f"az/{file.stem}": [AzStep(step) for step in yaml.safe_load(file.read_text("utf-8"))] for file in sorted(folder.glob("*.yaml"))}


class AzStep:
    def __init__(self, step):
        self.name = step["az"]
        self.step = step

    def run(self):
        values = {"subscription": os.environ["AZURE_SUBSCRIPTION_ID"]}
        for name, command in self.step.get("with", {}).items():
            _, output, _ = run_az(filled(command, values))
            values[name] = output.strip()
        code, output, error = run_az(filled(self.step["az"], values))
        if code != self.step.get("exit", 0):
            return f"exit code {code}: {error}"
        if self.step.get("error", "").lower() not in error.lower():
            return f"standard error does not contain {self.step['error']}: {error}"
        if "expect" not in self.step:
            return None
        expectation = filled(self.step["expect"], values)
        document = json.loads(output) if output.strip() else None
        holds = jmespath.search(expectation, document) is True
        return None if holds else f"not true: {expectation}\n{output}"


def filled(text, values):
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def run_az(command):
    """Runs az in this process, which loads its modules once only. Returns exit code, standard output and standard error."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        with redirected(1, output), redirected(2, error):
            code = invoke(shlex.split(command))
        output.seek(0)
        error.seek(0)
        return code, output.read().decode(), error.read().decode()


@contextmanager
def redirected(descriptor, file):
    """Sends what is written to a file descriptor to a file."""
    flush()
    kept = os.dup(descriptor)
    os.dup2(file.fileno(), descriptor)
    try:
        yield
    finally:
        flush()
        os.dup2(kept, descriptor)
        os.close(kept)


def flush():
    sys.stdout.flush()
    sys.stderr.flush()


def invoke(arguments):
    signal.alarm(LIMIT_SECONDS)
    try:
        code = get_default_cli().invoke(arguments)
    except SystemExit as end:
        code = end.code
    except Exception as error:  # pylint: disable=broad-except
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        code = 1
    finally:
        signal.alarm(0)
    return 0 if code is None else code


def give_up(*_):
    raise TimeoutError(f"it ran longer than {LIMIT_SECONDS} s")


signal.signal(signal.SIGALRM, give_up)
