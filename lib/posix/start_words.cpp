#include "posix/start_words.hpp"

#include <link.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#ifdef PR_SET_MM_MAP

// Where the linker put code and data, see end(3).
extern "C" const char __executable_start, etext, edata;

namespace runsuite {
namespace {

// What the kernel wrote, from the lowest address: argv, environ and the auxiliary vector, which are pointers and numbers, a
// few bytes that the vector points to, a gap of random size, and the words, those of argv first.
struct Layout {
    char* gap;
    char* arguments;
    char* environment;
    char* end;
};

char* behind(char* word)
{
    return word + std::strlen(word) + 1;
}

char* behind(const ElfW(auxv_t) & entry)
{
    auto* const bytes = reinterpret_cast<char*>(entry.a_un.a_val);
    switch (entry.a_type) {
        case AT_RANDOM: return bytes + 16;
        case AT_PLATFORM:
        case AT_BASE_PLATFORM: return behind(bytes);
        default: return nullptr;
    }
}

Layout layout_of(char* argv[])
{
    Layout layout{nullptr, argv[0], argv[0], argv[0]};
    char** word = argv;
    for (; *word != nullptr; ++word) layout.environment = behind(*word);
    layout.end = layout.environment;
    for (++word; *word != nullptr; ++word) layout.end = behind(*word);
    const auto* entry = reinterpret_cast<const ElfW(auxv_t)*>(word + 1);
    for (; entry->a_type != AT_NULL; ++entry) layout.gap = std::max(layout.gap, behind(*entry));
    return layout;
}

std::uintptr_t address(const void* of)
{
    return reinterpret_cast<std::uintptr_t>(of);
}

std::uintptr_t page_behind(const void* of)
{
    const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    return (address(of) + size - 1) / size * size;
}

// Of the words, where they are now. The kernel wants to be told all the rest again.
bool tell_kernel(const Layout& words, const void* stack)
{
    prctl_mm_map map{};
    map.start_code = address(&__executable_start);
    map.end_code = map.start_data = address(&etext);
    map.end_data = address(&edata);
    map.start_brk = map.brk = address(::sbrk(0));
    map.start_stack = address(stack);
    map.arg_start = address(words.arguments);
    map.arg_end = map.env_start = address(words.environment);
    map.env_end = address(words.end);
    map.exe_fd = static_cast<decltype(map.exe_fd)>(-1);  // as it is
    return ::prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) == 0;
}

}  // namespace

void gather_start_words(char* argv[])
{
    if (argv[0] == nullptr) return;
    const Layout old = layout_of(argv);
    if (old.gap == nullptr || old.gap >= old.arguments) return;
    const std::ptrdiff_t way = old.gap - old.arguments;
    const Layout gathered{old.gap, old.gap, old.environment + way, old.end + way};
    const std::uintptr_t needed = page_behind(gathered.end);
    const std::uintptr_t taken = page_behind(old.end);
    if (needed == taken || !tell_kernel(gathered, argv)) return;

    std::copy(old.arguments, old.end, gathered.arguments);
    char** word = argv;
    for (; *word != nullptr; ++word) *word += way;
    for (++word; *word != nullptr; ++word) *word += way;
    ::madvise(reinterpret_cast<void*>(needed), taken - needed, MADV_DONTNEED);
}

}  // namespace runsuite

#else

void runsuite::gather_start_words(char**) {}

#endif
