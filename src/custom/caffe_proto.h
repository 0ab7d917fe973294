#pragma once

#include <string>

#include "custom/message_schema.h"

namespace mo::custom {

/// Of the library; empty in builds that cannot read schemas (CMake option MO_PROTOBUF).
std::string protobuf_version();

/// The schema in a fork's `caffe.proto`.  Files that it imports are looked for in its folder.
/// Throws Failure (caffe_proto) with the schema's own file, line and column where it is wrong, or where this
/// build cannot read schemas.
MessageSchema read_caffe_proto(const std::string& path);

}  // namespace mo::custom
