#!/usr/bin/env bash
# Fetches packages without npm, and tells how far a long step is. tools/setup.sh sources this.

# --- Packages of the registry -------------------------------------------------------------------------------------

# The registry that npm would use.
registry_url() {
  local url=${NPM_CONFIG_REGISTRY:-${npm_config_registry:-}} file
  for file in "$setup_root/.npmrc" "${HOME:-/nowhere}/.npmrc"; do
    if [ -z "$url" ] && [ -f "$file" ]; then
      url=$(sed -n 's/^ *registry *= *//p' "$file" | head -n 1 | tr -d '"'"'"' \r')
    fi
  done
  url=${url:-https://registry.npmjs.org}
  printf '%s\n' "${url%/}"
}

# fetch_package NAME VERSION INTEGRITY FOLDER: puts a package there, or fails with an error. INTEGRITY is npm's: no other bytes
# are unpacked.
fetch_package() {
  local name=$1 version=$2 integrity=$3 folder=$4 url file
  url=$(registry_url)/$name/-/$name-$version.tgz
  file=$setup_dir/$name.tgz
  setup_measured=$file
  rm -rf -- "$folder" "$file"
  watched "Fetching $name $version" "$(size_of "$url")" bytes_in download "$url" "$file" || {
    setup_failed "could not fetch $name $version from $(registry_url | sed 's,//[^@/]*@,//***@,')"
    return 2
  }
  if [ "$(integrity_of "$file")" != "$integrity" ]; then
    rm -f -- "$file"
    setup_error "the registry's $name $version is not the one that is pinned here: its checksum differs"
    return 2
  fi
  mkdir -p -- "$folder" && logged tar -xzf "$file" -C "$folder" --strip-components=1 || {
    setup_failed "could not unpack $name $version"
    return 2
  }
  rm -f -- "$file"
}

can_download() {
  command -v curl >/dev/null || command -v wget >/dev/null
}

download() {
  if command -v curl >/dev/null; then
    curl -fsSL --retry 2 -o "$2" "$1"
  else
    wget -q -O "$2" "$1"
  fi
}

# Bytes; 0 where nobody says.
size_of() {
  local size=''
  if command -v curl >/dev/null; then
    size=$(curl -fsIL "$1" 2>/dev/null | tr -d '\r' | sed -n 's/^[Cc]ontent-[Ll]ength: *//p' | tail -n 1)
  fi
  printf '%s\n' "${size:-0}"
}

# The checksum of a file as npm writes it: base64 of the bytes of its SHA-512.
integrity_of() {
  local hex
  hex=$(sha512_of "$1" | sed 's/.*= *//; s/ .*//; s/../\\x&/g')
  # shellcheck disable=SC2059
  [ -n "$hex" ] && printf 'sha512-%s\n' "$(printf "$hex" | base64 | tr -d '\n')"
}

sha512_of() {
  if command -v sha512sum >/dev/null; then
    sha512sum <"$1"
  elif command -v shasum >/dev/null; then
    shasum -a 512 <"$1"
  else
    openssl dgst -sha512 <"$1"
  fi
}

# --- How far it is ------------------------------------------------------------------------------------------------

# watched WHAT TOTAL MEASURE CMD ARGS…: runs CMD as `logged` does. `MEASURE $setup_measured` prints how many bytes of TOTAL are
# there. In a terminal one line is kept up to date; in a log a line comes every 5 s. The time that is left is what the rest takes
# at the pace so far.
watched() {
  local what=$1 total=$2 measure=$3 began=$SECONDS told=0 idle=0 so_far code=0
  shift 3
  logged "$@" &
  setup_worker=$!
  while kill -0 "$setup_worker" 2>/dev/null; do
    if ((SECONDS - began - told >= ${setup_tell_every:-2})); then
      told=$((SECONDS - began))
      so_far=$("$measure" "$setup_measured")
      # The pace counts from the first bytes: before that, npm only asks around.
      if ((so_far * 100 <= total)); then idle=$told; fi
      tell_progress "$(progress_line "$what" "$total" "$so_far" $((told - idle)) "$told")"
    fi
    sleep 0.1
  done
  wait "$setup_worker" || code=$?
  setup_worker=''
  if [ -t 2 ] && ((told > 0)); then printf '\r\033[K' >&2; fi
  return "$code"
}

if [ -t 2 ]; then setup_tell_every=2; else setup_tell_every=5; fi

tell_progress() {
  if [ -t 2 ]; then printf '\r\033[K%s' "$1" >&2; else setup_say "$1"; fi
}

# progress_line WHAT TOTAL SO_FAR SECONDS SECONDS_IN_ALL
progress_line() {
  local what=$1 total=$(($2 / 1000000)) so_far=$(($3 / 1000000)) seconds=$4 in_all=$5 left
  if ((seconds == 0)); then
    printf '  %s: waiting for the registry, %s s so far\n' "$what" "$in_all"
    return
  fi
  if ((total <= 0)); then
    printf '  %s: %s MB, %s s so far\n' "$what" "$so_far" "$in_all"
    return
  fi
  # The total is an estimate for some steps.
  if ((so_far >= total)); then
    printf '  %s: %s MB, nearly done, %s s so far\n' "$what" "$so_far" "$in_all"
    return
  fi
  printf '  %s: %s of %s MB' "$what" "$so_far" "$total"
  # Before a twentieth is done, any estimate would be a guess.
  if ((so_far > 0 && so_far * 20 >= total)); then
    left=$((seconds * (total - so_far) / so_far))
    printf ', about %s s left' "$((left > 0 ? left : 1))"
  fi
  printf '\n'
}

bytes_in() {
  if [ -f "$1" ]; then wc -c <"$1" | tr -d ' '; else printf '0\n'; fi
}

bytes_below() {
  local size
  size=$(du -sk "$1" 2>/dev/null | cut -f 1)
  printf '%s\n' $((${size:-0} * 1024))
}

# --- What npm installed ---------------------------------------------------------------------------------------------

# The folders of the packages that are there after every installation, one a line: npm goes on without an optional one.
needed_packages_for() {
  locked_packages "$1" <"$setup_root/package-lock.json" | sed -n 's/ needed$//p' | cut -d ' ' -f 1
}

# Reads package-lock.json. A line for each package: its folder, version, checksum, and "needed" or "optional".
locked_packages() {
  awk -v wanted="$1" '
    /^    "node_modules\// { split($0, part, "\""); path = part[2]; keep = 1; version = sum = "-"; need = "needed" }
    /^      "version": / { split($0, part, "\""); version = part[4] }
    /^      "integrity": / { split($0, part, "\""); sum = part[4] }
    /^      "(o|devO)ptional": true/ { need = "optional" }
    wanted == "race" && /^      "dev(Optional)?": true/ { keep = 0 }
    /^      "(os|cpu|libc)": / || /^      "link": true/ { keep = 0 }
    /^    }/ { if (path != "" && keep) print path, version, sum, need; path = "" }
  '
}

# Whether npm has installed what package-lock.json asks for, by npm's own record. npm writes that last.
installed_as_locked() {
  local record=$setup_root/node_modules/.package-lock.json
  [ -f "$record" ] && awk '
    file == "record" { have[$1] = $2 " " $3; next }
    $1 in have ? have[$1] != $2 " " $3 : $4 == "needed" { wrong = 1 }
    END { exit wrong }
  ' file=record <(locked_packages all <"$record") file=lock <(locked_packages "$1" <"$setup_root/package-lock.json")
}
