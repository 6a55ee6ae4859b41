#!/bin/bash
# Breaks the publication of a site in every way that can be arranged, and looks
# at what is left: before the commit the output is as it was, in it every file
# is whole, and the next run finishes and leaves nothing temporary.
#
#   tests/faults/run.sh                  a small driver over src/write alone
#   tests/faults/run.sh 'CMD SRC OUT'    another program: SRC and OUT in the
#                                        template stand for the two folders
#
# With a program of one's own: SITE_A and SITE_B, two sources that differ, and
# NO_WAIT, the option that makes a second build give up (--no-wait). FULL=1
# fails every call, where otherwise at most MAX of a kind are failed, evenly
# chosen. SEED repeats the moments of the kills; KILLS is their number.
set -u
cd "$(dirname "$0")/../.." || exit 3
. tests/lib/tally.sh
export LC_ALL=C.UTF-8 LOA_LANG=en

template=${1:-${LOA_CMD:-}}
seed=${SEED:-$RANDOM}
kills=${KILLS:-300}
max=${MAX:-70}
[ -z "${FULL:-}" ] || max=1000000
no_wait=${NO_WAIT:---no-wait}
calls='open openat openat2 creat write pwrite64 fsync fdatasync syncfs close
    rename renameat renameat2 mkdir mkdirat unlink unlinkat rmdir fchmod'

if ! command -v strace >/dev/null; then
    echo 'strace is not installed; nothing can be injected'
    echo '0 passed, 1 failed'
    exit 1
fi

# In memory where that can be had: the disk is not what is tested.
base=/dev/shm
[ "$(stat -f -c %T $base 2>/dev/null)" = tmpfs ] && [ -w $base ] || base=/tmp
work=$(mktemp -d "$base/loa-faults.XXXXXX") || exit 3
bin=$(mktemp -d) || exit 3
mounts=()
clean_up() {
    local m
    for m in "${mounts[@]}"; do umount -l "$m" 2>/dev/null; done
    chmod -R u+rwX "$work" 2>/dev/null
    rm -rf "$work" "$bin"
}
trap clean_up EXIT

build_driver() {
    local flags='-std=c11 -D_GNU_SOURCE -Isrc -O1 -g -pthread'
    local libs='-lutf8proc -ljansson -lxxhash'
    local lib
    lib=$(dirname "${LOA_RELEASE:-build/loa}")/libloa.a
    # shellcheck disable=SC2086
    if [ -f "$lib" ] && ${CC:-cc} $flags -o "$bin/driver" \
        tests/faults/driver.c "$lib" $libs 2>/dev/null; then
        return
    fi
    # shellcheck disable=SC2086
    ${CC:-cc} $flags -o "$bin/driver" \
        tests/faults/driver.c src/write/*.c src/base/*.c $libs
}

# --- two small sites that differ in every way a commit must deal with --------

page() { # FILE TEXT LINES
    mkdir -p "$(dirname "$1")"
    awk -v t="$2" -v n="$3" 'BEGIN { for (i = 0; i < n; i++)
        print t, i, "0123456789012345678901234567890123456789" }' >"$1"
}

make_sites() {
    local a=$work/a b=$work/b v
    for v in a b; do
        page $work/$v/index.html "home $v" 20
        page $work/$v/feed.xml "feed $v" 30
        page $work/$v/sitemap.xml "map $v" 10
        page $work/$v/logo.png logo 300
        page $work/$v/style-$v.css "style $v" 500
        page $work/$v/news/same/index.html same 30
        page $work/$v/news/edited/index.html "edited $v" 40
    done
    page $a/gone/deep/index.html gone 5
    page $a/turns/index.html 'a folder' 5
    page $a/turns/in/index.html 'a folder' 5
    page $a/flips 'a file' 5
    page $b/turns 'a file' 5
    page $b/flips/index.html 'a folder' 5
    page $b/new/deep/index.html new 5
}

# --- running and looking -----------------------------------------------------

# The command for the source $1, into the output $2, as words in `cmd`.
command_for() {
    local text=" $template "
    text=${text// SRC / $1 }
    text=${text// OUT / $2 }
    read -ra cmd <<<"$text"
}

publish() { # SRC OUT
    command_for "$1" "$2"
    "${cmd[@]}" >"$work/stdout" 2>"$work/stderr" </dev/null
}

state_of() { # OUT
    if [ -d "$1/.loa" ]; then
        echo "$1/.loa"
    else
        echo "$(dirname "$1")/.$(basename "$1").loa"
    fi
}

same() { # OUT WANTED: byte for byte; a missing folder is an empty one
    if [ ! -e "$1" ] || [ ! -e "$2" ]; then
        [ ! -e "$1" ] && [ ! -e "$2" ]
        return
    fi
    diff -rq -x .loa "$1" "$2" >"$work/diff" 2>&1
}

# Every file has the bytes of the old site or of the new one, and a new home
# page never lacks its style sheet.
whole() { # OUT
    [ -e "$1" ] || return 0
    (cd "$1" && find . -name .loa -prune -o -type f -exec sha256sum {} +) 2>/dev/null |
        grep -vxFf "$work/sums" >"$work/broken"
    [ ! -s "$work/broken" ] || return 1
    [ -n "$own_sites" ] || ! cmp -s "$1/index.html" "$work/want.b/index.html" ||
        cmp -s "$1/style-b.css" "$work/want.b/style-b.css"
}

tidy() { # OUT: nothing temporary beside it
    local left
    left=$(ls -A "$(state_of "$1")" | grep -vxE 'lock|manifest|told|history')
    [ -z "$left" ] || echo "left behind: $left" >"$work/diff"
    [ -z "$left" ]
}

# The site as it was before: `old` published, or nothing at all.
reset() { # FROM
    rm -rf "$work/run"
    mkdir "$work/run"
    [ "$1" = none ] || cp -a "$work/$1/." "$work/run/"
}

broke() { # NAME WHAT
    cat "$work/stderr" "$work/diff" "$work/broken" >"$work/why" 2>/dev/null
    fail "$1: $2" "$work/why"
    return 1
}

# strace counts the calls of each thread, so the call that failed may also have
# been the one that prints the message.
is_muted() {
    grep -q '^[0-9]* *write(2,.*INJECTED' "$work/trace" 2>/dev/null
}

# After a run that may have failed: what the promise says. Then the next run.
judge() { # NAME RC BEFORE [OUT]
    local name=$1 rc=$2 before=$3 out=${4:-$work/run/out}
    : >"$work/diff"
    : >"$work/broken"
    if [ -e "$(state_of "$out")/journal" ]; then
        [ "$rc" -ne 0 ] || { broke "$name" 'good, with a journal left'; return; }
        whole "$out" || { broke "$name" 'a file is not whole'; return; }
    elif [ "$rc" -eq 0 ]; then
        same "$out" "$work/want.b" || { broke "$name" 'good, but not complete'; return; }
    else
        # Only the killed, or a program that has more to say, can fail after
        # its commit.
        same "$out" "$before" ||
            { [ "$own_sites$((rc > 128))" != 0 ] &&
                same "$out" "$work/want.b"; } ||
            { broke "$name" 'failed, and changed the output'; return; }
    fi
    [ "$rc" -eq 0 ] || [ "$rc" -gt 128 ] ||
        is_muted || grep -qE '^[^ ]*[^ :]+: ' "$work/stderr" ||
        { broke "$name" 'failed without naming a file'; return; }
    finishes "$name" "$out"
}

finishes() { # NAME OUT
    publish "$work/b" "$2" || { broke "$1" 'the next run failed'; return; }
    same "$2" "$work/want.b" || { broke "$1" 'the next run is not complete'; return; }
    tidy "$2" || { broke "$1" 'temporary files'; return; }
}

# What each site looks like when it is published, and the old one published.
prepare() {
    local v
    rm -rf "$work"/fresh.* "$work"/want.* "$work/old" "$work/sums"
    for v in a b; do
        mkdir "$work/fresh.$v"
        publish "$work/$v" "$work/fresh.$v/out" || { cat "$work/stderr"; exit 3; }
        mv "$work/fresh.$v/out" "$work/want.$v"
        (cd "$work/want.$v" && find . -type f -exec sha256sum {} +) \
            >>"$work/sums"
    done
    mkdir "$work/old"
    publish "$work/a" "$work/old/out" || exit 3
}

# A file in a folder that both sites have, with other bytes.
changed_file() {
    (cd "$work/want.a" && find . -mindepth 2 -type f | sort) |
        while read -r f; do
            [ ! -f "$work/want.b/$f" ] ||
                cmp -s "$work/want.a/$f" "$work/want.b/$f" || echo "${f#./}"
        done | head -n 1
}

# --- failing the n-th call ---------------------------------------------------

inject() { # CALL WHAT N
    command_for "$work/b" "$work/run/out"
    strace -f --seccomp-bpf -qq -o "$work/trace" -e "trace=?$1" \
        -e "inject=?$1:$2:when=$3" "${cmd[@]}" \
        >"$work/stdout" 2>"$work/stderr" </dev/null
}

count_calls() { # CALL
    command_for "$work/b" "$work/run/out"
    strace -f --seccomp-bpf -qq -o "$work/trace" -e "trace=?$1" \
        "${cmd[@]}" >/dev/null 2>&1 </dev/null
    grep -c "^[0-9]* *$1(" "$work/trace"
}

inject_all() { # CALL WHAT FROM: FROM is old or none
    local call=$1 what=$2 from=$3 before=$work/none n total step rc bad=0
    local seen=0
    [ "$from" = none ] || before=$work/want.a
    reset "$from"
    total=$(count_calls "$call")
    step=$((total > max ? (total + max - 1) / max : 1))
    # Killed at every rename and removal of an update, however many there are.
    [ "$what$from" != signal=KILLold ] || step=1
    for ((n = 1; n <= total; n += step)); do
        reset "$from"
        inject "$call" "$what" $n
        rc=$?
        judge "$call $n of $total, $what, from $from" $rc "$before" || bad=1
        seen=$((seen + (rc != 0)))
        # What is not on the disk is not published.
        if [[ $call = *sync* ]] && [ $rc -eq 0 ]; then
            broke "$call $n of $total, $what, from $from" 'was not noticed'
            bad=1
        fi
    done
    # Each of the ten and more that are written is closed with care.
    [ "$call" != close ] || [ -n "$own_sites" ] || [ $seen -ge 10 ] || fail "close: $seen of $total were noticed"
    [ $bad -ne 0 ] || [ "$total" -eq 0 ] || pass "$call: $what, $total calls, from $from"
}

test_calls() {
    local call what from
    for call in $calls; do
        for what in error=EIO error=ENOSPC; do
            inject_all "$call" $what old
        done
        inject_all "$call" error=EIO none
    done
    inject_all renameat signal=KILL old
    inject_all renameat signal=KILL none
    inject_all unlinkat signal=KILL old
}

# A file system that cannot sync as a whole: each file is synced instead.
test_no_syncfs() {
    local from
    for from in old none; do
        reset $from
        inject syncfs error=ENOSYS 1+
        if [ $? -eq 0 ] && same "$work/run/out" "$work/want.b" &&
            tidy "$work/run/out"; then
            pass "without syncfs, from $from"
        else
            broke "without syncfs, from $from" 'not complete'
        fi
    done
    local total n rc bad=0
    reset old
    command_for "$work/b" "$work/run/out"
    strace -f -qq -o "$work/trace" -e trace=fsync -e inject=syncfs:error=ENOSYS \
        "${cmd[@]}" >/dev/null 2>&1
    total=$(grep -c 'fsync(' "$work/trace")
    for ((n = 1; n <= total; n++)); do
        reset old
        strace -f -qq -o "$work/trace" -e trace=fsync \
            -e inject=syncfs:error=ENOSYS -e inject=fsync:error=EIO:when=$n \
            "${cmd[@]}" >"$work/stdout" 2>"$work/stderr"
        rc=$?
        judge "fsync $n without syncfs" $rc "$work/want.a" || bad=1
        [ $rc -ne 0 ] || broke "fsync $n without syncfs" 'was not noticed' ||
            bad=1
    done
    [ $bad -ne 0 ] || pass "without syncfs: $total fsync fail"
}

# --- kill -9 -----------------------------------------------------------------

# More pages, so that a good part of the time is spent in the commit.
grow_sites() {
    local i v
    for v in a b; do
        mkdir $work/$v/more
        for ((i = 0; i < 300; i++)); do
            echo "$v $i" >$work/$v/more/$i.html
        done
    done
    prepare
}

# How long a run takes, in microseconds.
run_time() {
    local start=${EPOCHREALTIME/[.,]/} end
    reset old
    command_for "$work/b" "$work/run/out"
    timeout -s KILL 60 "${cmd[@]}" >/dev/null 2>&1 </dev/null
    end=${EPOCHREALTIME/[.,]/}
    echo $((end - start))
}

# The moments follow the run: the span is narrowed when a kill came too late
# and widened when it hit. timeout sets its clock before it starts the program.
test_kills() {
    local i us span rc bad=0 cut=0 pending=0
    [ -n "$own_sites" ] || grow_sites
    span=$(run_time)
    RANDOM=$seed
    for ((i = 0; i < kills; i++)); do
        reset old
        us=$(((RANDOM * 32768 + RANDOM) % span + 1))
        command_for "$work/b" "$work/run/out"
        timeout -s KILL "$(printf '%d.%06d' $((us / 1000000)) \
            $((us % 1000000)))" "${cmd[@]}" \
            >"$work/stdout" 2>"$work/stderr" </dev/null
        rc=$?
        span=$((rc == 137 ? span * 102 / 100 : span * 9 / 10 + 50))
        cut=$((cut + (rc == 137)))
        [ ! -e "$(state_of "$work/run/out")/journal" ] ||
            pending=$((pending + 1))
        judge "kill $i after $us us" $rc "$work/want.a" || bad=1
    done 2>/dev/null
    echo "kills: $cut of $kills hit, $pending in the commit; SEED=$seed"
    [ $bad -ne 0 ] || pass "$kills kills at random"
    [ $kills -lt 100 ] || [ $((cut * 2)) -gt $kills ] || fail 'most kills came too late'
}

# --- small, full and read-only file systems, limits --------------------------

mount_small() { # OPTIONS
    mkdir -p "$work/mnt"
    mount -t tmpfs -o "$1" tmpfs "$work/mnt" 2>/dev/null || return 1
    mounts=("$work/mnt")
}

unmount_small() {
    umount "$work/mnt" && mounts=()
}

# Publishes on the mount; the mount is made roomy for the next run.
run_small() { # NAME
    local rc
    publish "$work/b" "$work/mnt/out"
    rc=$?
    cp "$work/stderr" "$work/stderr.first"
    rm -f "$work/mnt/filler"
    mount -o remount,rw,size=64m,nr_inodes=10000 "$work/mnt"
    cp "$work/stderr.first" "$work/stderr"
    [ $rc -eq 0 ] || refused=$((refused + 1))
    judge "$1" $rc "$work/want.a" "$work/mnt/out"
}

test_full() {
    local free used bad=0 refused=0 share inodes size files
    size=$(du -sk --apparent-size "$work/old" | cut -f 1)
    files=$(find "$work/old" | wc -l)
    # Shares of what the new site needs, a page of memory a file.
    for share in 0 1 2 4 8 12 16 20 24 28 32 40 50 70 100 130; do
        free=$((files * 4 * share / 100 / 4 * 4))
        mount_small size=$((size + files * 8 + 1024))k ||
            { echo 'skipped: cannot mount a tmpfs'; return; }
        cp -a "$work/old/." "$work/mnt/"
        used=$(df --output=avail -k "$work/mnt" | tail -n 1)
        head -c $(((used - free) * 1024)) /dev/zero >"$work/mnt/filler" \
            2>/dev/null
        run_small "full tmpfs, $free KiB free" || bad=1
        unmount_small
    done
    [ $bad -ne 0 ] || pass "full tmpfs: refused $refused of 16 times"
    [ $refused -gt 0 ] || fail 'full tmpfs: never full'
    bad=0 refused=0
    for share in 0 2 4 8 12 16 20 25 30 40 60 90; do
        # The root of the mount is one, too.
        inodes=$((files + 1 + files * share / 100))
        mount_small "size=64m,nr_inodes=$inodes" || return
        cp -a "$work/old/." "$work/mnt/" && run_small "$inodes inodes" || bad=1
        unmount_small
    done
    [ $bad -ne 0 ] || pass "out of inodes: refused $refused times"
    [ $refused -gt 0 ] || fail 'out of inodes: never'
    mount_small size=64m || return
    cp -a "$work/old/." "$work/mnt/"
    mount -o remount,ro "$work/mnt"
    refused=0
    run_small 'read-only' && [ $refused -eq 1 ] && pass 'read-only'
    unmount_small
}

test_limits() {
    local n bad=0 rc refused=0
    for n in 1 100 1000 4096 20000 100000; do
        reset old
        command_for "$work/b" "$work/run/out"
        prlimit --fsize=$n "${cmd[@]}" >/dev/null 2>"$work/stderr"
        rc=$?
        [ $rc -eq 0 ] || refused=$((refused + 1))
        # The limit may have cut the message itself.
        [ $rc -eq 0 ] || printf '\nlimit: %s\n' $n >>"$work/stderr"
        judge "file size limit $n" $rc "$work/want.a" || bad=1
    done
    [ $bad -ne 0 ] || pass "file size limit: refused $refused of 6 times"
    bad=0
    for n in 20 16 12 11 10 9 8 7 6 5 4; do
        reset old
        command_for "$work/b" "$work/run/out"
        prlimit --nofile=$n "${cmd[@]}" >/dev/null 2>"$work/stderr"
        rc=$?
        judge "$n open files" $rc "$work/want.a" || bad=1
        [ $n -ne 20 ] || [ $rc -eq 0 ] || bad=1
    done
    [ $bad -ne 0 ] || pass 'few open files'
}

# Another user's output: nothing may be half done for want of permission.
test_other_user() {
    local nobody='setpriv --reuid=65534 --regid=65534 --clear-groups' what
    if ! $nobody true 2>/dev/null || ! chmod 711 "$work" "$bin"; then
        echo 'skipped: cannot become another user'
        return
    fi
    chmod -R a+rX "$work/a" "$work/b" "$bin"
    for what in all folder below; do
        reset old
        chown -R 65534:65534 "$work/run"
        case $what in
        all) chown -R 0:0 "$work/run" ;;
        folder) chown -R 0:0 "$work/run/out" ;;
        below) chown 0:0 "$work/run/out/$(dirname "$(changed_file)")" ;;
        esac
        command_for "$work/b" "$work/run/out"
        $nobody "${cmd[@]}" >/dev/null 2>"$work/stderr"
        rc=$?
        chown -R 0:0 "$work/run"
        if [ $rc -eq 0 ] || [ -e "$work/run/.out.loa/journal" ]; then
            broke "another user's output ($what)" 'was written'
        elif judge "another user's output ($what)" $rc "$work/want.a"; then
            pass "another user's output ($what)"
        fi
    done
}

# Where nothing can be renamed from beside the output, its state lies inside.
test_inside() {
    local nobody='setpriv --reuid=65534 --regid=65534 --clear-groups' n bad=0
    reset none
    mkdir "$work/run/out"
    if mount -t tmpfs tmpfs "$work/run/out" 2>/dev/null; then
        mounts=("$work/run/out")
        publish "$work/a" "$work/run/out"
        for n in 1 2 5 9; do
            inject renameat signal=KILL $n
            judge "a mount point, killed at rename $n" $? "$work/want.a" ||
                bad=1
            publish "$work/a" "$work/run/out"
        done
        [ -d "$work/run/out/.loa" ] || bad=1
        [ $bad -ne 0 ] || pass 'a mount point'
        umount "$work/run/out" && mounts=()
    fi
    reset none
    mkdir "$work/run/out"
    chown 65534:65534 "$work/run/out" 2>/dev/null || return
    command_for "$work/b" "$work/run/out"
    if $nobody "${cmd[@]}" 2>"$work/stderr" && tidy "$work/run/out" &&
        same "$work/run/out" "$work/want.b"; then
        pass 'only the output may be written'
    else
        broke 'only the output may be written' failed
    fi
}

# --- two at once, and hands that are not ours --------------------------------

test_two() {
    local rc
    reset old
    flock "$work/run/.out.loa/lock" sleep 0.5 &
    sleep 0.1
    command_for "$work/b" "$work/run/out"
    "${cmd[@]}" $no_wait >/dev/null 2>"$work/stderr"
    rc=$?
    if [ $rc -eq 4 ] && same "$work/run/out" "$work/want.a" &&
        grep -q . "$work/stderr"; then
        pass 'a second build with --no-wait gives up with 4'
    else
        broke "a second build with --no-wait" "exit $rc"
    fi
    if publish "$work/b" "$work/run/out" &&
        same "$work/run/out" "$work/want.b"; then
        pass 'a second build waits'
    else
        broke 'a second build waits' failed
    fi
    wait
    reset old
    publish "$work/a" "$work/run/out" &
    publish "$work/b" "$work/run/out" &
    wait
    finishes 'two builds race' "$work/run/out" && pass 'two builds race'
}

refuses() { # NAME BEFORE CODE
    publish "$work/b" "$work/run/out"
    local rc=$?
    if [ $rc -ne 0 ] && grep -q "$3" "$work/stderr" &&
        diff -rq --no-dereference "$work/run/out" "$2" >"$work/diff"; then
        pass "$1"
    else
        broke "$1" "exit $rc"
    fi
}

test_links() {
    local where=$work/elsewhere folder
    rm -rf "$where"
    mkdir "$where"
    reset old
    rm -r "$work/run/out/index.html"
    ln -s "$where/stolen" "$work/run/out/index.html"
    cp -a "$work/run/out" "$work/before"
    refuses 'a link in place of a file' "$work/before" E-OUTPUT-LINK
    rm -rf "$work/before"
    reset old
    folder=$(changed_file)
    folder=${folder%%/*}
    rm -r "$work/run/out/$folder"
    ln -s "$where" "$work/run/out/$folder"
    cp -a "$work/run/out" "$work/before"
    refuses 'a link in place of a folder' "$work/before" E-OUTPUT-LINK
    if [ -z "$(ls -A "$where")" ]; then
        pass 'nothing is written through links'
    else
        fail 'nothing is written through links'
    fi
}

test_damage() {
    local file n bad=0 size
    reset old
    inject renameat signal=KILL 8
    cp -a "$work/run" "$work/cut"
    for file in manifest journal; do
        [ -f "$work/cut/.out.loa/$file" ] || continue
        size=$(stat -c %s "$work/cut/.out.loa/$file")
        for n in 0 10 20 $((size / 2)) $((size - 1)); do
            reset cut
            truncate -s $n "$work/run/.out.loa/$file"
            publish "$work/b" "$work/run/out"
            rc=$?
            # What nobody remembers publishing is left where it is.
            if [ $rc -ne 0 ] || diff -rq "$work/run/out" "$work/want.b" |
                grep -v "^Only in $work/run/out" >"$work/diff"; then
                grep -q E-OUTPUT-BLOCKED "$work/stderr" ||
                    { broke "$file cut to $n" "exit $rc"; bad=1; }
            fi
            tidy "$work/run/out" || { broke "$file cut to $n" untidy; bad=1; }
        done
    done
    [ $bad -ne 0 ] || pass 'a damaged manifest and journal'
}

# -----------------------------------------------------------------------------

own_sites=${SITE_A:+yes}
if [ -z "$template" ]; then
    build_driver || { echo '0 passed, 1 failed'; exit 1; }
    template="$bin/driver SRC OUT"
fi
if [ -n "$own_sites" ]; then
    cp -a "$SITE_A" "$work/a" && cp -a "$SITE_B" "$work/b" || exit 3
else
    make_sites
fi
prepare
same "$work/want.a" "$work/want.b" && { echo 'the two sites are equal'; exit 3; }
[ -n "$own_sites" ] || same "$work/want.b" "$work/b" || fail 'copies'

for t in ${ONLY:-calls no_syncfs full limits other_user inside two links damage kills}; do
    start=$SECONDS
    "test_$t"
    echo "$t: $((SECONDS - start)) s"
done
finish
