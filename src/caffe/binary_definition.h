#pragma once

#include "caffe/message.h"
#include "support/file.h"

namespace mo::caffe {

/// The net's definition inside a caffemodel, without its weights, as the text reader would have given it:
/// enum values by name, floats in shortest form.  Fields of unknown number are kept under that number as
/// name. Throws Failure: wrong_file_kind, damaged_caffemodel.
Message decode_definition(const MappedFile& file);

}  // namespace mo::caffe
