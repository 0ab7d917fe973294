#include "caffe/wire.h"

#include <fmt/format.h>

#include <cstring>
#include <protozero/varint.hpp>

namespace mo::caffe {
namespace {

template <typename T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

}  // namespace

WireReader::WireReader(const WireFile& file)
    : file_(&file),
      at_(file.bytes.data()),
      end_(file.bytes.data() + file.bytes.size()),
      payload_(file.bytes.substr(0, 0)) {}

WireReader::WireReader(const WireReader& parent, std::string_view name, std::int64_t index)
    : file_(parent.file_), parent_(&parent), name_(name), index_(index) {
  parent.require(Type::length_delimited, name);
  at_ = parent.payload_.data();
  end_ = at_ + parent.payload_.size();
  payload_ = parent.payload_.substr(0, 0);
}

bool WireReader::next() {
  if (at_ == end_) return false;
  payload_ = {at_, at_};
  try {
    const std::uint64_t key = protozero::decode_varint(&at_, end_);
    number_ = static_cast<std::uint32_t>(key >> 3);
    if (key >> 32 != 0 || number_ == 0) fail(code::damaged_caffemodel, "there is no field of such a number");
    type_ = static_cast<Type>(key & 7u);
    switch (type_) {
      case Type::varint: {
        const char* const begin = at_;
        scalar_ = protozero::decode_varint(&at_, end_);
        payload_ = {begin, static_cast<std::size_t>(at_ - begin)};
        return true;
      }
      case Type::fixed32:
      case Type::fixed64: {
        const std::size_t size = type_ == Type::fixed32 ? 4 : 8;
        if (static_cast<std::size_t>(end_ - at_) < size) throw protozero::end_of_buffer_exception{};
        scalar_ = size == 4 ? load<std::uint32_t>(at_) : load<std::uint64_t>(at_);
        payload_ = {at_, size};
        at_ += size;
        return true;
      }
      case Type::length_delimited:
        take_length_delimited();
        return true;
    }
    fail(code::damaged_caffemodel, fmt::format("field {} has the unknown wire type {}", number_, key & 7u));
  } catch (const protozero::varint_too_long_exception&) {
    fail(code::damaged_caffemodel, "a number is longer than 64 bits");
  } catch (const protozero::end_of_buffer_exception&) {
    fail(code::damaged_caffemodel,
         parent_ ? "the message ends inside a field" : "the file ends inside a field");
  }
}

void WireReader::take_length_delimited() {
  const std::uint64_t length = protozero::decode_varint(&at_, end_);
  payload_ = {at_, at_};
  const auto left = static_cast<std::uint64_t>(end_ - at_);
  if (length > left) {
    const auto present = file_->bytes.size();
    if (parent_ == nullptr && length < (std::uint64_t{1} << 32)) {
      fail(code::damaged_caffemodel,
           fmt::format("the file is truncated at byte {} of at least {}", present, present - left + length),
           "download or copy it again, and compare its size with the original's");
    }
    fail(code::damaged_caffemodel,
         fmt::format("field {} claims {} bytes where {} are left", number_, length, left),
         "download or copy the file again");
  }
  payload_ = {at_, static_cast<std::size_t>(length)};
  at_ += length;
}

void WireReader::require(Type type, std::string_view name) const {
  if (type_ == type) return;
  fail(code::damaged_caffemodel, fmt::format("the field \"{}\" has the wire type {} instead of {}", name,
                                             static_cast<int>(type_), static_cast<int>(type)));
}

std::string WireReader::path() const {
  std::string text = parent_ ? parent_->path() : "";
  if (name_.empty()) return text;
  if (!text.empty()) text += '.';
  text += name_;
  if (index_ >= 0) text += fmt::format("[{}]", index_);
  return text;
}

void WireReader::fail(const DiagnosticCode& code, std::string cause, std::string remedy) const {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = remedy.empty() ? "download or save the file again" : std::move(remedy);
  diagnostic.file = file_->path;
  diagnostic.field = path();
  diagnostic.byte_offset = offset();
  throw Failure(std::move(diagnostic));
}

}  // namespace mo::caffe
