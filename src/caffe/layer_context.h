#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caffe/layer_def.h"
#include "caffe/net.h"
#include "graph/graph.h"
#include "ops/ops.h"
#include "support/diagnostics.h"

namespace mo::caffe {

/// What the user says of one input.
struct InputOverride {
  std::string name;                ///< of a layer or a blob, with or without a port; empty: the only input
  Shape shape = {};                ///< empty: as the net says
  std::string partial_shape = {};  ///< `1..4,3,?,?`, where bounds of unknown dimensions are given
};

/// What the user overrides on the inputs.
struct InputOverrides {
  std::vector<InputOverride> inputs;
  std::int64_t batch = 0;           ///< 0: as the net says
  std::int64_t declared_batch = 0;  ///< what the net's own inputs say; 0: nothing
  std::int64_t actual_batch = 0;    ///< what the inputs have after all overrides
};

/// What a layer's `lower` works with: its parameters, bottoms and blobs, and the graph to emit into.
/// Every accessor of parameters takes the path under which the layer's definition lists it.
class LayerContext {
 public:
  LayerContext(const Layer& layer, const LayerDef& definition, const Net& net,
               const InputOverrides& overrides, std::vector<Value> bottoms, Graph& graph,
               Diagnostics& diagnostics)
      : layer_(layer),
        definition_(definition),
        net_(net),
        overrides_(overrides),
        bottoms_(std::move(bottoms)),
        tops_(layer.tops.size()),
        graph_(graph),
        diagnostics_(diagnostics) {}

  const Layer& layer() const { return layer_; }
  const std::string& name() const { return layer_.name; }
  const InputOverrides& overrides() const { return overrides_; }

  // Parameters: the prototxt's value or Caffe's default.
  bool has(std::string_view path) const { return layer_.parameters->find_path(path) != nullptr; }
  bool boolean(std::string_view path) const;
  std::int64_t integer(std::string_view path) const;
  float number(std::string_view path) const;
  /// A string or the name of an enum value.
  std::string text(std::string_view path) const;
  std::vector<std::int64_t> integers(std::string_view path) const;
  std::vector<float> numbers(std::string_view path) const;
  /// Any of these, by the type of the default.
  AttributeValue value(std::string_view path) const;
  /// The `dim`s of a BlobShape message.
  std::vector<std::int64_t> dims_of(const Field& shape) const;

  std::size_t bottom_count() const { return bottoms_.size(); }
  /// Fails where the layer has fewer: what a LayerDef says about counts is checked before, what depends on a
  /// layer's parameters is not.  Likewise blob and top.
  Value bottom(std::size_t index) const;
  const Shape& bottom_shape(std::size_t index) const { return graph_.shape(bottom(index)); }
  /// Dimension 1 of the first bottom; fails with bad_shape where it has none.
  std::int64_t channels() const;
  std::size_t top_count() const { return layer_.tops.size(); }

  /// False when only shapes are asked for: then no layer has blobs.
  bool has_weights() const { return net_.has_weights || !stand_ins_.empty(); }
  std::size_t blob_count() const { return blobs().size(); }
  const Tensor& blob(std::size_t index) const;
  /// Gives a layer that has no blobs stand-ins for them.
  void set_stand_ins(std::vector<Tensor> blobs) { stand_ins_ = std::move(blobs); }
  /// A blob of `size` elements as a vector; fails when it has another size.
  Tensor vector_blob(std::size_t index, std::int64_t size, std::string_view what) const;

  /// Adds a node; `suffix` is for helpers beside the node that carries the layer's name.
  NodeId emit(const OpDef& op, std::vector<Value> inputs, Attributes attributes = {},
              std::vector<Blob> blobs = {}, std::string_view suffix = {});
  /// The same for an op with one output.
  Value emit_value(const OpDef& op, std::vector<Value> inputs, Attributes attributes = {},
                   std::vector<Blob> blobs = {}, std::string_view suffix = {}) {
    return {emit(op, std::move(inputs), std::move(attributes), std::move(blobs), suffix), 0};
  }

  /// Lowers `part`, a layer of type `definition` that stands for a part of this one; its nodes belong to this
  /// layer.  Returns its tops.  Counts of bottoms, tops and blobs are the caller's to check.
  std::vector<Value> lower_part(const Layer& part, const LayerDef& definition, std::vector<Value> bottoms);

  /// Says that top `index` is `value`.
  void top(std::size_t index, Value value);
  /// The tops said so far; a top never said has no node.
  const std::vector<Value>& tops() const { return tops_; }
  /// Says that top `index` cannot be had, and why: an error for each layer that wants it.
  void no_top(std::size_t index, std::string why) { missing_tops_.emplace_back(index, std::move(why)); }
  const std::vector<std::pair<std::size_t, std::string>>& missing_tops() const { return missing_tops_; }
  /// Says that nobody wants `value`: it is no output of the net even if nothing uses it.
  void silence(Value value) { silenced_.push_back(value); }
  const std::vector<Value>& silenced() const { return silenced_; }

  /// `axis` of an input of that rank, counted from the end when negative.
  std::size_t resolved_axis(std::int64_t axis, std::size_t rank) const;

  Graph& graph() { return graph_; }
  const Graph& graph() const { return graph_; }

  [[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy = {}) const;
  /// As fail, pointing at the field `path` of the prototxt when it is there.
  [[noreturn]] void fail_at(std::string_view path, const DiagnosticCode& code, std::string cause,
                            std::string remedy = {}) const;
  void note(const DiagnosticCode& code, Severity severity, std::string cause, std::string remedy = {}) const;

 private:
  /// Integers have 32 bits in Caffe, but for the dimensions of a shape; forks' too.
  void check_range(std::string_view path, std::int64_t value) const;
  const std::vector<Tensor>& blobs() const { return stand_ins_.empty() ? layer_.blobs : stand_ins_; }
  const AttributeValue& default_of(std::string_view path) const;
  Diagnostic diagnostic(const DiagnosticCode& code, std::string cause, std::string remedy) const;

  const Layer& layer_;
  const LayerDef& definition_;
  const Net& net_;
  const InputOverrides& overrides_;
  std::vector<Value> bottoms_;
  std::vector<Value> tops_;
  std::vector<Value> silenced_;
  std::vector<Tensor> stand_ins_;
  std::vector<std::pair<std::size_t, std::string>> missing_tops_;
  Graph& graph_;
  Diagnostics& diagnostics_;
};

/// `name` and place of a layer, for diagnostics about it.
Diagnostic layer_diagnostic(const Net& net, const Layer& layer, const DiagnosticCode& code, std::string cause,
                            std::string remedy);

}  // namespace mo::caffe
