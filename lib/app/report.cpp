#include "app/report.hpp"

#include <poll.h>
#include <unistd.h>

#include <cstring>

namespace runsuite::report {

namespace {

// One object with a value in it, so one page: a variable that is zero would be in another one.
struct Speaker {
    const char* program = "";
    const char* subject = nullptr;
    bool drops_lines = false;
    bool was_full = false;
};

constinit Speaker speaker;

constexpr int patience_ms = 200;

constexpr std::size_t longest_name = 512;

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

Line start_line(const char* kind)
{
    Line line{speaker.program};
    if (speaker.subject != nullptr) {
        line.append(" ");
        append_name(line, speaker.subject);
    }
    line.append(": ").append(kind);
    return line;
}

// False for a pipe whose reader hangs, and for a terminal that Ctrl-S has stopped.
bool has_room()
{
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    speaker.was_full = ::poll(&standard_error, 1, speaker.was_full ? 0 : patience_ms) == 0;
    return !speaker.was_full;
}

// The last byte of a line that was cut is given up for its newline.
void print(const Line& line)
{
    if (speaker.drops_lines && !has_room()) return;
    char bytes[sizeof(Line)];
    const auto text = line.view();
    const std::size_t size = line.was_cut() ? text.size() - 1 : text.size();
    std::memcpy(bytes, text.data(), size);
    bytes[size] = '\n';
    // Nobody is left to tell when standard error fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, bytes, size + 1);
}

void append_reason(Line& line, const Error& why)
{
    if (why.code != 0) line.append(": ").append(reason(why.code));
}

void print_failure(const char* kind, const Error& why, const std::string_view* name)
{
    Line line = start_line(kind);
    line.append("unable to ").append(why.doing);
    if (why.name != nullptr) append_name(line.append(" "), why.name);
    if (name != nullptr) append_name(line.append(" "), *name);
    append_reason(line, why);
    print(line);
}

}  // namespace

void program(const char* name, const char* subject)
{
    speaker.program = name;
    speaker.subject = subject;
}

void drop_lines_when_full()
{
    speaker.drops_lines = true;
}

int usage(const char* synopsis, int code)
{
    Line line{"usage: "};
    line.append(speaker.program).append(" ").append(synopsis).append("\n");
    print(line);
    return code;
}

int fatal(const Error& why, int code)
{
    print_failure("fatal: ", why, nullptr);
    return code;
}

int fatal(const Error& why, std::string_view name, int code)
{
    print_failure("fatal: ", why, &name);
    return code;
}

void warn(const Error& why)
{
    print_failure("warning: ", why, nullptr);
}

void warn(const Error& why, std::string_view name)
{
    print_failure("warning: ", why, &name);
}

void warn(std::string_view text)
{
    Line line = start_line("warning: ");
    line.append(text);
    print(line);
}

void inform(std::string_view text)
{
    Line line = start_line("");
    line.append(text);
    print(line);
}

const char* reason(int code)
{
    for (const Reason& row : reasons) {
        if (row.code == code) return row.words;
    }
    return "unknown error";
}

void append_name(Line& line, std::string_view name)
{
    for (const char letter : name.substr(0, longest_name)) {
        const bool is_control = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
        line.append(std::string_view(is_control ? "?" : &letter, 1));
    }
    if (name.size() > longest_name) line.append("...");
}

}  // namespace runsuite::report
