#include "caffe/blob_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <protozero/varint.hpp>
#include <stdexcept>
#include <vector>

namespace mo::caffe {
namespace {

// BlobProto, with the fields that NVIDIA's fork adds.
enum BlobField : std::uint32_t {
  num = 1,
  channels = 2,
  height = 3,
  width = 4,
  data = 5,
  shape = 7,
  double_data = 8,
  raw_data_type = 10,
  raw_data = 12,
};

/// The bytes of one repeated number field, gathered without copying while they are one run.
struct Run {
  std::string_view view;
  std::vector<char> copy;  ///< used from the second chunk on
  bool copied = false;

  void append(std::string_view chunk) {
    if (!copied && view.empty()) {
      view = chunk;
      return;
    }
    if (!copied) copy.assign(view.begin(), view.end());
    copied = true;
    copy.insert(copy.end(), chunk.begin(), chunk.end());
  }
  std::size_t size() const { return copied ? copy.size() : view.size(); }
};

struct Blob {
  std::optional<Shape> shape;
  std::array<std::int64_t, 4> legacy{};
  bool has_legacy = false;
  Run floats;
  Run doubles;
  std::string_view raw;
  std::uint64_t raw_type = 1;
};

std::int64_t dimension(const WireReader& reader, std::uint64_t value) {
  const auto dim = static_cast<std::int64_t>(value);
  if (dim < 0)
    reader.fail(code::damaged_caffemodel, fmt::format("the dimension {} of a blob is negative", dim));
  return dim;
}

Shape read_shape(WireReader reader) {
  constexpr std::size_t most_dims = 32;  // as Caffe itself allows
  Shape dims;
  const auto add = [&](std::uint64_t value) {
    if (dims.size() == most_dims) {
      reader.fail(code::damaged_caffemodel, fmt::format("a blob has more than {} dimensions", most_dims));
    }
    dims.push_back(dimension(reader, value));
  };
  while (reader.next()) {
    if (reader.number() != 1) continue;
    if (reader.type() == WireReader::Type::varint) {
      add(reader.varint());
      continue;
    }
    reader.require(WireReader::Type::length_delimited, "dim");
    const char* at = reader.view().data();
    const char* const end = at + reader.view().size();
    while (at != end) {
      try {
        add(protozero::decode_varint(&at, end));
      } catch (const protozero::exception&) {
        reader.fail(code::damaged_caffemodel, "the dimensions of a blob are cut");
      }
    }
  }
  return dims;
}

/// Appends the current field, one number or a packed run of them, of `size` bytes each.
void append_numbers(const WireReader& reader, std::size_t size, Run& run) {
  if (reader.type() == WireReader::Type::length_delimited) {
    if (reader.view().size() % size != 0) {
      reader.fail(code::damaged_caffemodel,
                  fmt::format("{} bytes are no whole number of {}-byte values", reader.view().size(), size));
    }
  } else {
    reader.require(size == 4 ? WireReader::Type::fixed32 : WireReader::Type::fixed64,
                   size == 4 ? "data" : "double_data");
  }
  run.append(reader.view());
}

void read_field(WireReader& reader, Blob& blob) {
  switch (reader.number()) {
    case num:
    case channels:
    case height:
    case width:
      reader.require(WireReader::Type::varint, "num, channels, height, width");
      blob.legacy[reader.number() - num] = dimension(reader, reader.varint());
      blob.has_legacy = true;
      return;
    case data:
      return append_numbers(reader, 4, blob.floats);
    case double_data:
      return append_numbers(reader, 8, blob.doubles);
    case shape:
      blob.shape = read_shape(WireReader(reader, "shape"));
      return;
    case raw_data_type:
      if (reader.type() == WireReader::Type::varint) blob.raw_type = reader.varint();
      return;
    case raw_data:
      if (reader.type() == WireReader::Type::length_delimited) blob.raw = reader.view();
      return;
    default:
      return;
  }
}

ElementType raw_element_type(const WireReader& reader, std::uint64_t type) {
  switch (type) {
    case 0:
      return ElementType::f64;
    case 1:
      return ElementType::f32;
    case 2:
      return ElementType::f16;
    default:
      reader.fail(code::damaged_caffemodel, fmt::format("raw_data of type {} is not known", type),
                  "save the model with FP32 weights");
  }
}

std::string count_mismatch(std::size_t found, const Shape& dims, std::int64_t expected) {
  return fmt::format("the blob has {} values, but its shape {} takes {}", found, to_string(dims), expected);
}

void check_size(const WireReader& reader, std::size_t bytes, const Shape& dims, ElementType type) {
  const std::size_t found = bytes / byte_size(type);
  std::int64_t expected = 0;
  try {
    expected = element_count(dims);
  } catch (const std::overflow_error& error) {
    reader.fail(code::blob_size_mismatch, error.what());
  }
  if (static_cast<std::uint64_t>(expected) != found || bytes % byte_size(type) != 0) {
    reader.fail(code::blob_size_mismatch, count_mismatch(found, dims, expected));
  }
}

/// The shape that the blob itself gives; [count] where it gives none, or where legacy dimensions are left out
/// (there is software that writes only some of them).
Shape blob_shape(const Blob& blob, std::int64_t count) {
  if (blob.shape) return *blob.shape;
  const bool incomplete = std::ranges::find(blob.legacy, 0) != blob.legacy.end();
  if (!blob.has_legacy || (incomplete && count != 0)) return {count};
  return {blob.legacy.begin(), blob.legacy.end()};
}

}  // namespace

Tensor read_blob(WireReader reader, const std::shared_ptr<const MappedFile>& file) {
  Blob blob;
  while (reader.next()) read_field(reader, blob);

  ElementType type = ElementType::f32;
  Run* run = &blob.floats;
  Run raw;
  if (blob.doubles.size() > 0) {
    type = ElementType::f64;
    run = &blob.doubles;
  } else if (blob.floats.size() == 0 && !blob.raw.empty()) {
    type = raw_element_type(reader, blob.raw_type);
    raw.append(blob.raw);
    run = &raw;
  }

  const auto count = static_cast<std::int64_t>(run->size() / byte_size(type));
  Shape dims = blob_shape(blob, count);
  if (!run->copied) {
    check_size(reader, run->view.size(), dims, type);
    return Tensor::in_file(std::move(dims), type, std::as_bytes(std::span(run->view)), file);
  }
  const auto copy = std::make_shared<const std::vector<char>>(std::move(run->copy));
  check_size(reader, copy->size(), dims, type);
  return Tensor::view(std::move(dims), type, std::as_bytes(std::span(*copy)), copy);
}

}  // namespace mo::caffe
