#include "convert.h"

#include "caffe/build_graph.h"
#include "ir/legacy/dialect.h"
#include "ir/legacy/emitter.h"
#include "ir/mapping.h"
#include "ir/opset/emitter.h"
#include "ir/write_files.h"

namespace mo {

namespace {

ir::Model emit(const Graph& graph, const ConvertOptions& options) {
  if (ir::legacy::is_legacy(options.ir_version))
    return ir::legacy::emit(graph,
                            {.version = options.ir_version, .compress_to_fp16 = options.compress_to_fp16});
  return ir::opset::emit(graph,
                         {.version = options.ir_version, .compress_to_fp16 = options.compress_to_fp16});
}

}  // namespace

ConvertResult convert(const ConvertOptions& options, Diagnostics& diagnostics) {
  try {
    const caffe::LayerRegistry registry = custom::load_layers(options.custom_layers, diagnostics);
    const caffe::Net net = caffe::read_net(options.files, diagnostics);
    Graph graph = caffe::build_graph(net, options.inputs, diagnostics, registry);
    if (diagnostics.has_errors()) return {};
    passes::Options pass_options = options.passes;
    pass_options.ir_version = options.ir_version;
    passes::run(graph, pass_options);
    if (graph.name.empty()) graph.name = options.model_name;
    ir::Model model = emit(graph, options);
    model.parameters = options.parameters;
    model.unset_parameters = options.unset_parameters;
    model.producer = options.producer;
    const std::string stem = options.output_dir + "/" + options.model_name;
    const ir::Files files{stem + ".xml", stem + ".bin", stem + ".mapping"};
    ir::write_files(model, ir::to_mapping(model), files, diagnostics);
    return {files.xml, files.bin, files.mapping};
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return {};
  }
}

}  // namespace mo
