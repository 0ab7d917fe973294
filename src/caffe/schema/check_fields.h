#pragma once

#include <span>
#include <string_view>

#include "caffe/net.h"

namespace mo::caffe::schema {

/// Judges the names in a layer's parameters.
/// - A field that neither Caffe nor a known fork has is an error (misspelt_field) where a known name of the
/// same
///   message is near, else a warning (unknown_field): it may be a fork's own.
/// - A value where a message belongs, or the other way round, is an error (bad_value).
/// - With `judge_effect`, a field that is known, could change what inference computes and is none of
/// `honoured` is a
///   warning (ignored_parameter); one that belongs to
///   layers of other types has no effect in Caffe either, which is information only.
/// `honoured`: dotted paths (`my_param.size`) that the layer's definition reads, in the schema or beyond it;
/// all that is below them is accepted too.
void check_fields(const Layer& layer, const Source& source, std::span<const std::string_view> honoured,
                  bool judge_effect, Diagnostics& diagnostics);

}  // namespace mo::caffe::schema
