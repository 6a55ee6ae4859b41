# For the runners, by `. tests/lib/tally.sh`: counts what passed and failed.
#
#   pass NAME; fail NAME [FILE]; finish
#
# finish prints 'N passed, N failed' as the last line and sets the exit code.
# fail shows the head of FILE, indented.
passed=0
failed=0

pass() {
    passed=$((passed + 1))
    [ -z "${VERBOSE:-}" ] || echo "ok    $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAIL  $1"
    [ -z "${2:-}" ] || head -n 60 "$2" | sed 's/^/      /'
}

# check NAME COMMAND...: passes when the command does; shows what it printed.
check() {
    tally_name=$1
    shift
    tally_log=$(mktemp)
    if "$@" >"$tally_log" 2>&1; then
        pass "$tally_name"
    else
        fail "$tally_name" "$tally_log"
    fi
    rm -f "$tally_log"
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
