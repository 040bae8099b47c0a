#include "posix/unique_fd.hpp"

#include <fcntl.h>

#include "support/catch.hpp"

using namespace runsuite;

namespace {

UniqueFd null_device()
{
    return UniqueFd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
}

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("a descriptor is closed with its owner")
{
    int fd = -1;
    {
        const UniqueFd owner = null_device();
        fd = owner.get();
        CHECK(is_open(fd));
    }
    CHECK_FALSE(is_open(fd));
}

TEST_CASE("a descriptor that was moved has one owner")
{
    UniqueFd first = null_device();
    const int fd = first.get();
    UniqueFd second = std::move(first);
    CHECK_FALSE(first.is_open());
    CHECK(second.get() == fd);
    UniqueFd third = null_device();
    const int replaced = third.get();
    third = std::move(second);
    CHECK_FALSE(is_open(replaced));
    CHECK(is_open(fd));
    UniqueFd& same = third;
    third = std::move(same);
    CHECK(is_open(fd));
}

TEST_CASE("a released descriptor stays open")
{
    UniqueFd owner = null_device();
    const int fd = owner.release();
    CHECK_FALSE(owner.is_open());
    CHECK(is_open(fd));
    ::close(fd);
}

TEST_CASE("closing twice closes once")
{
    UniqueFd owner = null_device();
    const int fd = owner.get();
    owner.close();
    const UniqueFd next = null_device();  // takes the same number
    CHECK(next.get() == fd);
    owner.close();
    CHECK(is_open(fd));
}
