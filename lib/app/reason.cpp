#include <cerrno>

#include "app/report.hpp"

namespace runsuite::report {

namespace {

struct Reason {
    short code;
    char words[36];  // not a pointer: nothing to relocate, and no page that becomes private
};

// The reference prints words of its own, and other people's tools look for them. The system's table of all its errors
// is larger than all else that makes a message.
constexpr Reason reasons[] = {
    {0, "no error"},
    {EINTR, "interrupted system call"},
    {ENOMEM, "out of memory"},
    {ENOENT, "file does not exist"},
    {ETXTBSY, "text busy"},
    {EIO, "input/output error"},
    {EEXIST, "file already exists"},
    {ETIMEDOUT, "timed out"},
    {EINPROGRESS, "operation in progress"},
    {EAGAIN, "temporary failure"},
    {EPIPE, "broken pipe"},
    {EPERM, "permission denied"},
    {EACCES, "access denied"},
    {ENXIO, "device not configured"},
    {EPROTO, "protocol error"},
    {EISDIR, "is a directory"},
    {ECONNREFUSED, "connection refused"},
    {ENOTDIR, "not a directory"},
    {ESRCH, "no such process"},
    {E2BIG, "argument list too long"},
    {ENOEXEC, "exec format error"},
    {EBADF, "file descriptor not open"},
    {ECHILD, "no child processes"},
    {EFAULT, "bad address"},
    {EBUSY, "device busy"},
    {EXDEV, "cross-device link"},
    {ENODEV, "device does not support operation"},
    {EINVAL, "invalid argument"},
    {ENFILE, "system cannot open more files"},
    {EMFILE, "process cannot open more files"},
    {ENOTTY, "not a tty"},
    {EFBIG, "file too big"},
    {ENOSPC, "out of disk space"},
    {ESPIPE, "unseekable descriptor"},
    {EROFS, "read-only file system"},
    {EMLINK, "too many links"},
    {EDOM, "input out of range"},
    {ERANGE, "output out of range"},
    {EDEADLK, "operation would cause deadlock"},
    {ELOOP, "symbolic link loop"},
    {ENAMETOOLONG, "file name too long"},
    {ENOTEMPTY, "directory not empty"},
    {EDQUOT, "disk quota exceeded"},
    {ESTALE, "stale NFS file handle"},
    {ENOLCK, "no locks available"},
    {ENOSYS, "system call not available"},
    {EOPNOTSUPP, "operation not supported"},
    {EADDRINUSE, "address already used"},
    {EADDRNOTAVAIL, "address not available"},
    {ENETUNREACH, "network unreachable"},
    {EHOSTUNREACH, "host unreachable"},
    {ENETDOWN, "network down"},
    {ECONNRESET, "connection reset"},
    {ENOTSOCK, "not a socket"},
    {EMSGSIZE, "message too long"},
    {ENOBUFS, "out of buffer space"},
    {EAFNOSUPPORT, "address family not supported"},
    {EPROTONOSUPPORT, "protocol not supported"},
    {EOVERFLOW, "value too large"},
};

}  // namespace

const char* reason(int code)
{
    for (const Reason& row : reasons) {
        if (row.code == code) return row.words;
    }
    return "unknown error";
}

}  // namespace runsuite::report
