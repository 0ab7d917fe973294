#pragma once

#include <cstdint>

#include "caffe/message.h"

namespace mo::caffe {

// A field's text as a value; false, and `out` is undefined, where the text is none of that type.

bool boolean_value(const Field& field, bool& out);
/// Decimal, hexadecimal (0x) or octal (0), of 64 bits.
bool integer_value(const Field& field, std::int64_t& out);
bool number_value(const Field& field, float& out);

}  // namespace mo::caffe
