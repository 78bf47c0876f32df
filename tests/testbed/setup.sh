#!/bin/sh
# Makes this machine able to run the testbed: installs what is missing, on Debian and its kin, as root.
# Says one line and exits 1 where that cannot be; tests that need hosts then count as skipped. Harmless to repeat.
set -eu
missing=''
need() { # TOOL PACKAGE
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
no() {
  echo "testbed: $1"
  exit 1
}

[ "$(uname -s)" = Linux ] || no "needs Linux with namespaces"
[ "$(id -u)" = 0 ] || no "needs root: run as root, or in CI with sudo"
need sshd openssh-server
need ssh-keygen openssh-client
need ip iproute2
need unshare util-linux
need jq jq
need ping iputils-ping
need ps procps
need python3 python3-minimal
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null 2>&1 || no "needs$missing, and there is no apt-get to install them"
  apt-get update -qq >/dev/null 2>&1 || true
  # No service starts: the machine's own sshd stays as it is.
  # shellcheck disable=SC2086 # a list of packages
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || no "cannot install$missing"
fi
unshare --mount --uts --ipc --net --pid --fork true 2>/dev/null || no "this machine does not let namespaces be made (a container without CAP_SYS_ADMIN?)"
grep -qw overlay /proc/filesystems || no "the kernel has no overlayfs"
