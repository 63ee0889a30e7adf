// Loaded with LD_PRELOAD into the program and what it starts: counts every call of the C library that changes a file
// below some folders, of all threads and processes together, and at one of them kills the program or lets the call fail.
// FAULT_BELOW, FAULT_LOG, FAULT_AT, FAULT_WHAT and FAULT_STICKY are those of test/crash/injector.mjs.
//   FAULT_READS   '1': calls that open a file to read it count as well
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LINE = 240, LONGEST = 4096 };

static const char *below, *what;
static long at;
static int sticky, reads, log_file = -1;
static pid_t program;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("FAULT_LOG"), *first = getenv("FAULT_PROGRAM");
  below = getenv("FAULT_BELOW");
  what = getenv("FAULT_WHAT");
  if (log == NULL || below == NULL || what == NULL) return;
  at = atol(getenv("FAULT_AT") ?: "0");
  sticky = strcmp(getenv("FAULT_STICKY") ?: "", "1") == 0;
  reads = strcmp(getenv("FAULT_READS") ?: "", "1") == 0;
  program = first == NULL ? getpid() : atoi(first);
  if (first == NULL) {
    char own[16];
    snprintf(own, sizeof own, "%d", program);
    setenv("FAULT_PROGRAM", own, 1);
  }
  log_file = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

static void die(void) {
  kill(program, SIGKILL);
  for (;;) raise(SIGKILL);
}

static int is_one_of(const char *name, const char *names) {
  const char *found = strstr(names, name);
  return found != NULL && found[strlen(name)] == ' ';
}

static const struct { const char *name; int number; const char *hits; } ERRNOS[] = {
  {"ENOSPC", ENOSPC, "open write symlink link mkdir copyFile rename "},
  {"EDQUOT", EDQUOT, "open write symlink link mkdir copyFile rename "},
  {"EROFS", EROFS, "open symlink link mkdir copyFile rename unlink rmdir chmod chown utimes truncate "},
  {"EMFILE", EMFILE, "open read "},
  {"EACCES", EACCES, "open read symlink link mkdir copyFile rename unlink rmdir chmod chown utimes "},
  {"EIO", EIO, "open read write symlink link mkdir copyFile rename unlink rmdir chmod chown utimes truncate fsync "},
};

/** What shall happen at this call: 0 nothing, > 0 this errno, < 0 dying: -1 before it, -2 after it, -3 in the middle. */
static int fault_of(const char *name, const char *file) {
  char line[LINE + 1], text[LONGEST + 32];
  snprintf(text, sizeof text, "%s %s", name, file);
  snprintf(line, sizeof line, "%-*.*s\n", LINE - 1, LINE - 1, text);
  pthread_mutex_lock(&counting);
  REAL(write)(log_file, line, LINE);
  long number = lseek(log_file, 0, SEEK_CUR) / LINE;
  pthread_mutex_unlock(&counting);
  if (at == 0 || number < at || (number > at && !sticky)) return 0;
  for (size_t n = 0; n < sizeof ERRNOS / sizeof *ERRNOS; n++)
    if (strcmp(what, ERRNOS[n].name) == 0) return is_one_of(name, ERRNOS[n].hits) ? ERRNOS[n].number : 0;
  if (number > at) return 0;
  return strcmp(what, "before") == 0 ? -1 : strcmp(what, "after") == 0 ? -2 : -3;
}

static int is_below(const char *file) {
  for (const char *folder = below; *folder != 0;) {
    size_t length = strcspn(folder, ":");
    if (strncmp(file, folder, length) == 0 && (file[length] == '/' || file[length] == 0)) return 1;
    folder += length + (folder[length] == ':');
  }
  return 0;
}

static int named_by_fd(int fd, char *file) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, file, LONGEST - 1);
  file[length < 0 ? 0 : length] = 0;
  return is_below(file);
}

static int named_by_path(int folder, const char *path, char *file) {
  char from[LONGEST] = "";
  if (path == NULL) return 0;
  if (*path == '/') snprintf(file, LONGEST, "%s", path);
  else {
    if (folder == AT_FDCWD) { if (getcwd(from, sizeof from) == NULL) return 0; }
    else named_by_fd(folder, from);
    if (snprintf(file, LONGEST, "%s/%s", from, path) >= LONGEST) return 0;
  }
  return is_below(file);
}

/** Runs `call` with what shall happen before and after it. */
#define AROUND(name, is_meant, call)                         \
  do {                                                       \
    char file[LONGEST];                                      \
    int saved = errno;                                       \
    int fault = log_file >= 0 && (is_meant) ? fault_of(name, file) : 0; \
    errno = saved;                                           \
    if (fault == -1 || fault == -3) die();                   \
    if (fault > 0) { errno = fault; return -1; }             \
    __auto_type result = call;                               \
    if (fault == -2) die();                                  \
    return result;                                           \
  } while (0)

#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)
#define OPENED(folder, path, flags, call)                                     \
  do {                                                                        \
    if (((flags) & CHANGES) != 0) AROUND("open", named_by_path(folder, path, file), call); \
    AROUND("read", reads && named_by_path(folder, path, file), call);         \
  } while (0)
#define MODE(flags)                                            \
  mode_t mode = 0;                                             \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {                \
    va_list rest;                                              \
    va_start(rest, flags);                                     \
    mode = va_arg(rest, mode_t);                               \
    va_end(rest);                                              \
  }

int open(const char *path, int flags, ...) { MODE(flags) OPENED(AT_FDCWD, path, flags, REAL(open)(path, flags, mode)); }
int open64(const char *path, int flags, ...) { MODE(flags) OPENED(AT_FDCWD, path, flags, REAL(open64)(path, flags, mode)); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) OPENED(folder, path, flags, REAL(openat)(folder, path, flags, mode)); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) OPENED(folder, path, flags, REAL(openat64)(folder, path, flags, mode)); }

/** Half of it is written before the program dies in the middle. */
#define WRITTEN(fd, half, call)                                                  \
  do {                                                                           \
    char file[LONGEST];                                                          \
    int saved = errno;                                                           \
    int fault = log_file >= 0 && fd != log_file && named_by_fd(fd, file) ? fault_of("write", file) : 0; \
    errno = saved;                                                               \
    if (fault == -1) die();                                                      \
    if (fault == -3) { half; die(); }                                            \
    if (fault > 0) { errno = fault; return -1; }                                 \
    ssize_t result = call;                                                       \
    if (fault == -2) die();                                                      \
    return result;                                                               \
  } while (0)

ssize_t write(int fd, const void *bytes, size_t count) { WRITTEN(fd, REAL(write)(fd, bytes, count / 2), REAL(write)(fd, bytes, count)); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { WRITTEN(fd, REAL(pwrite)(fd, bytes, count / 2, offset), REAL(pwrite)(fd, bytes, count, offset)); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { WRITTEN(fd, REAL(pwrite64)(fd, bytes, count / 2, offset), REAL(pwrite64)(fd, bytes, count, offset)); }
ssize_t writev(int fd, const struct iovec *parts, int count) { WRITTEN(fd, REAL(writev)(fd, parts, count / 2), REAL(writev)(fd, parts, count)); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { WRITTEN(fd, REAL(pwritev)(fd, parts, count / 2, offset), REAL(pwritev)(fd, parts, count, offset)); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { WRITTEN(fd, REAL(pwritev64)(fd, parts, count / 2, offset), REAL(pwritev64)(fd, parts, count, offset)); }

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t count, unsigned flags) { AROUND("copyFile", named_by_fd(out, file), REAL(copy_file_range)(in, from, out, to, count, flags)); }
int fsync(int fd) { AROUND("fsync", named_by_fd(fd, file), REAL(fsync)(fd)); }
int fdatasync(int fd) { AROUND("fsync", named_by_fd(fd, file), REAL(fdatasync)(fd)); }
int syncfs(int fd) { AROUND("fsync", named_by_fd(fd, file), REAL(syncfs)(fd)); }
int ftruncate(int fd, off_t length) { AROUND("truncate", named_by_fd(fd, file), REAL(ftruncate)(fd, length)); }
int ftruncate64(int fd, off64_t length) { AROUND("truncate", named_by_fd(fd, file), REAL(ftruncate64)(fd, length)); }
int fchmod(int fd, mode_t mode) { AROUND("chmod", named_by_fd(fd, file), REAL(fchmod)(fd, mode)); }
int fchown(int fd, uid_t user, gid_t group) { AROUND("chown", named_by_fd(fd, file), REAL(fchown)(fd, user, group)); }
int futimens(int fd, const struct timespec times[2]) { AROUND("utimes", named_by_fd(fd, file), REAL(futimens)(fd, times)); }

int rename(const char *from, const char *to) { AROUND("rename", named_by_path(AT_FDCWD, to, file), REAL(rename)(from, to)); }
int renameat(int a, const char *from, int b, const char *to) { AROUND("rename", named_by_path(b, to, file), REAL(renameat)(a, from, b, to)); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { AROUND("rename", named_by_path(b, to, file), REAL(renameat2)(a, from, b, to, flags)); }
int link(const char *from, const char *to) { AROUND("link", named_by_path(AT_FDCWD, to, file), REAL(link)(from, to)); }
int linkat(int a, const char *from, int b, const char *to, int flags) { AROUND("link", named_by_path(b, to, file), REAL(linkat)(a, from, b, to, flags)); }
int symlink(const char *target, const char *path) { AROUND("symlink", named_by_path(AT_FDCWD, path, file), REAL(symlink)(target, path)); }
int symlinkat(const char *target, int folder, const char *path) { AROUND("symlink", named_by_path(folder, path, file), REAL(symlinkat)(target, folder, path)); }
int mkdir(const char *path, mode_t mode) { AROUND("mkdir", named_by_path(AT_FDCWD, path, file), REAL(mkdir)(path, mode)); }
int mkdirat(int folder, const char *path, mode_t mode) { AROUND("mkdir", named_by_path(folder, path, file), REAL(mkdirat)(folder, path, mode)); }
int unlink(const char *path) { AROUND("unlink", named_by_path(AT_FDCWD, path, file), REAL(unlink)(path)); }
int unlinkat(int folder, const char *path, int flags) { AROUND("unlink", named_by_path(folder, path, file), REAL(unlinkat)(folder, path, flags)); }
int rmdir(const char *path) { AROUND("rmdir", named_by_path(AT_FDCWD, path, file), REAL(rmdir)(path)); }
int chmod(const char *path, mode_t mode) { AROUND("chmod", named_by_path(AT_FDCWD, path, file), REAL(chmod)(path, mode)); }
int fchmodat(int folder, const char *path, mode_t mode, int flags) { AROUND("chmod", named_by_path(folder, path, file), REAL(fchmodat)(folder, path, mode, flags)); }
int chown(const char *path, uid_t user, gid_t group) { AROUND("chown", named_by_path(AT_FDCWD, path, file), REAL(chown)(path, user, group)); }
int lchown(const char *path, uid_t user, gid_t group) { AROUND("chown", named_by_path(AT_FDCWD, path, file), REAL(lchown)(path, user, group)); }
int fchownat(int folder, const char *path, uid_t user, gid_t group, int flags) { AROUND("chown", named_by_path(folder, path, file), REAL(fchownat)(folder, path, user, group, flags)); }
int utimensat(int folder, const char *path, const struct timespec times[2], int flags) { AROUND("utimes", named_by_path(folder, path, file), REAL(utimensat)(folder, path, times, flags)); }
int truncate(const char *path, off_t length) { AROUND("truncate", named_by_path(AT_FDCWD, path, file), REAL(truncate)(path, length)); }
