// A disk of one file that writes down every write and every flush in the order in which the kernel sent them.
//   record-disk IMAGE LOG FOLDER    mounts FOLDER with one file in it, `disk`, which is IMAGE; ends when it is unmounted
// Log: 64 bit offset, 64 bit length, the bytes; a flush has the length 0.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LARGEST = 1 << 17, ROOM = LARGEST + 4096, DISK = 2 };

static int fuse, image, journal;
static uint64_t size;

static void answer(uint64_t unique, int error, const void *body, size_t length) {
  struct fuse_out_header head = {.len = sizeof head + length, .error = -error, .unique = unique};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)body, length}};
  if (writev(fuse, parts, 2) < 0 && errno != ENOENT) exit(3);
}

static struct fuse_attr attributes(uint64_t node) {
  struct fuse_attr attr = {.ino = node, .nlink = 1, .blksize = 4096};
  attr.mode = node == DISK ? S_IFREG | 0600 : S_IFDIR | 0700;
  attr.size = node == DISK ? size : 0;
  attr.blocks = attr.size / 512;
  return attr;
}

static void note(uint64_t offset, uint64_t length, const void *bytes) {
  uint64_t head[] = {offset, length};
  struct iovec parts[] = {{head, sizeof head}, {(void *)bytes, length}};
  if (writev(journal, parts, 2) != (ssize_t)(sizeof head + length)) exit(4);
}

static void serve(struct fuse_in_header *in, void *body) {
  static char bytes[LARGEST];
  switch (in->opcode) {
    case FUSE_INIT: {
      struct fuse_init_out out = {.major = 7, .minor = 31, .max_readahead = LARGEST, .max_write = LARGEST};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_LOOKUP: {
      if (strcmp(body, "disk") != 0) return answer(in->unique, ENOENT, NULL, 0);
      struct fuse_entry_out out = {.nodeid = DISK, .entry_valid = 3600, .attr_valid = 3600, .attr = attributes(DISK)};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_GETATTR:
    case FUSE_SETATTR: {
      struct fuse_attr_out out = {.attr_valid = 3600, .attr = attributes(in->nodeid)};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_OPEN: {
      struct fuse_open_out out = {0};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_READ: {
      struct fuse_read_in *read = body;
      ssize_t length = pread(image, bytes, read->size, read->offset);
      return answer(in->unique, length < 0 ? errno : 0, bytes, length < 0 ? 0 : length);
    }
    case FUSE_WRITE: {
      struct fuse_write_in *write = body;
      void *data = write + 1;
      if (pwrite(image, data, write->size, write->offset) != (ssize_t)write->size) return answer(in->unique, EIO, NULL, 0);
      note(write->offset, write->size, data);
      struct fuse_write_out out = {.size = write->size};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_FSYNC:
      note(0, 0, NULL);
      return answer(in->unique, 0, NULL, 0);
    case FUSE_STATFS: {
      struct fuse_statfs_out out = {0};
      return answer(in->unique, 0, &out, sizeof out);
    }
    case FUSE_FLUSH:
    case FUSE_RELEASE:
      return answer(in->unique, 0, NULL, 0);
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      return;
    default:
      return answer(in->unique, ENOSYS, NULL, 0);
  }
}

int main(int count, char **words) {
  if (count != 4) return 2;
  static _Alignas(8) char request[ROOM];
  char options[80];
  struct stat stat;
  image = open(words[1], O_RDWR | O_CLOEXEC);
  journal = open(words[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (image < 0 || journal < 0 || fuse < 0 || fstat(image, &stat) < 0) return perror("record-disk"), 1;
  size = stat.st_size;
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
  if (mount("record-disk", words[3], "fuse", MS_NOSUID | MS_NODEV, options) < 0) return perror("mount"), 1;
  for (;;) {
    ssize_t length = read(fuse, request, sizeof request);
    if (length < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) continue;
    if (length <= 0) return 0;
    serve((void *)request, request + sizeof(struct fuse_in_header));
  }
}
