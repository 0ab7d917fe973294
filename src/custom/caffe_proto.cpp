#include "custom/caffe_proto.h"

#include <filesystem>
#include <utility>

#include "support/diagnostics.h"
#include "support/file.h"

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

/// libprotobuf's parser recurses on nested messages.
void check_bounds(const std::string& path) {
  const auto file = MappedFile::open(path);
  if (file->bytes().size() > max_schema_size)
    fail(path, {}, "it is larger than 4 MiB, which no schema of Caffe is", "name the fork's caffe.proto");
  std::size_t depth = 0;
  std::uint32_t line = 1;
  for (const char c : file->text()) {
    if (c == '\n') ++line;
    if (c == '\0') fail(path, {line, 1}, "it has a zero byte: it is no text", "name the fork's caffe.proto");
    if ((c == '{' || c == '[' || c == '<' || c == '(') && ++depth > max_nesting)
      fail(path, {line, 1}, "its braces are nested deeper than 100 levels", "name the fork's caffe.proto");
    if ((c == '}' || c == ']' || c == '>' || c == ')') && depth > 0) --depth;
  }
}

/// The files of one folder.
class Folder : public pb::compiler::DiskSourceTree {
 public:
  explicit Folder(const std::filesystem::path& folder) {
    MapPath("", folder.empty() ? "." : folder.string());
  }
};

/// Keeps the first error.
class FirstError : public pb::compiler::MultiFileErrorCollector {
 public:
  explicit FirstError(const std::filesystem::path& folder) : folder_(folder) {}
  void AddError(const std::string& filename, int line, int column, const std::string& message) override {
    if (found_) return;
    found_ = true;
    file_ = (folder_ / filename).string();
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

bool can_read_caffe_proto() {
  return true;
}

MessageSchema read_caffe_proto(const std::string& path) {
  check_bounds(path);
  const pb::LogSilencer quiet;  // it warns on standard error of schemas without `syntax`
  const std::filesystem::path file(path);
  Folder folder(file.parent_path());
  FirstError errors(file.parent_path());
  pb::compiler::Importer importer(&folder, &errors);
  const pb::FileDescriptor* descriptor = importer.Import(file.filename().string());
  if (descriptor == nullptr) errors.raise(path);
  const pb::Descriptor* layer = layer_parameter(*descriptor);
  if (layer == nullptr)
    fail(path, {}, "it has no message LayerParameter", "name the fork's caffe.proto, which has them all");
  return to_schema(*layer);
}

#else

bool can_read_caffe_proto() {
  return false;
}

MessageSchema read_caffe_proto(const std::string& path) {
  fail(path, {}, "this build of mo cannot read schemas (--caffe_proto)",
       "install libprotobuf-dev and libprotoc-dev and build again, or describe the layer in a .toml file");
}

#endif

}  // namespace mo::custom
