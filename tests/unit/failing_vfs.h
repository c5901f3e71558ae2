/* A file system for SQLite that fails: the n-th call that reads, writes, cuts, syncs, opens or deletes, or all from the n-th on. It stands before the real one for every store that is opened.
 * Nothing is really synced, since no machine dies here: what is killed is the call. */
#ifndef REMIT_TESTS_FAILING_VFS_H
#define REMIT_TESTS_FAILING_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum failing_how { FAILING_ONCE, FAILING_FROM_THEN_ON, FAILING_FULL /* writes alone: the disk is full from then on */, FAILING_WAYS };
static struct {
    sqlite3_vfs *real, shim;
    int calls, at; /* at 0: none fails */
    enum failing_how how;
    bool has_failed;
} failing;

struct failing_file {
    sqlite3_file base;
    sqlite3_file *real;
};

/* Counts a call, and says whether it fails. */
static bool fails(bool is_write) {
    if (!failing.at || (failing.how == FAILING_FULL && !is_write))
        return false;
    int call = ++failing.calls;
    bool now = failing.how == FAILING_ONCE ? call == failing.at : call >= failing.at;
    failing.has_failed = failing.has_failed || now;
    return now;
}

#define REAL(file) (((struct failing_file *)(file))->real)

static int failing_close(sqlite3_file *file) {
    return REAL(file)->pMethods ? REAL(file)->pMethods->xClose(REAL(file)) : SQLITE_OK;
}
static int failing_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return fails(false) ? SQLITE_IOERR_READ : REAL(file)->pMethods->xRead(REAL(file), bytes, count, offset);
}
/* Half of what was to be written is, as when a disk fills up. */
static int failing_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    if (!fails(true))
        return REAL(file)->pMethods->xWrite(REAL(file), bytes, count, offset);
    if (count > 1)
        REAL(file)->pMethods->xWrite(REAL(file), bytes, count / 2, offset);
    return failing.how == FAILING_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}
static int failing_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return fails(false) ? SQLITE_IOERR_TRUNCATE : REAL(file)->pMethods->xTruncate(REAL(file), size);
}
static int failing_sync(sqlite3_file *file, int flags) {
    (void)file, (void)flags;
    return fails(false) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}
static int failing_size(sqlite3_file *file, sqlite3_int64 *size) {
    return fails(false) ? SQLITE_IOERR_FSTAT : REAL(file)->pMethods->xFileSize(REAL(file), size);
}
static int failing_lock(sqlite3_file *file, int level) {
    return REAL(file)->pMethods->xLock(REAL(file), level);
}
static int failing_unlock(sqlite3_file *file, int level) {
    return REAL(file)->pMethods->xUnlock(REAL(file), level);
}
static int failing_reserved(sqlite3_file *file, int *result) {
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), result);
}
static int failing_control(sqlite3_file *file, int operation, void *argument) {
    return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}
static int failing_sector(sqlite3_file *file) {
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}
static int failing_traits(sqlite3_file *file) {
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static const sqlite3_io_methods failing_methods = {
    .iVersion = 1, .xClose = failing_close, .xRead = failing_read, .xWrite = failing_write, .xTruncate = failing_truncate, .xSync = failing_sync, .xFileSize = failing_size,
    .xLock = failing_lock, .xUnlock = failing_unlock, .xCheckReservedLock = failing_reserved, .xFileControl = failing_control, .xSectorSize = failing_sector,
    .xDeviceCharacteristics = failing_traits,
};

static int failing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out) {
    struct failing_file *shim = (struct failing_file *)file;
    (void)vfs;
    shim->base.pMethods = NULL;
    shim->real = (sqlite3_file *)(shim + 1);
    if (fails(false))
        return SQLITE_CANTOPEN;
    int result = failing.real->xOpen(failing.real, name, shim->real, flags, flags_out);
    if (result == SQLITE_OK)
        shim->base.pMethods = &failing_methods;
    return result;
}
static int failing_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs, (void)sync;
    return fails(false) ? SQLITE_IOERR_DELETE : failing.real->xDelete(failing.real, name, 0);
}
static int failing_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    (void)vfs;
    return failing.real->xAccess(failing.real, name, flags, result);
}
static int failing_path(sqlite3_vfs *vfs, const char *name, int size, char *path) {
    (void)vfs;
    return failing.real->xFullPathname(failing.real, name, size, path);
}

static inline void failing_install(void) {
    failing.real = sqlite3_vfs_find(NULL);
    failing.shim = *failing.real;
    failing.shim.zName = "failing";
    failing.shim.szOsFile = (int)sizeof(struct failing_file) + failing.real->szOsFile;
    failing.shim.xOpen = failing_open;
    failing.shim.xDelete = failing_delete;
    failing.shim.xAccess = failing_access;
    failing.shim.xFullPathname = failing_path;
    sqlite3_vfs_register(&failing.shim, 1);
}
static inline void failing_start(int at, enum failing_how how) {
    failing.calls = 0;
    failing.at = at;
    failing.how = how;
    failing.has_failed = false;
}
static inline void failing_end(void) {
    failing.at = 0;
}

#endif
