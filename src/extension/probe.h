#pragma once

#include <functional>
#include <string>

namespace mo::extension {

/// Runs `action`, which loads the library at `path`, in a child process first.  Throws Failure
/// (extension_library) when the child crashes, ends the program or does not come back within a minute; what
/// `action` throws is left to the caller's own call of it.
void probe(const std::string& path, const std::function<void()>& action);

}  // namespace mo::extension
