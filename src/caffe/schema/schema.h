#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "caffe/schema/tables.h"

namespace mo::caffe::schema {

/// The fields of a message in BVLC Caffe and in all known forks, BVLC's first; empty for an unknown message.
/// Forks use some numbers for different fields, and some names with different numbers.
std::span<const FieldDef* const> fields_of(std::string_view message);

/// The first field of that name, or nullptr.
const FieldDef* find_field(std::string_view message, std::string_view name);

/// Whether `type` of a FieldDef names a message, an enum.
bool is_message(std::string_view type);
const EnumDef* find_enum(std::string_view type);

}  // namespace mo::caffe::schema
