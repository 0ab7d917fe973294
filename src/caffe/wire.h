#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/diagnostics.h"

namespace mo::caffe {

/// The file that wire readers walk through, for messages.
struct WireFile {
  std::string path;
  std::string_view bytes;
};

/// Walks the fields of one protobuf message in a mapped file; 64-bit lengths, nothing is copied.
/// Readers of sub-messages point to their parents, so a damaged file is reported with the whole field path
/// (`layer[3].blobs[0]`); a parent must outlive its children.
/// Every member throws Failure (damaged_caffemodel) where the bytes make no sense.
class WireReader {
 public:
  enum class Type : std::uint8_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };

  /// The whole file as one message.
  explicit WireReader(const WireFile& file);
  /// The message in the current field of `parent`, shown as `name` or, with index >= 0, as `name[index]`.
  WireReader(const WireReader& parent, std::string_view name, std::int64_t index = -1);

  /// Moves to the next field, skipping the present one; false at the end.
  bool next();

  std::uint32_t number() const { return number_; }
  Type type() const { return type_; }

  std::uint64_t varint() const { return scalar_; }  ///< precondition: type() == varint
  std::uint32_t fixed32() const { return static_cast<std::uint32_t>(scalar_); }
  std::uint64_t fixed64() const { return scalar_; }
  std::string_view view() const { return payload_; }  ///< precondition: type() == length_delimited

  /// Throws unless the current field has that wire type.
  void require(Type type, std::string_view name) const;

  /// Offset in the file of the current field's content.
  std::int64_t offset() const { return payload_.data() - file_->bytes.data(); }
  std::string path() const;
  [[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy = {}) const;

 private:
  void take_length_delimited();

  const WireFile* file_;
  const WireReader* parent_ = nullptr;
  std::string_view name_;
  std::int64_t index_ = -1;
  const char* at_;
  const char* end_;
  std::uint32_t number_ = 0;
  Type type_ = Type::varint;
  std::uint64_t scalar_ = 0;
  std::string_view payload_;
};

}  // namespace mo::caffe
