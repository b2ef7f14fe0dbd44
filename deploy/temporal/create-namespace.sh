#!/bin/sh
# Creates the namespace TEMPORAL_NAMESPACE unless it exists. Moat adds its search attributes when it starts. Can be repeated.
set -eu
until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h
