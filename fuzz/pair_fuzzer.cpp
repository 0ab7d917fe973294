#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "caffe/build_graph.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "caffe/net_inputs.h"
#include "ir/legacy/emitter.h"
#include "ir/opset/emitter.h"
#include "ir/xml_writer.h"
#include "onnx/emitter.h"
#include "onnx/proto_writer.h"
#include "passes/passes.h"
#include "support/diagnostics.h"
#include "support/file.h"
#include "weights/bin_file.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

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
  mo::Graph graph = mo::caffe::build_graph(net, inputs, registry, diagnostics);
  if (diagnostics.has_errors()) return;
  // As convert() does: legacy IR says every dimension.
  if (format == 3 && std::ranges::any_of(graph.inputs, [&](mo::NodeId input) {
        return mo::element_count(graph.shape({input, 0})) < 0;
      }))
    return;
  mo::passes::Options options;
  options.ir_version = format == onnx ? 11 : format;
  mo::passes::run(graph, options);
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

/// Where the layers of a prototxt begin.
std::vector<std::size_t> blocks(const std::string& text) {
  std::vector<std::size_t> found;
  for (std::size_t at = text.find("layer"); at != std::string::npos; at = text.find("layer", at + 1))
    found.push_back(at);
  found.push_back(text.size());
  return found;
}

std::string mutated(const std::string& text, std::size_t most) {
  std::string out = text;
  out.resize(std::max(most, text.size()));
  auto* const bytes = reinterpret_cast<std::uint8_t*>(out.data());
  out.resize(LLVMFuzzerMutate(bytes, text.size(), out.size()));
  return out;
}

void move_block(std::string& text, std::minstd_rand& random) {
  const std::vector<std::size_t> starts = blocks(text);
  if (starts.size() < 2) return;
  const auto pick = [&] { return random() % (starts.size() - 1); };
  const std::size_t one = pick();
  const std::string block = text.substr(starts[one], starts[one + 1] - starts[one]);
  const std::size_t there = starts[pick()];
  if (random() % 2 == 0) {
    text.insert(there, block);
  } else {
    text.erase(starts[one], block.size());
  }
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
    net.has_weights = true;
    if (!diagnostics.has_errors()) convert(net, formats[size % formats.size()], diagnostics);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  return 0;
}

// Changes one half alone, so that the other keeps its sense, or moves, doubles and removes whole layers.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned seed) {
  std::minstd_rand random(seed);
  Pair pair = split({reinterpret_cast<const char*>(data), size});
  switch (random() % 4) {
    case 0:
      pair.caffemodel = mutated(pair.caffemodel, pair.caffemodel.size() + 64);
      break;
    case 1:
      move_block(pair.prototxt, random);
      break;
    default:
      pair.prototxt = mutated(pair.prototxt, pair.prototxt.size() + 64);
  }
  const std::string whole = pair.prototxt + std::string(between) + pair.caffemodel;
  const std::size_t length = std::min(whole.size(), most);
  std::memcpy(data, whole.data(), length);
  return length;
}
