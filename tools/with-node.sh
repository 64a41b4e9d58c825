#!/usr/bin/env bash
# tools/with-node.sh [--build] CMD ARGS…
#
# Runs CMD at the root of the repository, with a Node that is new enough and with the dependencies installed; with --build,
# after the plugin was built. The scripts of package.json go through it, so that each works on a fresh clone.
set -euo pipefail

# shellcheck source=tools/setup.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"

if [ "${1-}" = --build ]; then
  shift
  set_up_build
else
  set_up
fi

cd -- "$setup_root"
PATH=$setup_root/node_modules/.bin:$PATH
exec "$@"
