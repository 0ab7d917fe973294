#pragma once

#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "onnx/emitter.h"

namespace mo::onnx {

/// Collects the nodes that the ops' spellings emit, and names and connects them.
class Emitter {
 public:
  Emitter(const Graph& graph, const EmitOptions& options, Diagnostics& diagnostics)
      : graph_(graph),
        options_(options),
        dialect_(onnx::dialect(options.opset)),
        diagnostics_(diagnostics),
        bound_(graph.capacity()) {
    model_.name = graph.name;
    model_.opset = options.opset;
  }

  Model run();

  const Dialect& dialect() const { return dialect_; }
  const ValueInfo& info(Value value) const { return model_.values.at(value.index); }
  bool compress_to_fp16() const { return options_.compress_to_fp16; }
  /// Remembers a layer that ONNX's operators cannot say, for one warning of all of that type.
  void note_foreign(const std::string& type, const std::string& layer) { foreign_[type].push_back(layer); }

  /// What a value of the graph is here.
  Value value(mo::Value of) const;
  void bind(mo::Value of, Value value);

  Value add_value(ValueInfo info);
  Value add_constant(Tensor tensor, ElementType stored, Shape shape, std::string_view suffix,
                     const std::string& report_name);
  /// `node`'s name is a suffix of that of the graph's node.
  std::vector<Value> add_node(Node node, std::vector<ValueInfo> outputs);

 private:
  static constexpr std::size_t no_maker = std::numeric_limits<std::size_t>::max();

  void emit_node(NodeId id);
  Value output_of_its_own(mo::Value of);
  void report_foreign();
  std::string blob_name(mo::Value of, bool last) const;
  void name_values(const std::vector<NodeId>& order);
  static std::string unique(std::unordered_set<std::string>& taken, const std::string& wanted);

  const Graph& graph_;
  const EmitOptions& options_;
  const Dialect& dialect_;
  Diagnostics& diagnostics_;
  Model model_;
  std::map<std::string, std::vector<std::string>> foreign_;
  std::vector<std::size_t> makers_;        // by value: the node that gives it, or none: input or constant
  std::vector<std::vector<Value>> bound_;  // by the graph's node, then output
  std::unordered_set<std::string> node_names_;
};

}  // namespace mo::onnx
