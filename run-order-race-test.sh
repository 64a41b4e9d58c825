#!/usr/bin/env bash
# Runs the order race and the other scenarios; --help says how. This script prints the help, sets up the clone, and hands
# over to cli/main.ts.
set -euo pipefail

# Without Node, so that it also works before any set-up.
help() {
  local file name
  cat -- "$root/cli/help.txt"
  for file in "$root"/scenarios/*.yml; do
    name=$(basename -- "$file" .yml)
    if [ ! -f "$file" ] || [ "$name" = environments ]; then continue; fi
    # The claim of a scenario is in its first line: "# Hypothesis: …".
    printf '  %s\n' "$name"
    sed -n '1s/^# Hypothesis: *//p' "$file" | fold -s -w 74 | sed 's/^/      /; s/ *$//'
  done
}

# The folder of this file, even if it was started through symbolic links.
script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do
  link=$(readlink -- "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname -- "$script")/$link ;;
  esac
done
root=$(CDPATH='' cd -P -- "$(dirname -- "$script")" && pwd)

for argument in "$@"; do
  case $argument in
    -h | --help)
      help
      exit
      ;;
    --) break ;;
  esac
done

if [ $# -eq 0 ]; then
  printf '%s\n' 'Error: which environment? For example: ./run-order-race-test.sh demo (--help says more)' >&2
  exit 2
fi

# shellcheck source=tools/setup.sh
source "$root/tools/setup.sh"
set_up_build

# With exec, Node gets the process id of this script, and so every signal that is sent to it.
exec node "$root/cli/main.ts" "$@"
