// What kind of file system a directory is on.
#pragma once

namespace runsuite {

// Whether the kernel sees every change that is made to files there: true of the file systems of a local disk or of
// memory; not of a network, FUSE or overlay one, nor of one that is not known here.
bool sees_every_change(int directory);

}  // namespace runsuite
