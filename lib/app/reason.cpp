#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "app/report.hpp"

namespace runsuite::report {

namespace {

struct Reason {
    int code;
    std::string_view words;
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

constexpr std::size_t head_size = 3;

constexpr std::size_t packed_size()
{
    std::size_t size = 0;
    for (const Reason& row : reasons) size += head_size + row.words.size() + 1;
    return size;
}

// Each row is its code, two bytes of it, the size of its words, and these as a C string. Without pointers: nothing to relocate,
// and no page that becomes private; and every program has this table, so it is as small as it can be.
constexpr auto packed = [] {
    std::array<char, packed_size()> rows{};
    char* at = rows.data();
    for (const Reason& row : reasons) {
        *at++ = static_cast<char>(row.code & 0xff);
        *at++ = static_cast<char>(row.code >> 8);
        *at++ = static_cast<char>(row.words.size());
        at = std::copy(row.words.begin(), row.words.end(), at) + 1;
    }
    return rows;
}();

unsigned byte(char letter)
{
    return static_cast<unsigned char>(letter);
}

}  // namespace

const char* reason(int code)
{
    for (const char* row = packed.begin(); row != packed.end(); row += head_size + byte(row[2]) + 1) {
        const unsigned found = byte(row[0]) | byte(row[1]) << 8;
        if (found == static_cast<unsigned>(code)) return row + head_size;
    }
    return "unknown error";
}

}  // namespace runsuite::report
