// The least program there is: no C library, so that what is measured in front of it is not lost in its own start.
extern "C" [[noreturn]] void _start()
{
    for (;;) {
#if defined(__x86_64__)
        asm volatile("syscall" : : "a"(60), "D"(0) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
        register long number asm("x8") = 93;
        register long code asm("x0") = 0;
        asm volatile("svc 0" : : "r"(number), "r"(code) : "memory");
#else
#error "how does a process exit here?"
#endif
    }
}
