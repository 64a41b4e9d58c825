#!/usr/bin/env bash
# tools/with-node.sh [--build] CMD ARGS…
#
# Sets up Node and the dependencies, and with --build the plugin, then runs CMD at the root of the repository. Every script of
# package.json uses it, so each works on a fresh clone.
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
