"""Runs a scoring script without a server: run_script.py SCORE_PY REQUEST_JSON prints the answer as JSON in the last line."""
import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("score", sys.argv[1])
score = importlib.util.module_from_spec(spec)
spec.loader.exec_module(score)
score.init()
with open(sys.argv[2], encoding="utf-8") as file:
    print(json.dumps(score.run(file.read())))
