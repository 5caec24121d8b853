# SPDX-License-Identifier: MPL-2.0
# What tests/run and examples/try share: installing what is missing, finding a host, building. To be sourced by bash.

setup_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

setup_say() {
	printf '\n== %s\n' "$*"
}

setup_fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# setup_apt ARGUMENTS...: apt-get as root, asking nothing.
setup_apt() {
	local as_root=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || setup_fail "Installing packages needs root: run as root, or install sudo."
		as_root=(sudo)
	fi
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@"
}

# setup_packages GROUP...: installs what tests/packages.txt lists for these groups and this machine has not.
setup_packages() {
	local group package missing=()
	while read -r group package; do
		[[ " $* " == *" $group "* ]] || continue
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
	done < <(grep -v '^#' "$setup_root/tests/packages.txt")
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null ||
		setup_fail "This machine has no apt-get. Install the equivalents of these Debian packages and build with cmake, as README.md says under Installation: ${missing[*]}"
	setup_say "Installing ${missing[*]}"
	# The lists may be missing, as in a container, or older than the mirror.
	if ! apt-cache show "${missing[@]}" >/dev/null 2>&1 ||
		! setup_apt install --no-install-recommends "${missing[@]}"; then
		setup_apt update
		setup_apt install --no-install-recommends "${missing[@]}"
	fi
}

# setup_host: prints the program that launches providers.
setup_host() {
	command -v terraform || command -v tofu ||
		setup_fail "Neither terraform nor tofu is on PATH. Install one of them first; each is a single file."
}

# setup_configure DIR OPTIONS...: configures a build of the repository in DIR; options of before are kept.
setup_configure() {
	local dir=$1 generator=()
	shift
	[ -f "$dir/CMakeCache.txt" ] || generator=(-G Ninja)
	cmake -S "$setup_root" -B "$dir" "${generator[@]}" "$@" >"$dir.log" 2>&1 || {
		cat "$dir.log" >&2
		setup_fail "cmake could not configure $dir."
	}
	rm -f "$dir.log"
}
