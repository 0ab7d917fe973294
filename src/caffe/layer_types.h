#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mo::caffe {

/// The V2 name of a layer type: `INNER_PRODUCT` (V1), `innerproduct` (V0) -> `InnerProduct`.
/// A name that is none of theirs is returned as it is: a fork's own type.
std::string v2_layer_type(std::string_view name);

/// The same for the number in a binary V1 file; a number that BVLC Caffe does not know becomes that number as
/// text.
std::string v2_layer_type(std::uint64_t v1_number);

}  // namespace mo::caffe
