#pragma once

#include <string_view>

namespace mo::caffe {

/// What a file's first bytes say it is; `unknown` may still be a binary protobuf, which has no signature.
enum class FileKind { unknown, text, web_page, git_lfs_pointer, hdf5, archive, utf16_text };

/// Looks at the first kilobyte only.
FileKind guess_file_kind(std::string_view bytes);

/// "a web page", "a git-lfs pointer", ... for messages.
std::string_view describe(FileKind kind);

/// What to do about a file of that kind where a model was expected.
std::string_view remedy(FileKind kind);

}  // namespace mo::caffe
