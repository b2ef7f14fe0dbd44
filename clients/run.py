"""Runs the steps of clients/az and clients/sdk against the emulator that the environment names (npm run emulator -- --env).

A line per step, then "N passed, N failed". --results FILE writes every result as JSON. Exit code 1 when a step failed.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("client", choices=["az", "sdk"], help="each has a virtual environment of its own")
    parser.add_argument("--only", default="", help="regular expression over suites, as in az/network or sdk/ml")
    parser.add_argument("--results", help="file for the results as JSON")
    return parser.parse_args()


def load_suites(client):
    if client == "az":
        import azcli

        return azcli.load_suites(Path(__file__).parent / "az")
    import sdk

    return sdk.load_suites()


def run_step(step):
    """Returns None when the step went as expected, else what was different."""
    try:
        return step.run()
    except Exception as error:  # pylint: disable=broad-except
        return f"{type(error).__name__}: {error}"


def main():
    options = parse_arguments()
    suites = load_suites(options.client)
    chosen = {name: steps for name, steps in suites.items() if re.search(options.only, name)}
    total = sum(len(steps) for steps in chosen.values())
    results = []
    for suite, steps in chosen.items():
        for step in steps:
            started = time.monotonic()
            problem = run_step(step)
            seconds = time.monotonic() - started
            results.append({"suite": suite, "step": step.name, "passed": problem is None, "problem": problem, "seconds": round(seconds, 2)})
            print(f"{len(results):3}/{total} {'ok    ' if problem is None else 'FAILED'} {suite}: {step.name} ({seconds:.1f} s)", flush=True)
            if problem is not None:
                print("        " + problem.strip().replace("\n", "\n        ")[:2000], flush=True)
    if options.results:
        Path(options.results).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    failed = sum(not result["passed"] for result in results)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
