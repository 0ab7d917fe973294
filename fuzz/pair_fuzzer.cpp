#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "caffe/build_graph.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "caffe/net_inputs.h"
#include "ir/legacy/emitter.h"
#include "ir/opset/emitter.h"
#include "ir/xml_writer.h"
#include "onnx/emitter.h"
#include "onnx/proto_writer.h"
#include "pair_mutator.h"
#include "passes/passes.h"
#include "support/diagnostics.h"
#include "support/file.h"
#include "weights/bin_file.h"

namespace {

constexpr std::string_view between = "\n%%\n";  // the prototxt before it, the caffemodel behind
constexpr std::int64_t largest_weights = 1 << 24;

struct Pair {
  std::string prototxt;
  std::string caffemodel;
};

Pair split(std::string_view bytes) {
  const std::size_t at = bytes.find(between);
  if (at == std::string_view::npos) return {std::string(bytes), {}};
  return {std::string(bytes.substr(0, at)), std::string(bytes.substr(at + between.size()))};
}

constexpr int onnx = 0;
constexpr std::array formats{3, 11, onnx};  // versions of IR, or ONNX

/// Reads every number that the .bin would get.
void encode(mo::ir::Model& model) {
  mo::lay_out(model.constants);
  for (const mo::StoredTensor& stored : model.constants)
    if (stored.tensor.size() < largest_weights) stored.tensor.values();
}

void convert(const mo::caffe::Net& net, int format, mo::Diagnostics& diagnostics) {
  mo::caffe::InputOverrides inputs;
  mo::caffe::settle_inputs(net, inputs, diagnostics);
  const mo::caffe::LayerRegistry registry;
  bool lacks_weights = false;  // too large for stand-ins: no IR is written without weights
  const auto observe = [&](const mo::caffe::LayerContext& layer, const mo::caffe::LayerDef& definition,
                           mo::NodeId) {
    if (net.stand_in_weights && definition.blob_shapes && !layer.has_weights())
      lacks_weights = lacks_weights || !definition.blob_shapes(layer).empty();
  };
  mo::Graph graph = mo::caffe::build_graph(net, inputs, registry, diagnostics, observe);
  if (diagnostics.has_errors()) return;
  // As convert() does: legacy IR says every dimension.
  if (format == 3 && std::ranges::any_of(graph.inputs, [&](mo::NodeId input) {
        return mo::element_count(graph.shape({input, 0})) < 0;
      }))
    return;
  mo::passes::Options options;
  options.ir_version = format == onnx ? 11 : format;
  mo::passes::run(graph, options);
  if (lacks_weights) return;
  if (format == onnx) {
    const mo::onnx::Model model = mo::onnx::emit(graph, {}, diagnostics);
    mo::onnx::lay_out_file(model, "n.data");
    return;
  }
  mo::ir::Model model = format == 11 ? mo::ir::opset::emit(graph, {.version = format})
                                     : mo::ir::legacy::emit(graph, {.version = format});
  encode(model);
  mo::ir::to_xml(model);
}

}  // namespace

// Any pair is converted to v3, v11 or ONNX, which of them its length says, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Pair pair = split({reinterpret_cast<const char*>(data), size});
  const bool has_weights = !pair.caffemodel.empty();
  const auto prototxt = mo::MappedFile::in_memory("net.prototxt", std::move(pair.prototxt));
  const auto weights =
      has_weights ? mo::MappedFile::in_memory("net.caffemodel", std::move(pair.caffemodel)) : nullptr;
  mo::Diagnostics diagnostics;
  try {
    mo::caffe::Net net = mo::caffe::read_net(prototxt, weights, diagnostics);
    // Without weights as --inspect has it: layers get stand-ins of the shapes that they would have.
    net.has_weights = has_weights;
    net.stand_in_weights = !has_weights;
    if (!diagnostics.has_errors()) convert(net, formats[size % formats.size()], diagnostics);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  return 0;
}

// Changes one half alone, so that the other keeps its sense: libFuzzer's changes, or some of the format.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  pair_mutator::Random random(seed);
  Pair pair = split({reinterpret_cast<const char*>(data), size});
  switch (random() % 8) {
    case 0:
      pair.caffemodel = pair_mutator::mutated(pair.caffemodel, pair.caffemodel.size() + 64);
      break;
    case 1:
    case 2:
      pair.caffemodel = pair_mutator::change_field(pair.caffemodel, random, static_cast<int>(random() % 4));
      break;
    case 3:
      pair_mutator::move_block(pair.prototxt, random);
      break;
    case 4:
      pair_mutator::rename_one(pair.prototxt, random);
      break;
    case 5:
      pair_mutator::change_number(pair.prototxt, random);
      break;
    default:
      pair.prototxt = pair_mutator::mutated(pair.prototxt, pair.prototxt.size() + 64);
  }
  const std::string whole = pair.prototxt + std::string(between) + pair.caffemodel;
  const std::size_t length = std::min(whole.size(), most);
  std::memcpy(data, whole.data(), length);
  return length;
}
