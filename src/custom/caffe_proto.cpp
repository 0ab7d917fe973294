#include "custom/caffe_proto.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "support/diagnostics.h"
#include "support/file.h"
#include "support/path.h"

#ifdef MO_PROTOBUF
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/stubs/logging.h>
#endif

namespace mo::custom {

namespace {

[[noreturn]] void fail(const std::string& path, Position position, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::caffe_proto;
  diagnostic.file = path;
  diagnostic.position = position;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

}  // namespace

#ifdef MO_PROTOBUF

namespace {

namespace pb = google::protobuf;

constexpr std::size_t max_schema_size = 4U << 20U;
constexpr std::size_t max_nesting = 100;

/// The first place behind a comment or a string that begins at `at`, or `at` itself.
std::size_t behind_words(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto behind = [&](std::size_t found, std::size_t length) {
    return found == std::string_view::npos ? text.size() : at + found + length;
  };
  if (rest.starts_with("//")) return behind(rest.find('\n'), 0);
  if (rest.starts_with("/*")) return behind(rest.find("*/", 2), 2);
  if (rest[0] != '"' && rest[0] != '\'') return at;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\n') return at + i;  // an error of its own
    if (rest[i] == rest[0]) return at + i + 1;
    if (rest[i] == '\\' && i + 1 < rest.size() && rest[i + 1] != '\n') ++i;
  }
  return text.size();
}

/// libprotobuf's parser recurses on nested messages, of the schema and of all that it imports.
void check_bounds(const std::string& path) {
  const auto file = MappedFile::open(path);
  const std::string_view text = file->text();
  const auto refuse = [&](std::size_t at, std::string cause) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    fail(path, {static_cast<std::uint32_t>(line), 1}, std::move(cause), "name the fork's caffe.proto");
  };
  if (text.size() > max_schema_size)
    fail(path, {}, "it is larger than 4 MiB, which no schema of Caffe is", "name the fork's caffe.proto");
  if (const auto zero = text.find('\0'); zero != std::string_view::npos)
    refuse(zero, "it has a zero byte: it is no text");
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t next = behind_words(text, at); next != at) {
      at = next;
      continue;
    }
    if (text[at] == '{' && ++depth > max_nesting) refuse(at, "its braces are nested deeper than 100 levels");
    if (text[at] == '}' && depth > 0) --depth;
    ++at;
  }
}

/// The files of one folder, each checked before it is parsed.
class Folder : public pb::compiler::DiskSourceTree {
 public:
  explicit Folder(const std::filesystem::path& folder) : folder_(folder) {
    MapPath("", folder.empty() ? "." : folder.string());
  }

  pb::io::ZeroCopyInputStream* Open(const std::string& name) override {
    try {
      const std::filesystem::path path = folder_ / to_path(name);
      if (std::error_code none; std::filesystem::is_regular_file(path, none)) check_bounds(path.string());
      return DiskSourceTree::Open(name);
    } catch (const Failure& failure) {  // libprotobuf expects none
      if (!refused_) refused_ = failure;
      return nullptr;
    }
  }

  /// Why a file was not opened that is there.
  const std::optional<Failure>& refused() const { return refused_; }

 private:
  std::filesystem::path folder_;
  std::optional<Failure> refused_;
};

/// Keeps the first error.
class FirstError : public pb::compiler::MultiFileErrorCollector {
 public:
  explicit FirstError(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void AddError(const std::string& filename, int line, int column, const std::string& message) override {
    if (found_) return;
    found_ = true;
    file_ = (folder_ / to_path(filename)).string();
    message_ = message;
    if (line >= 0)
      position_ = {static_cast<std::uint32_t>(line) + 1, static_cast<std::uint32_t>(std::max(column, 0)) + 1};
  }
  [[noreturn]] void raise(const std::string& path) const {
    fail(found_ ? file_ : path, position_, found_ ? message_ : "it cannot be read",
         "correct the schema; it is the caffe.proto that the fork was built with");
  }

 private:
  std::filesystem::path folder_;
  bool found_ = false;
  std::string file_;
  std::string message_;
  Position position_;
};

SchemaField::Kind kind_of(const pb::FieldDescriptor& field) {
  using Type = pb::FieldDescriptor;
  switch (field.cpp_type()) {
    case Type::CPPTYPE_INT32:
    case Type::CPPTYPE_INT64:
    case Type::CPPTYPE_UINT32:
    case Type::CPPTYPE_UINT64:
      return SchemaField::Kind::integer;
    case Type::CPPTYPE_DOUBLE:
    case Type::CPPTYPE_FLOAT:
      return SchemaField::Kind::real;
    case Type::CPPTYPE_BOOL:
      return SchemaField::Kind::boolean;
    case Type::CPPTYPE_ENUM:
      return SchemaField::Kind::enumeration;
    case Type::CPPTYPE_MESSAGE:
      return SchemaField::Kind::message;
    default:
      return SchemaField::Kind::text;
  }
}

AttributeValue declared_default(const pb::FieldDescriptor& field) {
  using Type = pb::FieldDescriptor;
  switch (field.cpp_type()) {
    case Type::CPPTYPE_INT32:
      return std::int64_t{field.default_value_int32()};
    case Type::CPPTYPE_INT64:
      return std::int64_t{field.default_value_int64()};
    case Type::CPPTYPE_UINT32:
      return std::int64_t{field.default_value_uint32()};
    case Type::CPPTYPE_UINT64:
      return static_cast<std::int64_t>(field.default_value_uint64());
    case Type::CPPTYPE_DOUBLE:
      return static_cast<float>(field.default_value_double());
    case Type::CPPTYPE_FLOAT:
      return field.default_value_float();
    case Type::CPPTYPE_BOOL:
      return field.default_value_bool();
    case Type::CPPTYPE_ENUM:
      return std::string(field.default_value_enum()->name());
    default:
      return std::string(field.default_value_string());
  }
}

SchemaField to_field(const pb::FieldDescriptor& descriptor) {
  SchemaField field{
      .name = descriptor.name(), .kind = kind_of(descriptor), .repeated = descriptor.is_repeated()};
  if (field.kind == SchemaField::Kind::message) {
    field.message = descriptor.message_type()->full_name();
  } else if (descriptor.has_default_value()) {
    field.default_value = declared_default(descriptor);
  }
  if (field.kind == SchemaField::Kind::enumeration) {
    const pb::EnumDescriptor& values = *descriptor.enum_type();
    const std::string& full = values.full_name();  // of the values: beside the enum, not within it
    field.scope = full.substr(0, full.size() - values.name().size());
    for (int i = 0; i < values.value_count(); ++i)
      field.values.emplace_back(values.value(i)->name(), values.value(i)->number());
  }
  return field;
}

const pb::Descriptor* layer_parameter(const pb::FileDescriptor& file) {
  for (int i = 0; i < file.message_type_count(); ++i)
    if (file.message_type(i)->name() == "LayerParameter") return file.message_type(i);
  return nullptr;
}

MessageSchema to_schema(const pb::Descriptor& layer) {
  MessageSchema schema;
  schema.layer_parameter = layer.full_name();
  std::vector<const pb::Descriptor*> pending{&layer};
  while (!pending.empty()) {
    const pb::Descriptor& message = *pending.back();
    pending.pop_back();
    if (schema.messages.contains(message.full_name())) continue;
    auto& fields = schema.messages[message.full_name()];
    for (int i = 0; i < message.field_count(); ++i) {
      fields.push_back(to_field(*message.field(i)));
      if (const auto* inner = message.field(i)->message_type(); inner != nullptr) pending.push_back(inner);
    }
  }
  return schema;
}

}  // namespace

std::string protobuf_version() {
  return google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION);
}

MessageSchema read_caffe_proto(const std::string& path) {
  MappedFile::open(path);       // says what is wrong with a path of no file
  const pb::LogSilencer quiet;  // it warns on standard error of schemas without `syntax`
  const std::filesystem::path file = to_path(path);
  Folder folder(file.parent_path());
  FirstError errors(file.parent_path());
  pb::compiler::Importer importer(&folder, &errors);
  const pb::FileDescriptor* descriptor = importer.Import(file.filename().string());
  if (folder.refused()) throw *folder.refused();
  if (descriptor == nullptr) errors.raise(path);
  const pb::Descriptor* layer = layer_parameter(*descriptor);
  if (layer == nullptr)
    fail(path, {}, "it has no message LayerParameter", "name the fork's caffe.proto, which has them all");
  return to_schema(*layer);
}

#else

std::string protobuf_version() {
  return {};
}

MessageSchema read_caffe_proto(const std::string& path) {
  fail(path, {}, "this build of mo cannot read schemas (--caffe_proto)",
       "install libprotobuf-dev and libprotoc-dev and build again, or describe the layer in a .toml file");
}

#endif

}  // namespace mo::custom
