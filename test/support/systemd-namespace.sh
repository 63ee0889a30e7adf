#!/bin/bash
# A systemd of its own as PID 1, for tests: `systemd-namespace.sh FOLDER BIND…` becomes the process whose only child it is.
# Whoever kills this process kills all of it. What the machine has is there, and changes to it are gone with it; only
# FOLDER/units, which is its /etc/systemd/system, and the folders BIND are the same inside and outside.
# Ports are shared with the machine. Needs root, systemd and util-linux.
set -euo pipefail

if [ "${1:-}" != --apart ]; then
  exec unshare --mount --propagation private -- "$0" --apart "$@"
fi
folder=$2
shift 2
inside=$folder/mount/root

mount -t tmpfs -o size=256m,mode=0755 memory "$folder/mount"
mkdir "$folder"/mount/{changes,work,root,cgroup}
mount -t overlay -o "lowerdir=/,upperdir=$folder/mount/changes,workdir=$folder/mount/work" overlay "$inside"

# A group of its own, which systemd then believes to be the top.
mount -t cgroup2 cgroup "$folder/mount/cgroup"
mkdir "$folder/mount/cgroup/$(basename "$folder")"
echo $$ >"$folder/mount/cgroup/$(basename "$folder")/cgroup.procs"

# Nothing of the machine is started: no generators, nothing wanted, and the targets that all units need are empty.
system=$inside/usr/lib/systemd/system
rm -rf "$inside/usr/lib/systemd/system-generators" "$inside/etc/systemd/system" "$system"/*.wants
for target in sysinit basic multi-user; do
  rm -f "$system/$target.target"
  printf '[Unit]\nDescription=%s\nAllowIsolate=yes\n' "$target" >"$system/$target.target"
done
for unit in systemd-journald.service systemd-journald.socket systemd-logind.service; do
  ln -sf /dev/null "$system/$unit"
done

mount -t tmpfs -o mode=0755 run "$inside/run"
mkdir -p "$inside/etc/systemd/system"
mount --bind "$folder/units" "$inside/etc/systemd/system"
for bind in "$@"; do
  mkdir -p "$inside$bind"
  mount --bind "$bind" "$inside$bind"
done
mount --rbind /dev "$inside/dev"

exec unshare --pid --fork --kill-child --uts --ipc --cgroup -- /bin/bash -c '
  mount -t proc proc "$0/proc"
  # A boot of its own: what was noted in the boot before is told from what runs now.
  cat /proc/sys/kernel/random/uuid >"$0/run/boot-id"
  mount --bind "$0/run/boot-id" "$0/proc/sys/kernel/random/boot_id"
  mount -t sysfs sysfs "$0/sys"
  mount -t cgroup2 cgroup "$0/sys/fs/cgroup"
  exec chroot "$0" /usr/bin/env -i container=test PATH="$PATH" /usr/lib/systemd/systemd --system \
    --unit=multi-user.target --log-target=console --log-level=notice --show-status=no --default-standard-output=null
' "$inside"
