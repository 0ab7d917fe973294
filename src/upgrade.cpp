#include "upgrade.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ir/check/check.h"
#include "ir/document.h"
#include "ir/legacy/dialect.h"
#include "ir/legacy/emitter.h"
#include "ir/legacy/reader.h"
#include "ir/opset/emitter.h"
#include "ir/write_files.h"
#include "passes/change_dialect.h"
#include "passes/passes.h"
#include "support/file.h"
#include "support/output_files.h"
#include "support/path.h"

namespace mo {

namespace {

bool needs_bin(const ir::Document& document) {
  const bool images = document.pre_process &&
                      std::ranges::any_of(document.pre_process->channels,
                                          [](const ir::DocumentChannel& c) { return c.image.has_value(); });
  return images || std::ranges::any_of(document.layers,
                                       [](const ir::DocumentLayer& layer) { return !layer.blobs.empty(); });
}

/// The weights beside the .xml; no bytes where the net has none.
std::shared_ptr<const MappedFile> open_bin(const ir::Document& document, const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(to_path(path), error);
  if (!needs_bin(document) && (error || size == 0)) return MappedFile::in_memory(path, {});
  return MappedFile::open(path);
}

ir::Model emit(Graph& graph, const ir::Document& document, const UpgradeOptions& options, bool fp16,
               const std::shared_ptr<const MappedFile>& bin) {
  if (ir::legacy::is_legacy(options.ir_version)) {
    passes::change_dialect(graph, document.version, options.ir_version);
    ir::Model model = ir::legacy::emit(
        graph, {.version = options.ir_version, .compress_to_fp16 = fp16, .keep_order = true});
    if (fp16 == ir::legacy::is_fp16(document)) model.kept_bin = bin;
    return model;
  }
  passes::means_into_layers(graph);
  passes::run(graph, {.fusing = false, .stride_optimization = false, .ir_version = options.ir_version});
  return ir::opset::emit(graph, {.version = options.ir_version, .compress_to_fp16 = fp16});
}

Terminal terminal(const Graph& graph, Value value) {
  return {graph.output(value).names.empty() ? graph.node(value.node).name : graph.output(value).names.front(),
          graph.shape(value)};
}

ConvertResult read_and_write(const UpgradeOptions& options, Diagnostics& diagnostics) {
  const auto file = MappedFile::open(options.xml);
  const ir::Document document = ir::read_document(*file, diagnostics);
  if (!document.is_legacy()) {
    diagnostics.error(code::not_legacy_ir,
                      options.xml + ": IR v" + std::to_string(document.version) + " is no old IR",
                      "today's runtime reads it as it is");
    return {};
  }
  const std::string old_bin = to_path(options.xml).replace_extension(".bin").string();
  const auto bin = open_bin(document, old_bin);
  const std::uint64_t bin_size = bin->bytes().size();
  ir::check::graph_rules(document, diagnostics);
  ir::check::blob_rules(document, bin_size, diagnostics);
  ir::check::pre_process_rules(document, bin_size, diagnostics);
  if (diagnostics.has_errors()) return {};
  Graph graph = ir::legacy::read_graph(document, bin, diagnostics);
  if (diagnostics.has_errors()) return {};
  if (graph.name.empty()) graph.name = options.model_name;

  const bool fp16 = options.compress_to_fp16.value_or(ir::legacy::is_fp16(document));
  ir::Model model = emit(graph, document, options, fp16, bin);
  model.parameters = options.parameters;
  model.unset_parameters = options.unset_parameters;
  model.producer = options.producer;
  const std::string stem = options.output_dir + "/" + options.model_name;
  const ir::Files files{stem + ".xml", stem + ".bin", stem + ".mapping", options.durable};
  const WriteSettings settings{.allow_overflow = options.allow_fp16_overflow};
  ConvertResult result;
  if (options.memory != nullptr) {
    ir::write_memory(model, *options.memory, diagnostics, settings);
  } else {
    refuse_to_replace({options.xml, old_bin}, {files.xml, files.bin, files.mapping});
    ir::write_files(model, files, diagnostics, settings);
    result = {files.xml, files.bin, files.mapping, {}, {}};
  }
  for (const NodeId input : graph.inputs) result.inputs.push_back(terminal(graph, {input, 0}));
  for (const Value output : graph.outputs) result.outputs.push_back(terminal(graph, output));
  return result;
}

}  // namespace

ConvertResult upgrade(const UpgradeOptions& options, Diagnostics& diagnostics) {
  try {
    ConvertResult result = read_and_write(options, diagnostics);
    if (diagnostics.has_errors()) return {};
    return result;
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return {};
  }
}

}  // namespace mo
