#!/usr/bin/env bash
# Runs the order race, the other scenarios and suites of the user's own; --help says how. This script prints the help, sets up
# the clone, and hands over to cli/main.ts, or to the plugin's own command.
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

# The commands of artillery-plugin-race. A suite or an environment of such a name is reached as ./judge or by --scenario.
case ${1-} in
  judge | report | init) hand_over_to=$root/plugin/bin.js ;;
  *) hand_over_to=$root/cli/main.ts ;;
esac

for argument in "$@"; do
  case $argument in
    -h | --help)
      case $1 in
        judge | report) cat -- "$root/cli/commands-help.txt" ;;
        init) cat -- "$root/cli/init-help.txt" ;;
        *) help ;;
      esac
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
# What writes a suite needs packages that no race needs.
if [ "${1-}" = init ]; then set_up_all=set_up_init; else set_up_all=set_up_race; fi
"$set_up_all" || {
  code=$?
  # An interruption keeps its exit code; after anything else, nothing was booked.
  if [ "$code" -ge 128 ]; then exit "$code"; fi
  exit 2
}

# With exec, Node gets the process id of this script, and so every signal that is sent to it.
exec node "$hand_over_to" "$@"
