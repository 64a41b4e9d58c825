#!/usr/bin/env bash
# tools/mutation/run.sh [OPTIONS OF STRYKER]
#
# Changes the judging in some 3,900 small ways, one at a time, and checks whether the tests notice. Fails below 90 %.
# It works on a copy in .node/mutation, where Stryker is installed as well; Node finds vitest and the rest in the folders above.
# tsconfigFile names a missing file, because Stryker would rewrite tsconfig.json with an API that TypeScript 7 no longer has.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
folder=$PWD/.node/mutation
mkdir -p -- "$folder"

if ! cmp -s -- tools/mutation/package.json "$folder/package.json"; then
  echo 'Installing Stryker (once) …' >&2
  rm -rf -- "$folder/node_modules" "$folder/package-lock.json"
  cp -- tools/mutation/package.json "$folder/package.json"
  npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || {
    rm -f -- "$folder/package.json"
    exit 1
  }
fi

rm -rf -- "$folder"/{model,plugin,reports,tests}
mkdir -p -- "$folder"/{plugin,tests}
cp -R -- model reports "$folder/"
cp -R -- plugin/src "$folder/plugin/"
cp -R -- tests/{judging,model,support} "$folder/tests/"
cp -- tools/mutation/{stryker.config.json,vitest.config.ts} "$folder/"
cd -- "$folder"
exec node_modules/.bin/stryker run "$@"
