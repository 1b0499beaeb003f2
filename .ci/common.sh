# What the scripts of this folder share: . .ci/common.sh, after changing to the repository's root.
# It gives them $work, a folder that goes with them, and counts what passes and fails.
# shellcheck shell=bash
set -euo pipefail

work=$(mktemp -d)
passed=0
failed=0

finish() {
    status=$?
    # What a script has to undo itself.
    if declare -F cleanup > /dev/null; then cleanup || true; fi
    # What runs in the background ends with the script.
    for child in $(jobs -pr); do
        kill -KILL "$child" 2> /dev/null || true
        wait "$child" 2> /dev/null || true
    done
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

pass() { passed=$((passed + 1)); echo "pass  $1"; }
fail() { failed=$((failed + 1)); echo "FAIL  $1"; }
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1: $3 expected, $2 found"; fi; }
same() { if cmp -s "$2" "$3"; then pass "$1"; else fail "$1: the bytes differ"; fi; }

# The closing line; the script's status is whether everything passed.
verdict() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# need COMMAND PACKAGE…: installs the packages where the command is missing. Services that come with them are
# not started: policy-rc.d is how Debian is told so.
need() {
    local command=$1
    shift
    if PATH=$PATH:/usr/sbin:/sbin command -v "$command" > /dev/null; then return; fi
    local sudo policy=/usr/sbin/policy-rc.d
    sudo=$(command -v sudo || true)
    if [ -e "$policy" ]; then policy=; else printf '#!/bin/sh\nexit 101\n' | $sudo install -m 755 /dev/stdin "$policy"; fi
    $sudo apt-get update > /dev/null
    local code=0
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" > "$work/apt" 2>&1 || code=$?
    if [ -n "$policy" ]; then $sudo rm "$policy"; fi
    if [ "$code" -ne 0 ]; then
        tail -n 20 "$work/apt" >&2
        return "$code"
    fi
}

# The program under test: the one that RIVIERA names, or a release build of this tree.
program() {
    if [ -z "${RIVIERA:-}" ]; then
        swift build -c release --product riviera >&2
        RIVIERA=$(swift build -c release --show-bin-path)/riviera
    fi
    realpath "$RIVIERA"
}

# serve LOG [ARGUMENT…]: starts a server on a free port and waits until it is ready: $server is its
# process id, $base its address.
serve() {
    local log=$1
    shift
    # An earlier server's log would be taken for this one's until this one has begun its own.
    : > "$log"
    # shellcheck disable=SC2154  # the script's
    "$riviera" serve --host 127.0.0.1 --port 0 "$@" 2> "$log" &
    server=$!
    for _ in $(seq 300); do
        if grep -q ' ready ' "$log"; then break; fi
        if ! kill -0 "$server" 2> /dev/null; then break; fi
        sleep 0.1
    done
    base=$(sed -n 's/.* listening address=\(http[^ ]*\).*/\1/p' "$log" | head -n 1)
    if [ -z "$base" ]; then
        cat "$log" >&2
        echo "the server does not listen" >&2
        return 1
    fi
}
