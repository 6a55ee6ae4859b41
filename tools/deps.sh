#!/bin/sh
# deps.sh build|test ...: installs what is missing for building (compiler,
# libraries, gettext) or testing (sanitizers, validators). The only script that
# touches the system.
#
# It asks for commands, headers and versions, never for package names: what is
# there by another road (a node of one's own) is not installed again.
set -eu
cd "$(dirname "$0")/.."

missing=

# want PACKAGE TEST...: PACKAGE is what Debian 12 calls it.
want() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 && return
    case " $missing " in *" $package "*) ;; *) missing="$missing $package" ;; esac
}

has() { command -v "$1"; }
lib() { pkg-config --exists "$1"; }

# Does a program with this line compile and link?
compiles() {
    cc=$1 line=$2
    shift 2
    tmp=$(mktemp -d)
    printf '%s\n' "$line" >"$tmp/a.c"
    rc=0
    "$cc" "$@" -o "$tmp/a" "$tmp/a.c" || rc=1
    rm -rf "$tmp"
    return $rc
}

# Debian keeps servers where only root looks.
has_nginx() { PATH=$PATH:/usr/sbin command -v nginx; }
node_18() { [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; }
java_11() { java -version 2>&1 | grep -Eq 'version "(1[1-9]|[2-9][0-9])'; }

for_building() {
    want gcc has gcc
    want libc6-dev compiles gcc '#include <stdio.h>
int main(void) { return 0; }'
    want make has make
    want pkg-config has pkg-config
    want gettext has msgfmt
    want libcmark-dev lib libcmark
    want libyaml-dev lib 'yaml-0.1 >= 0.2.5'
    want libutf8proc-dev lib libutf8proc
    want libicu-dev lib icu-i18n
    want libjansson-dev lib jansson
    want libxxhash-dev lib 'libxxhash >= 0.8'
    want liblmdb-dev lib lmdb
    want libmicrohttpd-dev lib libmicrohttpd
    # openat2 has no wrapper in the C library: the header of the kernel names it.
    want linux-libc-dev compiles gcc '#include <linux/openat2.h>
int main(void) { return 0; }'
}

fuzz_main='#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { return !d && n; }'

for_testing() {
    want libcmocka-dev lib cmocka
    want clang has clang
    want libclang-rt-14-dev compiles clang "$fuzz_main" \
        -fsanitize=fuzzer,address,undefined
    want clang-format has clang-format
    want cppcheck has cppcheck
    want cmark has cmark
    want cmark-gfm has cmark-gfm
    want libxml2-utils has xmllint
    want jq has jq
    want curl has curl
    want strace has strace
    want nginx-light has_nginx
    want groff has groff
    want faketime has faketime
    want procps has ps
    want util-linux has setpriv
    want mount has mount
    want iproute2 has ss
    want python3 has python3
    want python3-yaml python3 -c 'import yaml'
    want default-jre-headless java_11
    want nodejs node_18
    want npm has npm
    want chromium has chromium
}

look() {
    missing=
    for group in $groups; do
        case $group in
        build) for_building ;;
        test) for_testing ;;
        *) echo "deps.sh: no such group: $group" >&2 && exit 2 ;;
        esac
    done
}

install_packages() {
    echo "deps: will install with apt-get:$missing"
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "deps: not root and no sudo; as root: apt-get install$missing" >&2
            exit 1
        }
        root=sudo
    fi
    mkdir -p build
    # shellcheck disable=SC2086 # a list of words
    $root apt-get update -qq >build/deps.log 2>&1 &&
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
            --no-install-recommends -o Dpkg::Use-Pty=0 \
            -o DPkg::Lock::Timeout=600 $missing >>build/deps.log 2>&1 || {
        tail -n 40 build/deps.log >&2
        exit 3
    }
    look
    [ -z "$missing" ] || {
        echo "deps: installed, but still not found:$missing" >&2
        exit 1
    }
}

install_npm() {
    cmp -s tests/package-lock.json tests/node_modules/.installed && return
    echo "deps: will install in tests/node_modules what package-lock.json names"
    (
        cd tests
        npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
            npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    )
    cp tests/package-lock.json tests/node_modules/.installed
}

groups=$*
look
if [ -n "$missing" ]; then
    install_packages
fi
case " $groups " in
*' test '*) install_npm ;;
esac
