#include "sv/service_place.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "app/service_dir.hpp"
#include "base/copy_short.hpp"
#include "base/instant.hpp"
#include "posix/clock.hpp"
#include "posix/fifo.hpp"
#include "posix/file.hpp"

namespace runsuite::sv {

const char* const change_directory = "change to service directory";
const Error not_running{"find runsv", 0};

namespace {

constexpr auto& names = service_dir::of_service;

bool is_path(std::string_view name)
{
    return !name.empty() && (name.front() == '.' || name.front() == '/' || name.back() == '/');
}

}  // namespace

ServicesDirectory::ServicesDirectory(const char* directory) : path(directory)
{
    auto opened = open_file(directory, O_RDONLY | O_DIRECTORY, "open");
    if (opened) fd = std::move(*opened);
    else why_closed = opened.error().code;
}

ServicePlace::ServicePlace(const ServicesDirectory& services, std::string_view name) : base_(AT_FDCWD)
{
    if (name.empty()) impossible_ = ENOENT;
    if (!is_path(name)) {
        append(services.path);
        append("/");
        base_size_ = size_;
        base_ = services.fd.get();
        if (impossible_ == 0) impossible_ = services.why_closed;
    }
    append(name);
}

void ServicePlace::append(std::string_view text)
{
    if (text.size() > 4095 - size_) {  // room is left for the longest file and its slash
        impossible_ = ENAMETOOLONG;
        return;
    }
    copy_short(text, text_.data() + size_);
    size_ += text.size();
}

const char* ServicePlace::path(std::string_view file)
{
    if (!file.starts_with(names.supervise) || !is_elsewhere()) return here(file);
    file.remove_prefix(std::string_view(names.supervise).size());
    elsewhere_ = state_dir::Path{state_directory_.view()};
    return elsewhere_.append(file).c_str();
}

const char* ServicePlace::from_base(std::string_view file)
{
    const bool is_there = file.starts_with(names.supervise) && is_elsewhere();
    return is_there ? path(file) : here(file) + base_size_;
}

// A runsv that lives has its state where `ok` has a reader. Where neither has one, elsewhere counts if there is none here.
bool ServicePlace::is_elsewhere()
{
    if (state_ != State::Unknown) return state_ == State::Elsewhere;
    state_ = State::Here;
    if (state_dir::root() == nullptr || impossible_ != 0) return false;
    if (open_file_at(base_, here(names.ok) + base_size_, O_WRONLY, "open")) return false;
    std::string_view directory{here(""), size_};
    constexpr std::string_view log = "/log";
    if (directory.ends_with(log)) {
        directory.remove_suffix(log.size());
        if (is_live_elsewhere(directory, service_dir::of_log.ok)) return true;
        directory = {here(""), size_};
    }
    return is_live_elsewhere(directory, names.ok);
}

bool ServicePlace::is_live_elsewhere(std::string_view service, const char* ok)
{
    const auto name = state_dir::name_of(service);
    if (name.empty()) return false;
    const auto path = state_dir::path_of(name, ok);
    const auto opened = open_file(path.c_str(), O_WRONLY, "open");
    const bool is_left =
        !opened && opened.error().code == ENXIO && !find_at(base_, here(names.ok) + base_size_, "");
    if (!opened && !is_left) return false;
    state_directory_ = decltype(state_directory_){path.view()};
    state_directory_.shorten(path.view().size() - std::string_view("/ok").size());
    state_ = State::Elsewhere;
    return true;
}

const char* ServicePlace::here(std::string_view file)
{
    std::size_t end = size_;
    if (!file.empty()) text_[end++] = '/';
    copy_short(file, text_.data() + end);
    text_[end + file.size()] = '\0';
    return text_.data();
}

Outcome ServicePlace::probe_directory(const char* doing)
{
    if (impossible_ != 0) return Error{doing, impossible_};
    return find_at(base_, from_base("."), doing);
}

Result<bool> ServicePlace::enter_log()
{
    if (auto found = find_at(base_, from_base("log/."), "change directory"); !found) {
        if (found.error().code == ENOENT) return false;
        return found.error();
    }
    append("/log");
    state_ = State::Unknown;
    return true;
}

Result<UniqueFd> ServicePlace::open_ok()
{
    if (impossible_ != 0) return Error{change_directory, impossible_};
    auto ok = open_file_at(base_, from_base(names.ok), O_WRONLY, "open supervise/ok");
    if (ok && !is_fifo(ok->get())) return Error{"open supervise/ok: not a fifo", 0};
    if (ok) return ok;
    if (ok.error().code == ENXIO) return not_running;
    if (auto directory = probe_directory(change_directory); !directory) return directory.error();
    return ok.error();
}

Result<UniqueFd> ServicePlace::open_control()
{
    auto control = open_file_at(base_, from_base(names.control), O_WRONLY, "open supervise/control");
    if (!control && control.error().code == ENXIO) return not_running;
    if (control && !is_fifo(control->get())) return Error{"open supervise/control: not a fifo", 0};
    return control;
}

Result<StatusRecord> ServicePlace::read_status()
{
    auto file = open_file_at(base_, from_base(names.status), O_RDONLY, "open supervise/status");
    if (!file) return file.error();
    constexpr const char* doing = "read supervise/status";
    std::array<unsigned char, StatusRecord::size> bytes;
    auto count = read_all(file->get(), {reinterpret_cast<char*>(bytes.data()), bytes.size()}, doing);
    if (!count) return count.error();
    const auto record = StatusRecord::decode(std::span(bytes).first(*count));
    if (!record) return Error{"read supervise/status: bad format", 0};
    return *record;
}

void ServicePlace::read_last_ends(LastEnds& ends)
{
    auto file = open_file_at(base_, from_base(names.deaths), O_RDONLY, "open");
    if (!file) return;
    if (const auto count = read_all(file->get(), ends.room(), "read")) ends.set_size(*count);
}

// Of a name in the services directory its first part is the entry: that of "web/log" is "web".
std::chrono::nanoseconds ServicePlace::age_of_entry()
{
    auto* const begin = text_.begin() + base_size_;
    auto* end = text_.begin() + size_;
    if (base_size_ > 0) end = std::find(begin, end, '/');
    while (end > begin + 1 && end[-1] == '/') --end;
    const char after = std::exchange(*end, '\0');
    const auto changed = change_of_name(base_, begin, "look at");
    *end = after;
    return changed ? wall_now() - *changed : never;
}

DownFile ServicePlace::down_file()
{
    auto found = find_at(base_, from_base(names.down), "stat down");
    if (found) return DownFile::Present;
    return found.error().code == ENOENT ? DownFile::Absent : DownFile::Unknown;
}

bool is_service(const Error& why)
{
    return why.doing != change_directory || (why.code != ENOTDIR && why.code != ENOENT);
}

}  // namespace runsuite::sv
