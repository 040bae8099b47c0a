#include "sv/service_place.hpp"

#include <fcntl.h>

#include <algorithm>

#include "app/service_dir.hpp"
#include "base/copy_short.hpp"
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
