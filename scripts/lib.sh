# Shared by the host scripts: where things are, and how we speak.
# shellcheck shell=bash
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BUILD=${BUILD:-$TOP/build}
JOBS=${JOBS:-$(nproc)}

say() { printf '\033[1m%s\033[0m %s\n' "[$(date +%T)]" "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
usage_error() { printf 'error: %s\n' "$*" >&2; exit 2; }

# run_logged LOG WHAT CMD...: CMD's output goes to LOG; a line of progress
# every 20 seconds; on failure the log's name and its telling lines.
run_logged() {
	local log=$1 what=$2 start=$SECONDS pid rc=0
	shift 2
	mkdir -p "$(dirname "$log")"
	"$@" >"$log" 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		if (((SECONDS - start) % 20 == 0)); then
			say "$what: $((SECONDS - start)) s, $(wc -l <"$log") lines"
		fi
	done
	wait "$pid" || rc=$?
	if ((rc)); then
		printf '%s failed (exit %d). Log: %s\n' "$what" "$rc" "$log" >&2
		{ grep -nE 'error:|Error |warning:|No space left|patch failed|does not apply|E: ' "$log" ||
			tail -n 5 "$log"; } | head -n 15 >&2
		if grep -q 'No space left' "$log"; then
			echo "The disk is full: make room, or set BUILD= to a directory elsewhere." >&2
		fi
	else
		say "$what: done in $((SECONDS - start)) s"
	fi
	return "$rc"
}

# need_space DIR GIB WHAT: refuse to begin what cannot end.
need_space() {
	local have
	mkdir -p "$1" 2>/dev/null || die "cannot create $1"
	have=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1048576) }')
	((have >= $2)) ||
		die "$3 needs $2 GiB in $1, which has $have: make room, or set BUILD= to a directory elsewhere"
}

# use_arch NAME: what is peculiar to an architecture, of the kernel that is called
# <series>-<profile>[-<arch>][-stock]; no <arch> is x86.  Sets ARCH, ARCH_SUFFIX (the
# part of such names), CROSS_COMPILE (empty on that architecture itself), and from scripts/arch/:
#   ARCH_MACHINE uname -m       ARCH_DEBIAN its name in Debian    ARCH_CROSS the cross compiler's prefix
#   ARCH_PACKAGES for building and booting it elsewhere           ARCH_INSTALL what a boot loader takes
#   ARCH_QEMU, ARCH_BOARD, ARCH_CPU (without KVM), ARCH_CONSOLE the guest
#   arch_image BUILD-DIR        prints what QEMU boots of a kernel that is built, or configured, there
#   arch_append ACCEL           prints more for its kernel command line
# shellcheck disable=SC2034
use_arch() {
	local f
	ARCH=x86 ARCH_SUFFIX=
	for f in "$TOP"/scripts/arch/*; do
		f=${f##*/}
		case $1- in *-"$f"-*) ARCH=$f ARCH_SUFFIX=-$f;; esac
	done
	# shellcheck disable=SC1090
	. "$TOP/scripts/arch/$ARCH"
	CROSS_COMPILE=
	if [ "$(uname -m)" != "$ARCH_MACHINE" ]; then CROSS_COMPILE=$ARCH_CROSS; fi
}

# private_apt NAME [OPTION...] <SOURCES: another apt than the system's, which is not
# touched.  SOURCES are lines "SITE SUITE"; lists and packages are in build/apt/NAME.
# Sets apt, the options to ask it with.
private_apt() {
	local name=$1 dir=$BUILD/apt/$1 site suite
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	shift
	mkdir -p "$dir"/{state/lists/partial,cache/archives/partial}
	while read -r site suite; do
		printf 'deb%s %s %s main\n' "$([ -f $keyring ] && echo " [signed-by=$keyring]")" "$site" "$suite"
	done >"$dir/sources.list"
	apt=(-o "Dir::State=$dir/state" -o "Dir::Cache=$dir/cache" -o "Dir::State::status=/var/lib/dpkg/status"
		-o "Dir::Etc::SourceList=$dir/sources.list" -o "Dir::Etc::SourceParts=/dev/null"
		-o "Dir::Etc::Preferences=/dev/null" -o "Dir::Etc::PreferencesParts=/dev/null"
		-o "Acquire::Languages=none" -o "APT::Default-Release=" -o "APT::Sandbox::User=root" "$@")
	if [ -z "$(find "$dir/fresh" -mmin -1440 2>/dev/null)" ]; then
		run_logged "$BUILD/logs/apt-$name.log" "apt update of $name" apt-get "${apt[@]}" update || return 1
		touch "$dir/fresh"
	fi
}
