#include "caffe/binary_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
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

/// The field of that number.  Where forks disagree, the one that is named like the layer's type (`Upsample`:
/// `upsample_param`), else the one that comes first.
const FieldDef* find_number(std::string_view message, std::uint32_t number, std::string_view layer_type) {
  const FieldDef* first = nullptr;
  for (const FieldDef* field : schema::fields_of(message)) {
    if (field->number != number) continue;
    if (squeezed(field->name) == squeezed(layer_type) + "param") return field;
    if (!first) first = field;
  }
  return first;
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

void decode_packed(const WireReader& reader, const FieldDef& known, Message& into) {
  std::string_view rest = reader.view();
  const Type type = wire_type(known.type);
  while (!rest.empty()) {
    std::uint64_t bits = 0;
    if (type == Type::varint) {
      const char* at = rest.data();
      try {
        bits = protozero::decode_varint(&at, rest.data() + rest.size());
      } catch (const protozero::exception&) {
        reader.fail(code::damaged_caffemodel, fmt::format("the list \"{}\" is cut", known.name));
      }
      rest.remove_prefix(static_cast<std::size_t>(at - rest.data()));
    } else {
      const std::size_t size = type == Type::fixed32 ? 4 : 8;
      if (rest.size() < size)
        reader.fail(code::damaged_caffemodel, fmt::format("the list \"{}\" is cut", known.name));
      for (std::size_t i = 0; i < size; ++i) {
        bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
      }
      rest.remove_prefix(size);
    }
    into.fields.push_back(scalar(known, bits));
  }
}

void keep_unknown(const WireReader& reader, Message& into) {
  const std::string name = std::to_string(reader.number());
  if (reader.type() == Type::length_delimited) {
    into.fields.push_back(make_string(name, std::string(reader.view()), {}));
  } else {
    into.fields.push_back(make_number(name, std::to_string(reader.varint()), {}));
  }
}

Message decode(WireReader reader, std::string_view message, int depth) {
  if (depth > deepest) reader.fail(code::damaged_caffemodel, "messages are nested too deep");
  Message decoded;
  std::string layer_type;  // comes before the parameters: writers go by field number
  while (reader.next()) {
    const FieldDef* known = find_number(message, reader.number(), layer_type);
    if (!known) {
      keep_unknown(reader, decoded);
    } else if (known->type == "BlobProto") {
      continue;  // weights are read apart
    } else if (schema::is_message(known->type)) {
      Field field = make_message(std::string(known->name), {});
      *field.message = decode(WireReader(reader, known->name), known->type, depth + 1);
      decoded.fields.push_back(std::move(field));
    } else if (is_text(known->type)) {
      reader.require(Type::length_delimited, known->name);
      if (known->name == "type") layer_type = reader.view();
      decoded.fields.push_back(make_string(std::string(known->name), std::string(reader.view()), {}));
    } else if (reader.type() == Type::length_delimited) {
      decode_packed(reader, *known, decoded);
    } else {
      reader.require(wire_type(known->type), known->name);
      decoded.fields.push_back(scalar(*known, reader.varint()));
    }
  }
  return decoded;
}

}  // namespace

Message decode_definition(const MappedFile& file) {
  require_caffemodel(file);
  const WireFile wire{file.path(), file.text()};
  return decode(WireReader(wire), "NetParameter", 0);
}

}  // namespace mo::caffe
