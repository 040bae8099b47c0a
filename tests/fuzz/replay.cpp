// Gives a fuzz target every file of the directories named, and copies of each with bytes changed, removed, doubled: the
// same ones at every run, so that any compiler can find again what a fuzzer has found once.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

constexpr int copies_of_each = 2000;

void give(const std::string& input)
{
    // A buffer of exactly that size, so that a sanitizer sees a byte read behind it.
    const auto exact = std::make_unique<std::uint8_t[]>(input.size());
    std::copy(input.begin(), input.end(), exact.get());
    LLVMFuzzerTestOneInput(exact.get(), input.size());
}

std::string changed(std::string input, std::mt19937& random)
{
    constexpr char telling[] = {':', '\0', '\n', ' ', '\t', '=', '.', '0', '9', '-', '\xff'};
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
        const std::size_t at = input.empty() ? 0 : random() % input.size();
        switch (random() % 4) {
            case 0: input.insert(at, 1, telling[random() % sizeof telling]); break;
            case 1: input.insert(at, input.substr(at, random() % 16)); break;
            case 2: input.erase(at, random() % 8); break;
            default:
                if (!input.empty()) input[at] = static_cast<char>(random());
        }
    }
    return input;
}

}  // namespace

int main(int argc, char* argv[])
{
    std::mt19937 random{1};
    int given = 0;
    for (int at = 1; at < argc; ++at) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[at])) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string input{std::istreambuf_iterator<char>(file), {}};
            give(input);
            for (int copy = 0; copy < copies_of_each; ++copy) give(changed(input, random));
            given += 1 + copies_of_each;
        }
    }
    std::printf("%d inputs\n", given);
    return given > 0 ? 0 : 1;
}
