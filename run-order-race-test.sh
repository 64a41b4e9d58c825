#!/usr/bin/env bash
# Runs the order race and the other scenarios: see --help. This file answers --help, makes the clone ready and hands over to cli/main.ts.
set -euo pipefail

# What each scenario claims is in its first line: "# Hypothesis: …".
list_scenarios() {
  local file name claim
  for file in "$root"/scenarios/*.yml; do
    name=$(basename -- "$file" .yml)
    if [ ! -f "$file" ] || [ "$name" = environments ]; then continue; fi
    claim=$(sed -n '1s/^# Hypothesis: *//p' "$file")
    printf '  %s\n      %s\n' "$name" "$claim"
  done
}

help() {
  cat <<'HELP'
Usage: ./run-order-race-test.sh [options] ENV

Many virtual users go for the same seat at the same instant, seat after seat. Does exactly one of them get each?

Environments:
  demo              the bundled reference API: started on a free port, stopped afterwards
  dev, prod, …      any name in scenarios/environments.yml, or under config.environments of the scenario

Scenarios, and what each claims of the system (--scenario NAME):
HELP
  list_scenarios
  cat <<'HELP'
  all
      all of them, one after the other, with one verdict

Options:
  --scenario NAME   which race: see above [order-race]
  --all-failures    show every refused attempt, not only the first few of each seat
  --open            open the HTML report when the run is over
  --quiet           print only the verdict and where the report is
  --verbose         print Artillery's own reports as well
  -y, --yes         do not ask before making real bookings
  -h, --help        this text

  demo only:
  --lock NAME       how the API guards its seats: "unique" (right, the default), "none" (sells seats twice), or one of
                    thirty more: node reference-api/main.ts --help lists them, docs/detection.md explains
  --store NAME      where it keeps them: "sqlite" (embedded, the default), "postgres" (at DATABASE_URL) or "redis"
                    (at REDIS_URL, with SQLite behind it)
  --seat-count N    how many seats there are, 1 to 100

Environment variables (they override the scenario; [default]):
  ORDER_VUS               virtual users going for each seat [100]
  ORDER_BASE_URL          URL that takes the bookings [ENV.target in environments.yml]
  ORDER_EVENT_ID          event, session and organisation of the seats [ENV.variables]
  ORDER_SESSION_ID
  ORDER_ORGANIZATION_ID
  ORDER_SEAT_IDS          comma-separated; each seat is one round [ENV.variables.seats]
  ORDER_TOKEN             bearer token of all virtual users [as ENV.variables.signIn says]
  ORDER_READ_BACK         "off", or the path below the base URL that says who owns a seat,
                          such as /seats/{seatId} [demo: on; dev, prod: off]
  ORDER_OUTPUT_DIR        folder of the reports [output]
  CI                      if set, as --yes
  NO_COLOR                if set, no colours

Exit codes:
  0      pass: exactly one winner per seat, in a race that did happen
  3      fail: a seat was sold twice, or something else is wrong
  4      inconclusive: nothing wrong was seen, but the race proves nothing
  other  the run itself broke; 2 is bad input

Examples:
  ./run-order-race-test.sh demo
  ./run-order-race-test.sh demo --lock none         # what a caught race looks like
  ./run-order-race-test.sh demo --store postgres --lock for-update
  ./run-order-race-test.sh --scenario all demo
  ORDER_VUS=200 ./run-order-race-test.sh --open dev
HELP
}

# The folder of this file itself, wherever a symbolic link to it may be.
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

# exec: the process keeps its number, and signals arrive.
exec node "$root/cli/main.ts" "$@"
