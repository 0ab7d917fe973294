#include <algorithm>
#include <array>

#include "ir/check/check.h"
#include "ir/legacy/dialect.h"
#include "ir/text_values.h"

namespace mo::ir::check {

namespace {

class BlobRules {
 public:
  BlobRules(const Document& document, std::optional<std::uint64_t> bin_size, Diagnostics& findings)
      : document_(document), bin_size_(bin_size), findings_(findings) {}

  void run() {
    for (const DocumentLayer& layer : document_.layers) {
      for (const DocumentBlob& blob : layer.blobs) check_range(layer, blob);
      if (document_.is_legacy())
        check_sizes(layer);
      else if (layer.type == "Const")
        check_constant(layer);
    }
  }

 private:
  void report(const DiagnosticCode& code, const DocumentLayer& layer, std::string cause) {
    findings_.add(finding(document_, code, &layer, std::move(cause)));
  }
  void check_range(const DocumentLayer& layer, const DocumentBlob& blob);
  void check_sizes(const DocumentLayer& layer);
  void check_constant(const DocumentLayer& layer);
  void expect(const DocumentLayer& layer, std::string_view role, std::optional<std::int64_t> wanted,
              bool mandatory);

  const Document& document_;
  std::optional<std::uint64_t> bin_size_;
  Diagnostics& findings_;
};

std::string called(const DocumentBlob& blob) {
  return blob.role.empty() ? "data" : blob.role;
}

void BlobRules::check_range(const DocumentLayer& layer, const DocumentBlob& blob) {
  if (bin_size_ && (blob.offset > *bin_size_ || blob.size > *bin_size_ - blob.offset))
    report(code::ir_blob_range, layer,
           "its " + called(blob) + " at " + std::to_string(blob.offset) + " of " + std::to_string(blob.size) +
               " bytes end behind the .bin file of " + std::to_string(*bin_size_));
  const std::size_t width = element_bytes(blob.precision);
  if (!document_.is_legacy()) return;
  if (width == 0 || blob.precision == "MIXED")
    report(code::ir_blob_range, layer,
           "its " + called(blob) + " have the precision \"" + blob.precision + "\", which is not known");
  else if (blob.size % width != 0)
    report(code::ir_blob_range, layer,
           "its " + called(blob) + " of " + std::to_string(blob.size) + " bytes are not whole elements of " +
               blob.precision);
}

void BlobRules::expect(const DocumentLayer& layer, std::string_view role, std::optional<std::int64_t> wanted,
                       bool mandatory) {
  const auto it = std::ranges::find(layer.blobs, role, &DocumentBlob::role);
  if (it == layer.blobs.end()) {
    if (mandatory) report(code::ir_blob_range, layer, "it has no " + std::string(role));
    return;
  }
  const std::size_t width = element_bytes(it->precision);
  if (width == 0) return;
  if (!wanted)
    return report(code::ir_blob_range, layer,
                  "its parameters do not say how many " + std::string(role) + " it needs");
  const std::uint64_t found = it->size / width;
  if (found != static_cast<std::uint64_t>(*wanted))
    report(code::ir_blob_range, layer,
           "its " + std::string(role) + " have " + std::to_string(found) + " elements where " +
               std::to_string(*wanted) + " are needed");
}

std::optional<std::int64_t> times(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  std::int64_t product = 0;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &product)) return std::nullopt;
  return product;
}

std::optional<std::int64_t> integer(const DocumentLayer& layer, std::string_view name) {
  const std::string* text = layer.find(name);
  return text == nullptr ? std::nullopt : to_integer(*text);
}

/// Elements of the kernel's window.
std::optional<std::int64_t> window(const DocumentLayer& layer) {
  if (const std::string* text = layer.find("kernel")) {
    const auto list = to_integers(*text);
    return list ? elements(*list) : std::nullopt;
  }
  return times(integer(layer, "kernel-x"), integer(layer, "kernel-y"));
}

/// What the geometry says of the weights, where the parameters are readable at all.
void BlobRules::check_sizes(const DocumentLayer& layer) {
  if (layer.inputs.empty() || layer.outputs.empty()) {
    if (same_type(layer.type, "Const") && !layer.outputs.empty())
      expect(layer, "custom", elements(layer.outputs.front().dims), true);
    return;
  }
  const Shape& x = layer.inputs.front().dims;
  const std::optional<std::int64_t> channels = x.size() > 1 ? std::optional(x[1]) : std::nullopt;
  const bool deconvolution = same_type(layer.type, "Deconvolution");
  if (deconvolution || same_type(layer.type, "Convolution")) {
    const auto output = integer(layer, "output");
    const std::int64_t group = integer(layer, "group").value_or(1);
    auto weights = times(times(output, channels), window(layer));
    if (group <= 0 || !weights || *weights % group != 0)
      weights.reset();
    else
      *weights /= group;
    expect(layer, "weights", weights, true);
    expect(layer, "biases", output, false);
  } else if (same_type(layer.type, "FullyConnected") || same_type(layer.type, "InnerProduct")) {
    const auto output = integer(layer, "out-size");
    const auto inner = x.empty() ? std::nullopt : elements(Shape(x.begin() + 1, x.end()));
    expect(layer, "weights", times(output, inner), true);
    expect(layer, "biases", output, false);
  } else if (same_type(layer.type, "ScaleShift")) {
    expect(layer, "weights", channels, false);
    expect(layer, "biases", channels, false);
    if (layer.blobs.empty()) report(code::ir_blob_range, layer, "it has neither weights nor biases");
  } else if (same_type(layer.type, "BatchNormalization")) {
    expect(layer, "weights", channels, true);
    expect(layer, "biases", channels, true);
  } else if (same_type(layer.type, "PReLU") || same_type(layer.type, "Normalize")) {
    const std::string* shared = layer.find("channel_shared");
    const bool one = shared != nullptr && to_boolean(*shared).value_or(false);
    expect(layer, "weights", one ? std::optional<std::int64_t>(1) : channels, true);
  }
}

void BlobRules::check_constant(const DocumentLayer& layer) {
  if (layer.outputs.size() != 1 || layer.blobs.size() != 1) {
    report(code::ir_structure, layer, "a Const has one output and the range of its data");
    return;
  }
  const std::string* shape_text = layer.find("shape");
  const auto shape = shape_text == nullptr ? std::nullopt : to_integers(*shape_text);
  const std::size_t width = element_bytes(layer.outputs.front().precision);
  if (!shape || width == 0) return;  // reported with the attributes
  const auto bytes = times(elements(*shape), static_cast<std::int64_t>(width));
  if (!bytes || static_cast<std::uint64_t>(*bytes) > layer.blobs.front().size)
    report(code::ir_blob_range, layer,
           "its " + std::to_string(layer.blobs.front().size) + " bytes are too few for " + to_string(*shape) +
               " of " + layer.outputs.front().precision);
}

}  // namespace

void blob_rules(const Document& document, std::optional<std::uint64_t> bin_size, Diagnostics& findings) {
  BlobRules(document, bin_size, findings).run();
}

void pre_process_rules(const Document& document, std::optional<std::uint64_t> bin_size,
                       Diagnostics& findings) {
  if (!document.pre_process) return;
  const DocumentPreProcess& section = *document.pre_process;
  const auto report = [&](std::string cause) {
    findings.add(finding(document, code::ir_pre_process, nullptr, std::move(cause), section.line));
  };
  const auto input = std::ranges::find_if(document.layers, [&](const DocumentLayer& layer) {
    if (!same_type(layer.type, "Input") || layer.outputs.size() != 1) return false;
    return section.reference_layer.empty() ? layer.outputs.front().dims.size() == 4
                                           : layer.name == section.reference_layer;
  });
  if (input == document.layers.end())
    return report("<pre-process> names \"" + section.reference_layer + "\", which is no input");
  const Shape& dims = input->outputs.front().dims;
  if (dims.size() < 2) return report("<pre-process> is for an input without channels");
  std::size_t values = 0;
  std::size_t images = 0;
  std::vector<bool> seen;
  for (const DocumentChannel& channel : section.channels) {
    const std::string which = "channel " + std::to_string(channel.id) + " of <pre-process>";
    if (channel.id < 0 || channel.id >= dims[1]) {
      report(which + " is none of the input's " + std::to_string(dims[1]));
      continue;
    }
    seen.resize(std::max(seen.size(), static_cast<std::size_t>(channel.id) + 1));
    if (seen[static_cast<std::size_t>(channel.id)]) report(which + " is there twice");
    seen[static_cast<std::size_t>(channel.id)] = true;
    if (channel.value) ++values;
    if (!channel.image) continue;
    ++images;
    const std::size_t width = element_bytes(section.mean_precision);
    const auto wanted = dims.size() < 3 ? std::nullopt : elements(Shape(dims.begin() + 2, dims.end()));
    if (width == 0)
      report("<pre-process> has images of the precision \"" + section.mean_precision + "\"");
    else if (!wanted || channel.image->size / width != static_cast<std::uint64_t>(*wanted) ||
             channel.image->size % width != 0)
      report(which + " has an image of " + std::to_string(channel.image->size) +
             " bytes, which is not that of an input " + to_string(dims));
    if (bin_size &&
        (channel.image->offset > *bin_size || channel.image->size > *bin_size - channel.image->offset))
      report(which + " has an image that ends behind the .bin file of " + std::to_string(*bin_size));
  }
  const auto channels = static_cast<std::size_t>(dims[1]);
  if (values + images != 0 && values != channels && images != channels)
    report("<pre-process> does not give a mean for every channel, all as numbers or all as images");
}

}  // namespace mo::ir::check
