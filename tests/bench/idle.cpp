// The ./run of a measured service: says one byte on standard output and stays until a signal ends it. Built with CRASH it
// exits instead, built with LOG it reads its input to the end. Without a C library, so that what is measured is the
// supervisor.
#include <sys/syscall.h>

namespace {

long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0)
{
#if defined(__x86_64__)
    long result = number;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#else
#error "the system call of this machine is not known here"
#endif
}

}  // namespace

extern "C" [[noreturn]] void _start()
{
    const char started = '.';
    call(SYS_write, 1, reinterpret_cast<long>(&started), 1);
#ifdef LOG
    char bytes[512];
    while (call(SYS_read, 0, reinterpret_cast<long>(bytes), sizeof bytes) > 0) {
    }
#endif
#if defined(CRASH) || defined(LOG)
    call(SYS_exit_group, 1);
#endif
    for (;;) call(SYS_ppoll);
}
