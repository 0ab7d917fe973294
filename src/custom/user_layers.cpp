#include "custom/user_layers.h"

#include <algorithm>
#include <filesystem>

#include "caffe/layer_context.h"
#include "custom/caffe_proto.h"
#include "os/shared_library.h"
#include "support/path.h"

namespace mo::custom {

namespace {

constexpr std::size_t max_files = 1000;

Diagnostic diagnostic_of(const DiagnosticCode& code, const std::string& file, Position position,
                         std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.file = file;
  diagnostic.position = position;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  return diagnostic;
}

class Loader {
 public:
  Loader(const Sources& sources, Diagnostics& diagnostics) : sources_(sources), diagnostics_(diagnostics) {}

  extension::Extensions run() {
    if (std::error_code none; std::filesystem::is_directory(to_path(sources_.default_folder), none))
      read_folder(sources_.default_folder);
    for (const std::string& folder : sources_.folders) read_folder(folder);
    std::vector<MappedLayer> mapped;
    std::shared_ptr<const MessageSchema> schema;
    collect([&] {
      if (!sources_.caffe_proto.empty())
        schema = std::make_shared<const MessageSchema>(read_caffe_proto(sources_.caffe_proto));
    });
    collect([&] {
      if (!sources_.mapping.empty()) mapped = read_mapping(*MappedFile::open(sources_.mapping), diagnostics_);
    });
    for (const MappedLayer& layer : mapped) collect([&] { add_mapped(layer, schema); });
    for (const Description& description : descriptions_) collect([&] { add_described(description); });
    for (const std::string& library : libraries_)
      collect([&] { extension::load_library(library, extensions_); });
    return std::move(extensions_);
  }

 private:
  template <class Action>
  void collect(Action action) {
    try {
      action();
    } catch (const Failure& failure) {
      diagnostics_.add(failure.diagnostic());
    }
  }

  void read_folder(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator it(to_path(folder), error), end; !error && it != end;
         it.increment(error))
      if (it->path().extension() == ".toml" || it->path().extension() == os::shared_library_ending())
        files.push_back(it->path().string());
    if (error || files.size() > max_files) {
      diagnostics_.error(code::file_not_found,
                         folder + (error ? ": there is no such folder (--extensions)"
                                         : ": there are more than 1000 extensions in it (--extensions)"),
                         "name the folder of your extensions");
      return;
    }
    std::ranges::sort(files);
    for (const std::string& file : files) {
      if (file.ends_with(os::shared_library_ending()))
        libraries_.push_back(file);
      else
        collect([&] { descriptions_.push_back(read_description(*MappedFile::open(file))); });
    }
  }

  void add_mapped(const MappedLayer& mapped, std::shared_ptr<const MessageSchema> schema) {
    const Description* shapes = nullptr;
    for (const Description& description : descriptions_) {
      if (std::ranges::find(description.types, mapped.type) == description.types.end()) continue;
      shapes = &description;
      used_for_shapes_.push_back(&description);
      if (description.layer || !description.steps.empty())
        throw Failure(diagnostic_of(
            code::custom_layers_mapping, mapped.file, mapped.position,
            "the type " + mapped.type + " is mapped, and " + description.place.file + " says what it becomes",
            "keep one of the two"));
    }
    if (!schema) schema = std::make_shared<const MessageSchema>(built_in_schema(mapped.type));
    auto layer = make_mapped_layer(mapped, shapes, std::move(schema), sources_.collect);
    layer->source = mapped.file;
    extensions_.layers.add(std::move(layer));
  }

  void add_described(const Description& description) {
    for (const std::string& type : description.disabled)
      if (!extensions_.layers.disable(type))
        throw Failure(diagnostic_of(code::layer_description, description.place.file,
                                    description.place.position,
                                    "disable: there is no built-in type \"" + type + "\"",
                                    "docs/layers.md lists the built-in types"));
    if (description.types.empty() ||
        std::ranges::find(used_for_shapes_, &description) != used_for_shapes_.end())
      return;
    if (!description.layer && description.steps.empty())
      throw Failure(
          diagnostic_of(code::layer_description, description.place.file, description.place.position,
                        "it does not say what layers of type " + description.types.front() + " become",
                        "add [layer] with the IR's type, or [[steps]] of built-in layers, or map the "
                        "type with -k"));
    auto layer = make_described_layer(description);
    layer->source = description.place.file;
    if (const auto taken = extensions_.layers.add(std::move(layer)))
      throw Failure(diagnostic_of(code::layer_description, description.place.file, description.place.position,
                                  "the type " + taken->type + " is described twice, also in " + taken->source,
                                  "keep one of its descriptions"));
  }

  const Sources& sources_;
  Diagnostics& diagnostics_;
  std::vector<Description> descriptions_;
  std::vector<const Description*> used_for_shapes_;
  std::vector<std::string> libraries_;
  extension::Extensions extensions_;
};

}  // namespace

extension::Extensions load(const Sources& sources, Diagnostics& diagnostics) {
  return Loader(sources, diagnostics).run();
}

Attributes hidden_parameters(const std::vector<DescribedParameter>& parameters,
                             const caffe::LayerContext& context) {
  Attributes attributes;
  for (const DescribedParameter& parameter : parameters) {
    if (parameter.required && !context.has(parameter.path))
      context.fail(code::bad_value, "it does not set " + parameter.path + ", which its type needs",
                   "add it to the layer, or give it a default in the type's description file");
    attributes.set(hidden(parameter.name), context.value(parameter.path));
  }
  return attributes;
}

std::vector<Blob> all_blobs(const caffe::LayerContext& context) {
  std::vector<Blob> blobs;
  for (std::size_t i = 0; i < context.blob_count(); ++i) blobs.push_back({blob_role(i), context.blob(i)});
  return blobs;
}

}  // namespace mo::custom
