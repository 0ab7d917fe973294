#include "caffe/binary_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>
#include <protozero/varint.hpp>

#include "caffe/build_message.h"
#include "caffe/caffemodel_reader.h"
#include "caffe/schema/schema.h"
#include "caffe/wire.h"

namespace mo::caffe {
namespace {

using schema::FieldDef;
using Type = WireReader::Type;

constexpr int deepest = 64;

std::string squeezed(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_') letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return letters;
}

/// The fields of that number: forks use some numbers for different things.  The one that is named like the
/// layer's type (`Upsample`: `upsample_param`) comes first.
std::vector<const FieldDef*> candidates(std::string_view message, std::uint32_t number,
                                        std::string_view layer_type) {
  std::vector<const FieldDef*> found;
  const std::string like_type = squeezed(layer_type) + "param";
  for (const FieldDef* field : schema::fields_of(message)) {
    if (field->number != number) continue;
    found.insert(squeezed(field->name) == like_type ? found.begin() : found.end(), field);
  }
  return found;
}

bool is_text(std::string_view type) {
  return type == "string" || type == "bytes";
}

Type wire_type(std::string_view type) {
  if (type == "float") return Type::fixed32;
  if (type == "double") return Type::fixed64;
  return is_text(type) || schema::is_message(type) ? Type::length_delimited : Type::varint;
}

/// One number, boolean or enum value.
Field scalar(const FieldDef& known, std::uint64_t bits) {
  Field field = make_number(std::string(known.name), "", {});
  if (known.type == "float") {
    field.text = fmt::format("{}", std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  } else if (known.type == "double") {
    field.text = fmt::format("{}", std::bit_cast<double>(bits));
  } else if (known.type == "bool") {
    field.kind = Field::Kind::identifier;
    field.text = bits != 0 ? "true" : "false";
  } else {
    field.text = std::to_string(static_cast<std::int64_t>(bits));  // wire form of negative int32: 64 bits too
    if (const schema::EnumDef* enumeration = schema::find_enum(known.type)) {
      const auto value =
          std::ranges::find(enumeration->values, static_cast<std::int64_t>(bits), &schema::EnumValue::number);
      if (value != enumeration->values.end()) {
        field.kind = Field::Kind::identifier;
        field.text = value->name;
      }
    }
  }
  return field;
}

/// A packed list; false when the bytes are none of that type.
bool decode_packed(std::string_view rest, const FieldDef& known, Message& into) {
  const Type type = wire_type(known.type);
  while (!rest.empty()) {
    std::uint64_t bits = 0;
    if (type == Type::varint) {
      const char* at = rest.data();
      try {
        bits = protozero::decode_varint(&at, rest.data() + rest.size());
      } catch (const protozero::exception&) {
        return false;
      }
      rest.remove_prefix(static_cast<std::size_t>(at - rest.data()));
    } else {
      const std::size_t size = type == Type::fixed32 ? 4 : 8;
      if (rest.size() < size) return false;
      for (std::size_t i = 0; i < size; ++i) {
        bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
      }
      rest.remove_prefix(size);
    }
    into.fields.push_back(scalar(known, bits));
  }
  return true;
}

void keep_unknown(const WireReader& reader, Message& into) {
  const std::string name = std::to_string(reader.number());
  if (reader.type() == Type::length_delimited) {
    into.fields.push_back(make_string(name, std::string(reader.view()), {}));
  } else {
    into.fields.push_back(make_number(name, std::to_string(reader.varint()), {}));
  }
}

struct Decoded {
  Message message;
  bool complete = true;  ///< nothing unknown inside
};

Decoded decode(WireReader reader, std::string_view message, int depth);

/// The current field as `known`; nothing when its bytes cannot be that.
std::optional<Decoded> decode_as(const WireReader& reader, const FieldDef& known, int depth) {
  Decoded decoded;
  std::vector<Field>& fields = decoded.message.fields;
  const bool delimited = reader.type() == Type::length_delimited;
  if (schema::is_message(known.type)) {
    if (!delimited) return std::nullopt;
    try {
      Decoded inner = decode(WireReader(reader, known.name), known.type, depth + 1);
      Field& field = fields.emplace_back(make_message(std::string(known.name), {}));
      *field.message = std::move(inner.message);
      decoded.complete = inner.complete;
    } catch (const Failure&) {
      return std::nullopt;  // another fork's message of the same number
    }
  } else if (is_text(known.type)) {
    if (!delimited) return std::nullopt;
    fields.push_back(make_string(std::string(known.name), std::string(reader.view()), {}));
  } else if (delimited) {
    if ((known.flags & schema::repeated) == 0 || !decode_packed(reader.view(), known, decoded.message)) {
      return std::nullopt;
    }
  } else {
    if (reader.type() != wire_type(known.type)) return std::nullopt;
    fields.push_back(scalar(known, reader.varint()));
  }
  return decoded;
}

/// Adds the current field to `into`, as the first candidate that explains all of it, else as the first that
/// fits.
void decode_field(const WireReader& reader, std::string_view message, std::string_view layer_type, int depth,
                  Decoded& into) {
  std::optional<Decoded> best;
  for (const FieldDef* known : candidates(message, reader.number(), layer_type)) {
    if (known->type == "BlobProto") return;  // weights are read apart
    std::optional<Decoded> decoded = decode_as(reader, *known, depth);
    if (!decoded || (best && !decoded->complete)) continue;
    best = std::move(decoded);
    if (best->complete) break;
  }
  if (!best) {
    keep_unknown(reader, into.message);
    into.complete = false;
    return;
  }
  into.complete = into.complete && best->complete;
  std::ranges::move(best->message.fields, std::back_inserter(into.message.fields));
}

Decoded decode(WireReader reader, std::string_view message, int depth) {
  if (depth > deepest) reader.fail(code::damaged_caffemodel, "messages are nested too deep");
  Decoded decoded;
  std::string layer_type;  // comes before the parameters: writers go by field number
  while (reader.next()) {
    decode_field(reader, message, layer_type, depth, decoded);
    if (decoded.message.fields.empty()) continue;
    if (const Field& last = decoded.message.fields.back(); last.name == "type") layer_type = last.text;
  }
  return decoded;
}

}  // namespace

Message decode_definition(const MappedFile& file) {
  require_caffemodel(file);
  const WireFile wire{file.path(), file.text()};
  return decode(WireReader(wire), "NetParameter", 0).message;
}

}  // namespace mo::caffe
