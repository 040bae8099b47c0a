#include "app/report.hpp"

#include <unistd.h>

#include <cstring>

namespace runsuite::report {

namespace {

void write_at_once(std::string_view line)
{
    // Nobody is left to tell when standard error fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

// One object with a value in it, so one page: a variable that is zero would be in another one.
struct Speaker {
    const char* program = "";
    const char* subject = nullptr;
    void (*write)(std::string_view line) = write_at_once;
};

constinit Speaker speaker;

constexpr std::size_t longest_name = 512;

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

// The last byte of a line that was cut is given up for its newline.
void print(const Line& line)
{
    char bytes[sizeof(Line)];
    const auto text = line.view();
    const std::size_t size = line.was_cut() ? text.size() - 1 : text.size();
    std::memcpy(bytes, text.data(), size);
    bytes[size] = '\n';
    speaker.write({bytes, size + 1});
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

void write_by(void (*writer)(std::string_view line))
{
    speaker.write = writer;
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

int fatal(std::string_view text, int code)
{
    print(start_line("fatal: ").append(text));
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

void append_name(Line& line, std::string_view name)
{
    for (const char letter : name.substr(0, longest_name)) {
        const bool is_control = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
        line.append(std::string_view(is_control ? "?" : &letter, 1));
    }
    if (name.size() > longest_name) line.append("...");
}

}  // namespace runsuite::report
