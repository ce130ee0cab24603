# Shared by run, test and bench: where things are kept, what is installed, what is said. Sourced, not started.
# shellcheck shell=bash

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/boothlight
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
mkdir -p "$CACHE/logs" "$CARGO_TARGET_DIR"

# Cargo takes what another checkout has built for its own, and tests then look for files beside that one.
if [ "$(cat "$CARGO_TARGET_DIR/checkout" 2> /dev/null)" != "$TOP" ]; then
    find "$TOP/crates" "$TOP/tests" "$TOP/src-tauri" -name '*.rs' -not -path '*/node_modules/*' -exec touch {} +
    printf '%s\n' "$TOP" > "$CARGO_TARGET_DIR/checkout"
fi

# What each part needs from Debian. The headless studio needs no webview.
PACKAGES_BUILD=(build-essential cmake nasm pkg-config python3-pip libde265-dev)
PACKAGES_WINDOW=(libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev)
PACKAGES_TEST=(chromium webkit2gtk-driver xvfb xauth dbus sqlite3 fonts-dejavu-core iproute2 libheif-examples mesa-vulkan-drivers)
PACKAGES_BENCH=(chromium libimage-exiftool-perl libvips-tools fonts-dejavu-core)
# What a photographer would develop with instead.
PACKAGES_PEERS=(darktable rawtherapee python3-venv time)

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# --- What is going on, and how long is left -----------------------------------------------------------------------

PLAN_NAMES=()
PLAN_SECONDS=()
STEP=0
TIMINGS=$CACHE/timings

# plan NAME SECONDS: a step to come, with a guess for a machine that has not done it before.
plan() {
    local measured=
    [ -f "$TIMINGS" ] && measured=$(awk -F '\t' -v name="$PROGRAM $1" '$1 == name { print $2 }' "$TIMINGS" | tail -n 1)
    PLAN_NAMES+=("$1")
    PLAN_SECONDS+=("${measured:-$2}")
}

duration() {
    if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min' $((($1 + 30) / 60)); fi
}

# announce: says which step begins and what is left with it.
announce() {
    local left=0 index
    for ((index = STEP; index < ${#PLAN_SECONDS[@]}; index++)); do left=$((left + PLAN_SECONDS[index])); done
    say ""
    say "[$((STEP + 1))/${#PLAN_NAMES[@]}] ${PLAN_NAMES[STEP]} (usually $(duration "${PLAN_SECONDS[STEP]}"); about $(duration "$left") left in all)"
}

# remember SECONDS: what the step took, for the next run's guesses.
remember() {
    local name="$PROGRAM ${PLAN_NAMES[STEP]}" kept=
    [ -f "$TIMINGS" ] && kept=$(awk -F '\t' -v name="$name" '$1 != name' "$TIMINGS")
    printf '%s\n%s\t%d\n' "$kept" "$name" "$1" | sed '/^$/d' > "$TIMINGS.$$"
    mv "$TIMINGS.$$" "$TIMINGS"
}

# step COMMAND...: does the next planned step; its failure ends the program.
step() {
    announce
    local begun=$SECONDS
    "$@" || fail "This step failed: ${PLAN_NAMES[STEP]}. Nothing else was changed; mend what stands above and start again."
    remember $((SECONDS - begun))
    STEP=$((STEP + 1))
}

# --- Debian packages ------------------------------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need_packages NAME...: installs those that are missing; asks the network only then.
need_packages() {
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null)" = installed ] || missing+=("$name")
    done
    if [ ${#missing[@]} = 0 ]; then
        say "all there: $*"
        return
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo > /dev/null; then
        say "These Debian packages are missing, and only root may install them. As root: apt-get install ${missing[*]}" >&2
        return 1
    fi
    say "installing: ${missing[*]}"
    as_root apt-get -qq update \
        && as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" > "$CACHE/logs/apt.log" 2>&1 \
        || { tail -n 20 "$CACHE/logs/apt.log" >&2; return 1; }
}

# need_tools: what has to be there before anything else.
need_tools() {
    command -v cargo > /dev/null || fail "Rust is missing: install rustc and cargo 1.95 or newer (rustup), then start again."
    command -v npm > /dev/null || fail "Node.js is missing: install node 20 with npm, then start again."
}

# fetch_libraw: the raw decoder's source, where the system has none that is new enough.
fetch_libraw() { "$TOP/scripts/libraw"; }

# --- Node packages and the two pages ---------------------------------------------------------------------------------

# npm_ready FOLDER: installs what its lock file says, if that changed since the last time.
npm_ready() {
    local stamp=$TOP/$1/node_modules/.lock-hash now
    now=$(sha256sum < "$TOP/$1/package-lock.json")
    if [ "$(cat "$stamp" 2> /dev/null)" = "$now" ]; then return; fi
    say "npm packages of $1"
    (cd "$TOP/$1" && npm ci --no-fund --no-audit --loglevel=error) || return 1
    mkdir -p "${stamp%/*}" && printf '%s\n' "$now" > "$stamp"
}

# ui_hash: of everything that the pages are built from.
ui_hash() {
    (cd "$TOP" && find ui -name node_modules -prune -o -name dist -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

# build_pages: both pages, if their sources changed. The gateway's own build script sees new files in dist/.
build_pages() {
    local page now stamp
    now=$(ui_hash)
    for page in guest operator; do
        npm_ready "ui/$page" || return 1
        stamp=$TOP/ui/$page/node_modules/.built-from
        if [ -n "$(ls -A "$TOP/ui/$page/dist" 2> /dev/null)" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$now" ]; then
            say "ui/$page is up to date"
            continue
        fi
        say "building ui/$page"
        (cd "$TOP/ui/$page" && npm run --silent build) > "$CACHE/logs/ui-$page.log" 2>&1 || { cat "$CACHE/logs/ui-$page.log" >&2; return 1; }
        # Sources may have been generated by the build itself: the hash is taken anew.
        ui_hash > "$stamp"
    done
}
