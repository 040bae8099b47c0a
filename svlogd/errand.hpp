// A child that does what may take as long as it likes: asks a name server, waits for the disk. Its answer is awaited, never
// waited for. It holds nothing of ours: standard input and the lock of a directory would stay in use for as long as it does.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <span>

#include "base/result.hpp"
#include "posix/unique_fd.hpp"

namespace runsuite::svlogd {

struct BegunErrand {
    pid_t pid = 0;     // 0: this is the child
    UniqueFd answers;  // where the parent reads
};
// The child has `needs` as its descriptors 1, 2 and so on, and nothing else but the pipe of its answer.
Result<BegunErrand> begin_errand(const sigset_t& mask, std::span<const int> needs);
[[noreturn]] void end_errand(const void* answer, std::size_t size);
bool read_answer(int from, void* answer, std::size_t size);

// `Answer` is what the child writes, in one piece: a plain value of a few hundred bytes.
template <typename Answer>
class Errand {
public:
    template <typename Work>
    Outcome start(const sigset_t& mask, std::span<const int> needs, Work work)
    {
        auto begun = begin_errand(mask, needs);
        if (!begun) return begun.error();
        if (begun->pid == 0) {
            const Answer answer = work();
            end_errand(&answer, sizeof answer);
        }
        pid_ = begun->pid;
        answers_ = std::move(begun->answers);
        return success();
    }

    bool is_running() const { return pid_ != 0; }
    pid_t pid() const { return pid_; }

    // The child has ended. Nothing: it was killed.
    std::optional<Answer> ended()
    {
        pid_ = 0;
        const UniqueFd from = std::move(answers_);
        Answer answer;
        if (!read_answer(from.get(), &answer, sizeof answer)) return std::nullopt;
        return answer;
    }

    // The child goes on, and its answer is nobody's any more.
    void leave()
    {
        pid_ = 0;
        answers_.close();
    }
    void kill()
    {
        if (is_running()) ::kill(pid_, SIGKILL);
        leave();
    }

private:
    pid_t pid_ = 0;
    UniqueFd answers_;
};

}  // namespace runsuite::svlogd
