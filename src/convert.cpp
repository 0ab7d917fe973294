#include "convert.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>

#include "caffe/build_graph.h"
#include "caffe/mean_file.h"
#include "caffe/net_inputs.h"
#include "ir/legacy/dialect.h"
#include "ir/legacy/emitter.h"
#include "ir/opset/emitter.h"
#include "ir/write_files.h"
#include "onnx/emitter.h"
#include "onnx/write_files.h"
#include "passes/count_regions.h"
#include "support/output_files.h"
#include "support/path.h"

namespace mo {

namespace {

caffe::InputOverrides settle_inputs(const caffe::CutNet& part, const ConvertOptions& options,
                                    Diagnostics& diagnostics) {
  caffe::InputOverrides overrides;
  overrides.inputs = part.inputs;
  overrides.batch = options.batch;
  caffe::settle_inputs(part.net, overrides, diagnostics);
  return overrides;
}

/// The graph of the part of the net that is asked for.
Graph build(const caffe::Net& whole, const ConvertOptions& options, const caffe::LayerRegistry& registry,
            caffe::CutNet& part, Diagnostics& diagnostics) {
  part = caffe::cut(whole, options.cuts, options.batch, registry, diagnostics);
  if (diagnostics.has_errors()) return {};
  const caffe::InputOverrides overrides = settle_inputs(part, options, diagnostics);
  caffe::LayerObserver observe;
  if (report::Recorder* const recorder = options.recorder; recorder != nullptr) {
    recorder->begin(part.net, registry);
    observe = std::bind_front(&report::Recorder::observe, recorder);
  }
  Graph graph = caffe::build_graph(part.net, overrides, registry, diagnostics, observe);
  if (options.recorder != nullptr) options.recorder->built();
  if (!diagnostics.has_errors()) caffe::check_all_inputs_named(graph, part.inputs, diagnostics);
  return graph;
}

/// What legacy IR cannot say of inputs, and what later IR says elsewhere.
void check_version(const Graph& graph, const ConvertOptions& options, Diagnostics& diagnostics) {
  if (!ir::legacy::is_legacy(options.ir_version)) {
    if (options.move_to_preprocess)
      diagnostics.info(code::moved_into_model,
                       "IR v" + std::to_string(options.ir_version) +
                           " has no section for means: --move_to_preprocess leaves them in the model");
    return;
  }
  for (const NodeId input : graph.inputs)
    if (element_count(graph.shape({input, 0})) < 0)
      diagnostics.error(code::undefined_dimension,
                        "IR v" + std::to_string(options.ir_version) +
                            " needs every dimension, but the input \"" + graph.node(input).name +
                            "\" has the shape " + to_string(graph.shape({input, 0})),
                        "give the size that the application will use with --input_shape, or write IR v11");
  if (!options.input_forms.empty())
    diagnostics.error(code::not_in_this_version,
                      "IR v" + std::to_string(options.ir_version) + " has no layouts and types of inputs",
                      "write IR v11: --ir_version 11");
}

void prepare_inputs(Graph& graph, const caffe::Net& whole, const caffe::CutNet& part,
                    const ConvertOptions& options, Diagnostics& diagnostics) {
  const bool legacy = ir::legacy::is_legacy(options.ir_version);
  passes::Preprocess preprocess = options.preprocess;
  preprocess.cut_inputs = part.new_inputs;
  for (const caffe::InputOverride& input : part.inputs)
    if (!input.name.empty()) preprocess.input_order.push_back(input.name);
  for (const caffe::Layer& layer : whole.layers)
    if (layer.bottoms.empty()) preprocess.known_inputs.push_back(layer.name);
  preprocess.means_beside_layers = legacy && options.move_to_preprocess;
  preprocess.images_beside_layers = legacy;
  if (!options.mean_file.empty()) preprocess.mean_image = caffe::read_mean_file(options.mean_file);
  passes::freeze_inputs(graph, options.frozen, diagnostics);
  passes::apply_input_forms(graph, options.input_forms, diagnostics);
  if (!diagnostics.has_errors()) passes::preprocess(graph, preprocess, diagnostics);
}

ir::Model emit(const Graph& graph, const ConvertOptions& options) {
  if (ir::legacy::is_legacy(options.ir_version))
    return ir::legacy::emit(graph,
                            {.version = options.ir_version, .compress_to_fp16 = options.compress_to_fp16});
  return ir::opset::emit(graph,
                         {.version = options.ir_version, .compress_to_fp16 = options.compress_to_fp16});
}

/// Bytes of the files that are read.
std::uint64_t size_of(const caffe::NetFiles& files) {
  std::uint64_t total = 0;
  for (const std::string* path : {&files.prototxt, &files.caffemodel}) {
    std::error_code error;
    if (const auto size = std::filesystem::file_size(to_path(*path), error); !error) total += size;
  }
  return total;
}

Terminal terminal(const Graph& graph, Value value) {
  const Output& output = graph.output(value);
  const Node& node = graph.node(value.node);
  return {output.names.empty() ? node.name : output.names.front(), output.shape,
          node.attributes.get_or("element_type", std::string("f32"))};
}

std::vector<std::string> inputs_of(const ConvertOptions& options) {
  return {options.files.prototxt, options.files.caffemodel, options.mean_file, options.custom_layers.mapping,
          options.custom_layers.caffe_proto};
}

ConvertResult write_onnx(const Graph& graph, const ConvertOptions& options, Diagnostics& diagnostics) {
  onnx::Model model = onnx::emit(
      graph, {.opset = options.onnx_opset, .compress_to_fp16 = options.compress_to_fp16}, diagnostics);
  model.metadata = options.parameters;
  model.producer = options.producer;
  const std::string path = options.output_dir + "/" + options.model_name + ".onnx";
  refuse_to_replace(inputs_of(options), {path, path + ".data"});
  const onnx::Files files = onnx::write_files(model, path,
                                              {.external = options.onnx_external_data,
                                               .durable = options.durable,
                                               .allow_overflow = options.allow_fp16_overflow},
                                              diagnostics);
  ConvertResult result;
  result.onnx = files.model;
  result.onnx_weights = files.weights;
  if (options.recorder != nullptr) {
    std::vector<StoredTensor> tensors;
    for (const onnx::Initializer& initializer : model.initializers) tensors.push_back(initializer.stored);
    options.recorder->stored(tensors, files.counts);
  }
  for (const onnx::Value input : model.inputs)
    result.inputs.push_back({model.values[input.index].name, model.values[input.index].shape});
  for (const onnx::Value output : model.outputs)
    result.outputs.push_back({model.values[output.index].name, model.values[output.index].shape});
  return result;
}

ConvertResult write(Graph& graph, const ConvertOptions& options, Diagnostics& diagnostics) {
  if (graph.name.empty()) graph.name = options.model_name;
  if (options.format == OutputFormat::onnx) return write_onnx(graph, options, diagnostics);
  ir::Model model = emit(graph, options);
  model.parameters = options.parameters;
  model.unset_parameters = options.unset_parameters;
  model.producer = options.producer;
  const std::string stem = options.output_dir + "/" + options.model_name;
  const ir::Files files{stem + ".xml", stem + ".bin", stem + ".mapping", options.durable};
  const WriteSettings settings{options.threads, options.progress, options.allow_fp16_overflow};
  ConvertResult result;
  std::vector<TensorCounts> counts;
  if (options.memory != nullptr) {
    counts = ir::write_memory(model, *options.memory, diagnostics, settings);
  } else {
    refuse_to_replace(inputs_of(options), {files.xml, files.bin, files.mapping});
    counts = ir::write_files(model, files, diagnostics, settings);
    result = {files.xml, files.bin, files.mapping, {}, {}};
  }
  if (options.recorder != nullptr) options.recorder->stored(model.constants, counts);
  if (options.progress != nullptr) options.progress->end();
  for (const NodeId input : graph.inputs) result.inputs.push_back(terminal(graph, {input, 0}));
  for (const Value output : graph.outputs) result.outputs.push_back(terminal(graph, output));
  return result;
}

}  // namespace

ConvertResult convert(const ConvertOptions& options, Diagnostics& diagnostics) {
  const auto begin = [&](const char* phase) {
    if (options.progress != nullptr) options.progress->begin(phase);
  };
  try {
    begin("read the model");
    const extension::Extensions extensions = custom::load(options.custom_layers, diagnostics);
    caffe::Net net = caffe::read_net(options.files, diagnostics);
    if (options.write_files) net.has_weights = true;  // a prototxt alone will do where no layer has any
    net.stand_in_weights = !options.write_files && options.recorder != nullptr;
    if (options.progress != nullptr) options.progress->advance(size_of(options.files));
    begin("build the graph");
    caffe::CutNet part;
    Graph graph = build(net, options, extensions.layers, part, diagnostics);
    if (options.after_build) options.after_build(graph);
    if (diagnostics.has_errors() || (!options.write_files && options.recorder == nullptr)) return {};
    begin("optimise");
    using extension::Stage;
    const auto run_extensions = [&](Stage stage) {
      extension::run_passes(extensions, stage, graph, options.ir_version, diagnostics);
    };
    run_extensions(Stage::front);
    check_version(graph, options, diagnostics);
    prepare_inputs(graph, net, part, options, diagnostics);
    if (diagnostics.has_errors()) return {};
    run_extensions(Stage::middle);
    if (options.format == OutputFormat::onnx) passes::count_regions(graph);
    passes::Options pass_options = options.passes;
    pass_options.ir_version = options.ir_version;
    pass_options.disabled = extensions.disabled_passes;
    passes::run(graph, pass_options);
    run_extensions(Stage::back);
    extensions.ops->take_over(graph);
    if (options.recorder != nullptr) options.recorder->optimised(graph, options.compress_to_fp16);
    if (!options.write_files) return {};
    begin("lay out the IR");
    ConvertResult result = write(graph, options, diagnostics);
    if (diagnostics.has_errors()) return {};
    return result;
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return {};
  }
}

inspect::NetSummary summarize(const ConvertOptions& options, Diagnostics& diagnostics) {
  try {
    const extension::Extensions extensions = custom::load(options.custom_layers, diagnostics);
    const caffe::Net net = caffe::read_net(options.files, diagnostics);
    const caffe::CutNet part = caffe::cut(net, options.cuts, options.batch, extensions.layers, diagnostics);
    if (diagnostics.has_errors()) return {};
    return inspect::summarize(part.net, settle_inputs(part, options, diagnostics), extensions.layers,
                              diagnostics);
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return {};
  }
}

}  // namespace mo
