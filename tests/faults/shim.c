/* A disk that fails on purpose, put under one program with LD_PRELOAD. For tests only.
 *
 * Everything below FAULT_ROOT counts. FAULT_SHADOW, on the same file system, holds what would survive a power cut:
 *
 *   objects/<inode>        the content of a file as of its last fsync or fdatasync
 *   names/<folder>         the names in a folder as of its last fsync: a line "<inode> <name>" each; '/' is '|'
 *   graves/<inode>.<n>     another link to every file that lost its name, so that no inode is used twice
 *   control                four ints, mapped by all: how the disk fails (see `enum failure`), after how many further
 *                          operations, how many operations then fail, and how many have failed
 *
 * A test writes `control` while the program runs, kills the program, and puts the folder back to what survived.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum failure { NONE = 0, FULL = 1, BROKEN_ONCE = 2 };
struct control {
    int failure, before, times, failed;
};

static char root[PATH_MAX], shadow[PATH_MAX];
static size_t root_length;
static struct control *control;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_rename = dlsym(RTLD_NEXT, "rename");
    const char *own_root = getenv("FAULT_ROOT"), *own_shadow = getenv("FAULT_SHADOW");
    if (!own_root || !own_shadow || strlen(own_root) + strlen(own_shadow) > PATH_MAX / 2)
        return;
    snprintf(root, sizeof root, "%s", own_root);
    snprintf(shadow, sizeof shadow, "%s", own_shadow);
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/control", shadow);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) {
        control = mapped;
        root_length = strlen(root);
    }
}

/* ---------------------------------------------------------------- which files count */

static int is_below_root(const char *path) {
    return control && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

/* The path of an open file; 0 where it is not below the root. */
static int path_of(int file, char *path) {
    if (!control)
        return 0;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return is_below_root(path);
}

/* A path as given to unlink or rename, made absolute; 0 where it is not below the root. */
static int absolute(int folder, const char *given, char *path) {
    if (!control)
        return 0;
    if (given[0] == '/') {
        snprintf(path, PATH_MAX, "%s", given);
    } else {
        char from[PATH_MAX];
        if (folder == AT_FDCWD) {
            if (!getcwd(from, sizeof from))
                return 0;
        } else if (!path_of(folder, from)) {
            return 0;
        }
        if ((size_t)snprintf(path, PATH_MAX, "%s/%s", from, given) >= PATH_MAX)
            return 0;
    }
    return is_below_root(path);
}

/* ---------------------------------------------------------------- a disk that fails */

/* Whether this operation fails; sets errno. `grows`: it needs room. */
static int fails(int file, int grows) {
    char path[PATH_MAX];
    if (!control || control->failure == NONE || !path_of(file, path))
        return 0;
    if (control->failure == FULL && !grows)
        return 0;
    if (__atomic_sub_fetch(&control->before, 1, __ATOMIC_SEQ_CST) >= 0)
        return 0;
    if (control->failure == BROKEN_ONCE && __atomic_sub_fetch(&control->times, 1, __ATOMIC_SEQ_CST) < 0)
        return 0;
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    errno = control->failure == FULL ? ENOSPC : EIO;
    return 1;
}

ssize_t write(int file, const void *from, size_t size) {
    return fails(file, 1) ? -1 : real_write(file, from, size);
}
ssize_t pwrite(int file, const void *from, size_t size, off_t at) {
    return fails(file, 1) ? -1 : real_pwrite(file, from, size, at);
}
ssize_t pwrite64(int file, const void *from, size_t size, off64_t at) {
    return fails(file, 1) ? -1 : real_pwrite(file, from, size, at);
}
ssize_t writev(int file, const struct iovec *from, int count) {
    return fails(file, 1) ? -1 : real_writev(file, from, count);
}
ssize_t pwritev(int file, const struct iovec *from, int count, off_t at) {
    return fails(file, 1) ? -1 : real_pwritev(file, from, count, at);
}
ssize_t pwritev64(int file, const struct iovec *from, int count, off64_t at) {
    return fails(file, 1) ? -1 : real_pwritev(file, from, count, at);
}
int ftruncate(int file, off_t size) { return fails(file, 0) ? -1 : real_ftruncate(file, size); }
int ftruncate64(int file, off64_t size) { return fails(file, 0) ? -1 : real_ftruncate(file, size); }
int posix_fallocate(int file, off_t at, off_t size) {
    return fails(file, 1) ? errno : real_fallocate(file, at, size);
}
int posix_fallocate64(int file, off64_t at, off64_t size) {
    return fails(file, 1) ? errno : real_fallocate(file, at, size);
}

/* ---------------------------------------------------------------- what survives */

/* Keep the content of an open file: written beside, then renamed, so that a kill leaves the former one whole.
 *
 * Read through the program's own descriptor. To open the file once more and close that again would take all POSIX
 * locks of the program off it, SQLite's above all; only what is open for writing alone, which none locks, must be.
 */
static void keep_content(int file, const struct stat *facts) {
    char object[PATH_MAX + 64], scratch[PATH_MAX + 96], link[64];
    snprintf(object, sizeof object, "%s/objects/%lu", shadow, (unsigned long)facts->st_ino);
    snprintf(scratch, sizeof scratch, "%s.%d", object, (int)gettid());
    snprintf(link, sizeof link, "/proc/self/fd/%d", file); /* the name may be gone, the file is not */
    int mode = fcntl(file, F_GETFL) & O_ACCMODE;
    int from = mode == O_WRONLY ? open(link, O_RDONLY | O_CLOEXEC) : file;
    int to = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    off_t at = 0;
    while (from >= 0 && to >= 0 && at < facts->st_size && sendfile(to, from, &at, facts->st_size - at) > 0)
        ;
    if (at == facts->st_size)
        real_rename(scratch, object);
    if (mode == O_WRONLY && from >= 0)
        close(from);
    if (to >= 0)
        close(to);
}

/* Keep the names in a folder. */
static void keep_names(const char *path) {
    char list[2 * PATH_MAX], scratch[2 * PATH_MAX + 32];
    int length = snprintf(list, sizeof list, "%s/names/", shadow);
    snprintf(list + length, sizeof list - length, "%s", path[root_length] ? path + root_length : "|");
    for (char *at = list + length; *at; at++)
        if (*at == '/')
            *at = '|';
    snprintf(scratch, sizeof scratch, "%s.%d", list, (int)gettid());
    DIR *folder = opendir(path);
    FILE *file = fopen(scratch, "we");
    struct dirent *entry;
    while (folder && file && (entry = readdir(folder)))
        if (entry->d_type == DT_REG)
            fprintf(file, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    if (folder)
        closedir(folder);
    if (file && !fclose(file))
        real_rename(scratch, list);
}

static int sync_and_keep(int file, int (*real)(int)) {
    char path[PATH_MAX], gate[PATH_MAX + 32];
    struct stat facts;
    if (fails(file, 0))
        return -1;
    if (!path_of(file, path) || fstat(file, &facts))
        return real(file);
    snprintf(gate, sizeof gate, "%s/gate", shadow);
    int lock = open(gate, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    int done = real(file);
    int error = errno;
    if (!done && S_ISDIR(facts.st_mode))
        keep_names(path);
    else if (!done && !fstat(file, &facts))
        keep_content(file, &facts);
    if (lock >= 0)
        close(lock);
    errno = error;
    return done;
}

int fsync(int file) { return sync_and_keep(file, real_fsync); }
int fdatasync(int file) { return sync_and_keep(file, real_fdatasync); }

/* A file that loses its name keeps another one among the graves. */
static void bury(int folder, const char *given) {
    static int count;
    char path[PATH_MAX], grave[PATH_MAX + 64];
    struct stat facts;
    int error = errno;
    if (absolute(folder, given, path) && !lstat(path, &facts) && S_ISREG(facts.st_mode)) {
        int number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
        snprintf(grave, sizeof grave, "%s/graves/%lu.%d.%d", shadow, (unsigned long)facts.st_ino, (int)getpid(),
                 number);
        (void)!link(path, grave);
    }
    errno = error;
}

int unlink(const char *path) {
    bury(AT_FDCWD, path);
    return real_unlink(path);
}
int unlinkat(int folder, const char *path, int flags) {
    if (!(flags & AT_REMOVEDIR))
        bury(folder, path);
    return real_unlinkat(folder, path, flags);
}
int rename(const char *from, const char *to) {
    bury(AT_FDCWD, to);
    return real_rename(from, to);
}
