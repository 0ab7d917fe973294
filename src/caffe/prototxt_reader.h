#pragma once

#include <string_view>

#include "caffe/message.h"
#include "caffe/net.h"

namespace mo::caffe {

/// Parses protobuf's text format without a schema; linear in the length of the text.
/// `True`, `hex` and `1.5f` come out as plain identifiers and decimal numbers (`-inf` is a number, `inf` an
/// identifier, as a schema would be needed to know better).
/// Throws Failure: prototxt_syntax with line, column and source line, or wrong_file_kind when the text is no
/// prototxt.
Message parse_prototxt(const Source& source);

/// Throws Failure (wrong_file_kind) when the bytes are recognised as something that is not a prototxt: a web
/// page, a git-lfs pointer, an archive, HDF5, a binary caffemodel.
void require_prototxt(const std::string& file, std::string_view bytes);

}  // namespace mo::caffe
