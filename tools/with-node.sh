#!/usr/bin/env bash
# tools/with-node.sh [--build] CMD ARGS…
#
# Runs CMD at the root of the repository, after it made sure of Node and the dependencies, and with --build of the built plugin.
# Every script of package.json uses it, so each works on a fresh clone.
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
