#pragma once

#include <span>
#include <string_view>

#include "caffe/net.h"

namespace mo::caffe::schema {

/// Judges the names in a layer's parameters: a field that neither Caffe nor a known fork has is an error
/// (misspelt_field) where a known name of the same message is near, else a warning (unknown_field): it may be
/// a fork's own.  A value where a message belongs, or the other way round, is an error (bad_value).
/// `known_extra_paths`: dotted paths (`my_param.size`) that a layer's own definition knows beyond the schema;
/// all that is below them is accepted too.
void check_fields(const Layer& layer, const Source& source,
                  std::span<const std::string_view> known_extra_paths, Diagnostics& diagnostics);

}  // namespace mo::caffe::schema
