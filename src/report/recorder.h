#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "inspect/summary.h"
#include "report/record.h"
#include "weights/bin_file.h"

namespace mo::report {

/// Notes what becomes of a net while it is converted.  The calls come in this order; a conversion that fails
/// ends earlier, and what is known by then is in the record.  Everything is linear in layers and inputs.
class Recorder {
 public:
  /// Before the graph is built.  The net must live until built() is called.
  void begin(const caffe::Net& net, const caffe::LayerRegistry& registry);
  /// As a caffe::LayerObserver.
  void observe(const caffe::LayerContext& context, const caffe::LayerDef& definition, NodeId first_node);
  void built();
  /// When all passes have run.
  void optimised(const Graph& graph, bool compress_to_fp16);
  /// When the weights are on the disk, and have their sizes there.
  void stored(std::span<const StoredTensor> tensors, std::span<const TensorCounts> counts);

  const Record& record() const { return record_; }

 private:
  void add_after(const Graph& graph, const std::vector<NodeId>& order, bool compress_to_fp16);
  void connect(const Graph& graph, const std::vector<NodeId>& order);

  Record record_;
  std::optional<inspect::Summarizer> summarizer_;
  std::vector<std::int64_t> layer_of_node_;  // index of the Caffe layer that made a node, -1: none
};

}  // namespace mo::report
